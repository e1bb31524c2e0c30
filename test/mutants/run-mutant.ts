import { loadTests } from './emitted-tests.ts';
import type { Mutant } from './mutants.ts';

/** The test that caught the fault, or undefined where all passed. */
export async function runMutant({ name, edit }: Mutant): Promise<string | undefined> {
  const folder = name.replaceAll(/[^a-zA-Z0-9]+/g, '-');
  let tests;
  try {
    tests = await loadTests(folder, [edit]);
  } catch (error) {
    if ((error as Error).message.includes(' holds this ')) throw error;
    return `loading: ${(error as Error).message}`;
  }
  for (const one of tests) {
    try {
      await one.run();
    } catch {
      return one.name;
    }
  }
  return undefined;
}
