import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { ROOT } from '../run-process.ts';

/** One test of a generated service, ready to run. */
export interface EmittedTest {
  readonly file: string;
  readonly name: string;
  /** @throws Error where it fails */
  run(): Promise<void>;
}

/** A change of one emitted file: `from` stands in it exactly once. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const SERVICE = join(ROOT, 'generated/crm-to-ledger');
export const COPIES = join(ROOT, 'test/.tmp/mutants');
export const TEST_FILES = [
  'test/mappings/customers-contact.test.ts',
  'test/flows/customers.test.ts',
  'test/drills/customers.test.ts',
];

interface Registered {
  readonly name: string;
  readonly run: () => unknown;
}

const registered: Registered[] = [];

type Body = (value: never) => unknown;

/** With or without options between the name and what is run. */
function declareTest(name: string, ...rest: readonly unknown[]): void {
  registered.push({ name, run: rest.at(-1) as () => unknown });
}

/** What the emitted tests use of vitest, so that a copy needs no process of its own. */
const vitest = {
  test: Object.assign(declareTest, {
    for: (values: readonly { readonly name: string }[]) => (title: string, run: Body) => {
      for (const value of values)
        registered.push({ name: title.replace('$name', value.name), run: () => run(value as never) });
    },
  }),
  expect: (is: unknown) => ({
    toBe: (wanted: unknown) => check(Object.is(is, wanted), is, wanted),
    toBeGreaterThan: (least: number) => check(typeof is === 'number' && is > least, is, least),
    toEqual: (wanted: unknown) => check(isDeepStrictEqual(plain(is), plain(wanted)), is, wanted),
  }),
};

/** Members without a value count as absent, as in vitest's `toEqual`. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

function check(holds: boolean, is: unknown, wanted: unknown): void {
  if (!holds) throw new Error(`${JSON.stringify(is)} is not ${JSON.stringify(wanted)}`);
}

const SHIM = 'mortise-test:vitest';

/** From now on `vitest` is what stands above, for every module of this process. */
export function replaceVitest(): void {
  Reflect.set(globalThis, 'mortiseTestShim', vitest);
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'vitest' ? { url: SHIM, shortCircuit: true } : next(specifier, context),
    load: (url, context, next) =>
      url === SHIM
        ? {
            format: 'module',
            shortCircuit: true,
            source: 'export const { test, expect } = globalThis.mortiseTestShim;',
          }
        : next(url, context),
  });
}

/** The service's own tests on a copy with these changes, in a folder from which the packages can still be found. */
export async function loadTests(
  name: string,
  edits: readonly Edit[],
  files: readonly string[] = TEST_FILES,
): Promise<readonly EmittedTest[]> {
  const folder = join(COPIES, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of ['src', 'test', 'recordings', 'package.json'])
    cpSync(join(SERVICE, part), join(folder, part), { recursive: true });
  for (const edit of edits) apply(folder, edit);
  const tests: EmittedTest[] = [];
  for (const file of files) {
    const found = await listRegistered(() => import(pathToFileURL(join(folder, file)).href));
    tests.push(
      ...found.map(({ name: title, run }) => ({
        file,
        name: title,
        run: async () => void (await run()),
      })),
    );
  }
  return tests;
}

/** The tests that a module declares while it is loaded. */
export async function listRegistered(load: () => Promise<unknown>): Promise<readonly Registered[]> {
  registered.length = 0;
  await load();
  return [...registered];
}

function apply(folder: string, { file, from, to }: Edit): void {
  const path = join(folder, file);
  const parts = readFileSync(path, 'utf8').split(from);
  if (parts.length !== 2) throw new Error(`${file} holds this ${parts.length - 1} times, not once: ${from}`);
  writeFileSync(path, parts.join(to));
}
