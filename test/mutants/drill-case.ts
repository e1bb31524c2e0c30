import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { emitServices } from '../emit-cases.ts';
import { ROOT } from '../run-process.ts';
import { listRegistered, replaceVitest } from './emitted-tests.ts';

/** Plays the drills of one service in this process, and tells the parent after each how it went. */
export interface PlayedDrills {
  readonly played: number;
  /** One line each. */
  readonly failures: readonly string[];
}

const [name = '', rules = ''] = process.argv.slice(2);
const folder = join(ROOT, 'test/.tmp/drills', name);
rmSync(folder, { recursive: true, force: true });
for (const [path, text] of await emitServices(new Map([[name, rules]]))) {
  const file = join(folder, '..', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
// A stub that nobody has filled fails in every drill, as it should.
const written = join(dirname(rules), 'written');
if (existsSync(written)) cpSync(written, join(folder, 'custom'), { recursive: true });
replaceVitest();
const drills = join(folder, 'test/drills');
const report = { played: 0, failures: [] as string[] };
for (const file of existsSync(drills) ? readdirSync(drills) : []) {
  if (!file.endsWith('.test.ts')) continue;
  for (const drill of await listRegistered(() => import(pathToFileURL(join(drills, file)).href))) {
    report.played += 1;
    try {
      await drill.run();
    } catch (error) {
      report.failures.push(`${drill.name}: ${(error as Error).message}`);
    }
    process.send?.(report);
  }
}
process.disconnect?.();
