import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../demo/demo-world.ts';

/** A copy of the sample with a runtime in which one line was made wrong, to show that a test can see the fault. */
export interface SabotagedService {
  readonly main: string;
  remove(): void;
}

export interface Sabotage {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** @throws Error where the line that is to be sabotaged is no longer there: then the sabotage proves nothing */
export function createSabotagedService(sabotage: Sabotage): SabotagedService {
  const parent = join(ROOT, 'test/.tmp');
  mkdirSync(parent, { recursive: true });
  // Inside the repository, so that the libraries are found as they are for the real one.
  const folder = mkdtempSync(join(parent, 'sabotaged-'));
  cpSync(join(ROOT, 'generated/crm-to-ledger/src'), join(folder, 'src'), { recursive: true });
  cpSync(join(ROOT, 'runtime/src'), join(folder, 'runtime/src'), { recursive: true });
  for (const name of ['package.json', 'runtime/package.json']) {
    const source = name === 'package.json' ? 'generated/crm-to-ledger/package.json' : name;
    cpSync(join(ROOT, source), join(folder, name));
  }
  mkdirSync(join(folder, 'node_modules/@mortise'), { recursive: true });
  symlinkSync(join(folder, 'runtime'), join(folder, 'node_modules/@mortise/runtime'));
  const file = join(folder, 'runtime/src', sabotage.file);
  const text = readFileSync(file, 'utf8');
  if (!text.includes(sabotage.from))
    throw new Error(`${sabotage.file} no longer holds the text to sabotage: ${sabotage.from}`);
  writeFileSync(file, text.replace(sabotage.from, sabotage.to));
  return {
    main: join(folder, 'src/main.ts'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
