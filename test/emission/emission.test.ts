import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ROOT } from '../demo/demo-world.ts';

/** Rules that between them use every form of emission: compiled, type-checked, and run by their own tests. */
const NAMES = ['key', 'look-up', 'put'];
/** Sound cases whose services are run as well. */
const CASES = [
  'ok-create-and-update',
  'ok-csv-both-ways',
  'ok-find-each-and-two-targets',
  'ok-form-body',
  'ok-json-under-other-names',
  'ok-multipart-body',
  'ok-ndjson-both-ways',
  'ok-openapi-3-2',
  'ok-parameter-styles',
  'ok-policy-of-its-own',
  'ok-swagger-2',
  'ok-xml-both-ways',
];
const FOLDER = join(ROOT, 'test/.tmp/emission');

function run(args: readonly string[], cwd: string): string {
  try {
    return execFileSync(process.execPath, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error });
  }
}

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  cpSync(join(ROOT, 'test/emission/specs'), join(FOLDER, 'specs'), { recursive: true });
  for (const name of ['_specs', ...CASES])
    cpSync(join(ROOT, 'test/cases', name), join(FOLDER, name), { recursive: true });
});

test.for(NAMES)('the service of %s.rules.yaml type-checks and passes its own tests', (name) => {
  expectSound(`specs/${name}.rules.yaml`, name);
});

test.for(CASES)('the service of the case %s type-checks and passes its own tests', (name) => {
  expectSound(`${name}/integration.rules.yaml`, name);
});

function expectSound(rules: string, name: string): void {
  const service = join(FOLDER, 'out', name);
  run([join(ROOT, 'compiler/bin/mortise.js'), 'gen', rules, '--output', `out/${name}`], FOLDER);
  run([join(ROOT, 'node_modules/typescript/bin/tsc'), '--noEmit'], service);
  const tests = run([join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run'], service);
  expect(tests).toMatch(/passed/);
  expect(tests).not.toMatch(/failed|skipped/);
}
