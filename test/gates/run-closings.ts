import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { emitOne } from '../emit-cases.ts';
import { runEmittedTests } from '../run-emitted-tests.ts';
import { ROOT } from '../run-process.ts';
import type { Closing } from './close-gate.ts';

export interface ClosingsRun {
  readonly services: number;
  readonly passed: number;
  readonly failed: readonly string[];
}

/** Emits the services, and runs their own tests: what they expect comes from the rules' text and not from the emitted code. */
export async function runClosings(
  closings: readonly Closing[],
  { withDrills }: { readonly withDrills: boolean },
): Promise<ClosingsRun> {
  const folder = join(ROOT, 'test/.tmp', withDrills ? 'gates-all' : 'gates');
  rmSync(folder, { recursive: true, force: true });
  for (const { name, host, rules } of closings)
    for (const [path, text] of await emitOne(host, name, rules)) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  const parts = withDrills ? '{contract,flows,mappings,drills}' : '{contract,flows,mappings}';
  const workers = withDrills ? availableParallelism() : 1;
  const { paths, passed, failed } = await runEmittedTests(folder, [`*/test/${parts}/**/*.test.ts`], workers);
  return { services: new Set(paths.map((path) => path.split('/')[0])).size, passed, failed };
}
