import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../demo/demo-world.ts';

/** A copy of the sample with a runtime in which something was made wrong, to show that a test can see the fault. */
export interface SabotagedService {
  /** The sample. */
  readonly main: string;
  /** The service of the crash runs. */
  readonly child: string;
  /** The folder of its runtime. */
  readonly runtime: string;
  remove(): void;
}

/** A text that stands in one place of the runtime, and what stands there instead. */
export interface Edit {
  readonly from: string;
  readonly to: string;
}

/** @throws Error where the text that is to be sabotaged is not there, or not once: then the sabotage proves nothing */
export function createSabotagedService({ from, to }: Edit): SabotagedService {
  const parent = join(ROOT, 'test/.tmp');
  mkdirSync(parent, { recursive: true });
  // Inside the repository, so that the libraries are found as they are for the real one.
  const folder = mkdtempSync(join(parent, 'sabotaged-'));
  const sample = 'generated/crm-to-ledger';
  for (const [source, place] of [
    [`${sample}/src`, 'src'],
    [`${sample}/package.json`, 'package.json'],
    ['runtime/src', 'runtime/src'],
    ['runtime/package.json', 'runtime/package.json'],
    ['test/crash', 'test/crash'],
    ['test/faults', 'test/faults'],
  ] as const)
    cpSync(join(ROOT, source), join(folder, place), { recursive: true });
  mkdirSync(join(folder, 'node_modules/@mortise'), { recursive: true });
  symlinkSync(join(folder, 'runtime'), join(folder, 'node_modules/@mortise/runtime'));
  replaceOnce(join(folder, 'runtime/src'), from, to);
  return {
    main: join(folder, 'src/main.ts'),
    child: join(folder, 'test/crash/child-service.ts'),
    runtime: join(folder, 'runtime/src'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function replaceOnce(folder: string, from: string, to: string): void {
  const found = globSync('**/*.ts', { cwd: folder }).flatMap((path) => {
    const text = readFileSync(join(folder, path), 'utf8');
    return text.includes(from) ? [{ path, text }] : [];
  });
  const [place] = found;
  const count = found.reduce((sum, { text }) => sum + text.split(from).length - 1, 0);
  if (place === undefined || count !== 1)
    throw new Error(`The text to sabotage stands in ${count} places of the runtime: ${from}`);
  writeFileSync(
    join(folder, place.path),
    place.text.replace(from, () => to),
  );
}
