import { loadTests } from './emitted-tests.ts';
import type { EmittedTest } from './emitted-tests.ts';
import type { Mutant } from './mutants.ts';

/** The test that caught the fault, or undefined where all passed. Without an edit the service is as it was emitted. */
export async function runMutant({
  name,
  edit,
}: Pick<Mutant, 'name'> & { readonly edit: Mutant['edit'] | undefined }): Promise<string | undefined> {
  const folder = name.replaceAll(/[^a-zA-Z0-9]+/g, '-');
  let tests;
  try {
    tests = await loadTests(folder, edit === undefined ? [] : [edit]);
  } catch (error) {
    if ((error as Error).message.includes(' holds this ')) throw error;
    return `loading: ${(error as Error).message}`;
  }
  for (const one of tests.toSorted((left, right) => costOf(left) - costOf(right))) {
    try {
      await one.run();
    } catch {
      return one.name;
    }
  }
  return undefined;
}

/** What takes long is tried last: a day, then an hour of virtual time. */
function costOf({ name }: EmittedTest): number {
  if (name.endsWith('.for-a-day')) return 2;
  return /^customers\.(?:read|contact\.write)\.(?!asks)/.test(name) ? 1 : 0;
}
