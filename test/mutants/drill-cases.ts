import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { emitServices, emitSoundCases } from '../emit-cases.ts';
import { ROOT } from '../run-process.ts';
import { listRegistered, replaceVitest } from './emitted-tests.ts';

/** Plays every drill of the services of all sound cases, or of those that are named. Minutes of work, so it is no test. */
const FOLDER = join(ROOT, 'test/.tmp/drills');
const OTHERS = ['key', 'look-up', 'put'];
const named = process.argv.slice(2);

const files = new Map([
  ...(await emitSoundCases()),
  ...(await emitServices(
    new Map(OTHERS.map((name) => [name, join(ROOT, 'test/emission/specs', `${name}.rules.yaml`)])),
  )),
]);
rmSync(FOLDER, { recursive: true, force: true });
for (const [path, text] of files) {
  mkdirSync(dirname(join(FOLDER, path)), { recursive: true });
  writeFileSync(join(FOLDER, path), text);
}
replaceVitest();
let played = 0;
let failed = 0;
for (const name of readdirSync(FOLDER).filter((one) => named.length === 0 || named.includes(one))) {
  const folder = join(FOLDER, name, 'test/drills');
  if (!existsSync(folder)) continue;
  for (const file of readdirSync(folder).filter((one) => one.endsWith('.test.ts')))
    await play(name, join(folder, file));
}
process.stdout.write(`${played} drills played, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

async function play(service: string, file: string): Promise<void> {
  const tests = await listRegistered(() => import(pathToFileURL(file).href));
  for (const { name, run } of tests) {
    played += 1;
    try {
      await run();
    } catch (error) {
      failed += 1;
      process.stdout.write(`${service}, ${name}: ${(error as Error).message}\n`);
    }
  }
}
