import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gen } from '../compiler/src/cli/commands/gen.ts';
import { createNodeHost } from '../compiler/src/source/node-host.ts';
import { ROOT } from './run-process.ts';

const RULES = 'case/integration.rules.yaml';
const OUTPUT = 'case/generated';
const NAME = 'custom/company-name.ts';
const FILLED = `export function companyName(name: string | null | undefined): string | undefined {
  return name?.replace(/ Ltd$/, '');
}
`;
const CUSTOMER = `export const isCustomer = (stage?: string | null): boolean => stage === 'customer';\n`;

const host = createNodeHost();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-custom-'));
  cpSync(join(ROOT, 'test/cases/ok-custom-functions'), join(folder, 'case'), { recursive: true });
  cpSync(join(ROOT, 'test/cases/_specs'), join(folder, '_specs'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('gen writes a stub once, says so, and never touches what was written in its place', async () => {
  const first = await run();

  expect(first.exitCode).toBe(0);
  expect(first.text).toContain(
    `${RULES}:7:3 warning custom-unwritten: ${NAME} is still the stub that gen wrote: every record for which custom.companyName is asked goes to review.`,
  );
  expect(read(NAME)).toContain(
    'export function companyName(\n  name: string | null | undefined,\n  tags: readonly string[] | null | undefined,\n): string | null | undefined {\n  throw new Error(',
  );
  write(NAME, FILLED);
  write('custom/is-customer.ts', CUSTOMER);
  expect(await run()).toMatchObject({ exitCode: 0, text: expect.not.stringContaining('warning custom') });
  expect(await run({ force: true })).toMatchObject({ exitCode: 0 });
  expect([read(NAME), read('custom/is-customer.ts')]).toEqual([FILLED, CUSTOMER]);
});

test('a stub that nobody has filled is named where it throws', async () => {
  await run();

  const { text } = await run();

  expect(text).toMatch(/case\/generated\/custom\/company-name\.ts:\d+:\d+ warning custom-unwritten/);
  expect(text).toMatch(/\| {5}'custom\/company-name\.ts is not written yet/);
});

test.for([
  [
    'takes less than it is given',
    FILLED.replace(' | null | undefined', ''),
    "1:17 error custom-type: custom/company-name.ts is not what the rules declare as custom.companyName: Type '(name: string) => string | undefined' is not assignable",
  ],
  [
    'gives what is not wanted',
    'export const companyName = (name?: string | null) => name?.length;\n',
    '1:14 error custom-type: custom/company-name.ts is not what the rules declare as custom.companyName',
  ],
  [
    'answers later',
    `export async function companyName(): Promise<string> {\n  return '';\n}\n`,
    "Type 'Promise<string>' is not assignable to type 'string'.",
  ],
  [
    'has another name',
    FILLED.replace('companyName', 'company'),
    "1:1 error custom-type: custom/company-name.ts is not what the rules declare as custom.companyName: Module '\"./custom/company-name.ts\"' has no exported member 'companyName'.",
  ],
  [
    'has a mistake inside',
    FILLED.replace('Ltd$/', 'Ltd$/g, 1').replace(", '')", ')'),
    '2:34 error custom-type: No overload matches this call.',
  ],
  ['is no TypeScript', `${FILLED}}\n`, '4:1 error custom-type: Declaration or statement expected.'],
] as const)('a function that %s is an error in its own file', async ([, text, expected]) => {
  await run();
  write(NAME, text);
  const before = host.readFile(join(folder, OUTPUT, 'mortise.lock.json'));

  const { exitCode, text: said } = await run();

  expect(exitCode).toBe(1);
  expect(said).toContain(`case/generated/${NAME}:`);
  expect(said).toContain(expected);
  expect(host.readFile(join(folder, OUTPUT, 'mortise.lock.json'))).toBe(before);
});

test('a misfit shows where it is declared, and the function as it should begin', async () => {
  await run();
  write(NAME, FILLED.replace(' | null | undefined', ''));

  const { text } = await run();

  expect(text).toContain(`  ${RULES}:7:3 declared here`);
  expect(text).toContain(
    '  write:\n    export function companyName(name: string | null | undefined, tags: readonly string[] | null | undefined): string | null | undefined {',
  );
});

test('a check from the lock is none where code was written by hand: it may fit no longer', async () => {
  await run();
  write(NAME, FILLED.replace(' | null | undefined', ''));

  expect(await run({ check: true })).toMatchObject({
    exitCode: 1,
    text: expect.stringContaining('error custom-type'),
  });
});

test('helpers beside a function, Node.js and packages are no mistake', async () => {
  await run();
  write(
    NAME,
    `import { createHash } from 'node:crypto';\nimport Big from 'big.js';\nimport { cut } from './parts/cut.ts';\n${FILLED.replace("name?.replace(/ Ltd$/, '')", "cut(name) + createHash('md5').update(String(new Big(1))).digest('hex') + Buffer.from('x').toString()")}`,
  );
  write('custom/parts/cut.ts', `export const cut = (name?: string | null): string => name ?? '';\n`);
  write('custom/parts/cut.test.ts', '');
  write('custom/is-customer.ts', CUSTOMER);

  expect(await run()).toMatchObject({ exitCode: 0, text: expect.not.stringContaining('custom-') });
});

test('a file that nothing calls is named', async () => {
  await run();
  write('custom/old.ts', CUSTOMER);

  expect((await run()).text).toContain(
    'case/generated/custom/old.ts:1:1 warning unused-custom: No expression calls custom/old.ts.',
  );
});

test('what was written by hand is read and never run', async () => {
  await run();
  const trace = join(folder, 'was-run');
  write(
    NAME,
    `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(trace)}, '');\n${FILLED}`,
  );

  expect(await run()).toMatchObject({ exitCode: 0 });
  expect(existsSync(trace)).toBe(false);
});

test('the documents say which code is written by hand, and what happens without it', async () => {
  await run();

  const readme = read('README.md');
  expect(readme).toContain(
    '| `custom/company-name.ts` | `companyName(name: string \\| null \\| undefined, tags: readonly string[] \\| null \\| undefined) => string \\| null \\| undefined` | Cuts the legal form from a company name. | every record for which custom.companyName is asked goes to review |',
  );
  expect(read('docs/mapping.md')).toContain(
    '- `custom.companyName` in `custom/company-name.ts`: Cuts the legal form from a company name.',
  );
  expect(read('docs/decisions.md')).toMatch(/\| custom \| custom\.isCustomer \| .*review where it throws/);
  expect(read('docs/answers.md')).toContain(
    '| `contacts.contact.name` | custom.companyName throws | parks the record for a person |',
  );
});

async function run(args: { readonly check?: boolean; readonly force?: boolean } = {}) {
  let text = '';
  const defaults = { rules: [RULES], check: false, full: false, force: false, vendorRuntime: false };
  const exitCode = await gen(
    host,
    folder,
    { ...defaults, output: undefined, format: 'text', ...args },
    (part) => {
      text += part;
    },
  );
  return { exitCode, text };
}

function read(path: string): string {
  return host.readFile(join(folder, OUTPUT, path)) ?? '';
}

function write(path: string, text: string): void {
  host.writeFile(join(folder, OUTPUT, path), text);
}
