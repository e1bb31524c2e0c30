import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { check as checkFormat } from 'prettier';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { createSeededRandom } from '../runtime/src/testing/seeded-random.ts';
import { createSampleProject, OUTPUT, rewriteFiles, RULES, runMortise } from './sample-project.ts';
import type { SampleProject } from './sample-project.ts';
import { followPath, readPointer, readRulePath, shuffleKeys } from './walk-value.ts';

let project: SampleProject;

beforeEach(() => {
  project = createSampleProject();
});
afterEach(() => project.remove());

test('two runs give the same bytes', async () => {
  await project.gen();
  const first = project.readOutput();
  const second = await project.gen();

  expect(second.text).toContain('0 written, 0 removed');
  expect(project.readOutput()).toEqual(first);
  await project.gen({ output: 'elsewhere/service' });
  expect(changedFiles(first, project.readOutput('elsewhere/service'))).toEqual([
    'README.md',
    'mortise.lock.json',
  ]);
});

test('another time zone and language give the same bytes', async () => {
  await project.gen();
  const here = project.readOutput();
  const elsewhere = createSampleProject();
  try {
    const run = runMortise(elsewhere.folder, ['gen'], {
      TZ: 'Asia/Kathmandu',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
    });

    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(elsewhere.readOutput()).toEqual(here);
  } finally {
    elsewhere.remove();
  }
});

test.for([1, 2, 3])(
  'another order of keys in the descriptions gives the same bytes (seed %i)',
  async (seed) => {
    await project.gen();
    const before = project.readOutput();
    const shuffled = createSampleProject();
    try {
      const random = createSeededRandom(seed);
      rewriteFiles(join(shuffled.folder, 'specs'), (text, path) => {
        if (path.endsWith('.rules.yaml')) return text;
        const value = shuffleKeys(parse(text), random);
        return seed === 1 ? JSON.stringify(value) : stringify(value, { aliasDuplicateObjects: false });
      });
      await shuffled.gen();

      expect(changedFiles(before, shuffled.readOutput())).toEqual(['mortise.lock.json']);
      const [one, other] = [before, shuffled.readOutput()].map((files) =>
        JSON.parse(files.get('mortise.lock.json') ?? ''),
      );
      expect({ ...one, inputs: undefined }).toEqual({ ...other, inputs: undefined });
    } finally {
      shuffled.remove();
    }
  },
);

test('two rules files of one integration are refused before anything is written', async () => {
  const copy = join(project.folder, 'specs/copy.rules.yaml');
  copyFileSync(join(project.folder, RULES), copy);
  const checked = runMortise(project.folder, ['check']);
  const generated = runMortise(project.folder, ['gen']);

  expect(checked).toMatchObject({ exitCode: 1 });
  for (const { stdout } of [checked, generated])
    expect(stdout).toContain('"crm-to-ledger" is the integration of specs/copy.rules.yaml already');
  expect(generated).toMatchObject({ exitCode: 1 });
  expect(existsSync(join(project.folder, OUTPUT))).toBe(false);
});

test('prettier leaves every emitted TypeScript file unchanged', async () => {
  await project.gen();
  const files = [...project.readOutput()].filter(([path]) => path.endsWith('.ts'));
  const options = { parser: 'typescript', printWidth: 100, singleQuote: true, trailingComma: 'all' } as const;
  const results = await Promise.all(
    files.map(async ([path, text]) => ((await checkFormat(text, options)) ? [] : [path])),
  );

  expect(files.length).toBeGreaterThan(8);
  expect(results.flat()).toEqual([]);
});

test('a name that was once given is kept when the operation is called otherwise', async () => {
  await project.gen();
  project.edit(
    'specs/xero/accounting.yaml',
    'operationId: updateOrCreateContacts',
    'operationId: saveContacts',
  );

  await project.gen();

  expect(project.read(`${OUTPUT}/src/systems/ledger.ts`)).toContain(
    'POST /Contacts (saveContacts) */\nexport function updateOrCreateContacts(',
  );
});

test('every entry of the trace leads from a statement to a rule and to the description', async () => {
  await project.gen();
  const entries = JSON.parse(project.read(`${OUTPUT}/mortise.trace.json`)) as TraceLine[];
  const rules = parse(project.read(RULES)) as unknown;

  const broken = entries.filter(({ file, line, rule, spec }) => {
    const text = project.read(`${OUTPUT}/${file}`).split('\n')[line - 1] ?? '';
    const [document = '', pointer = ''] = spec?.split('#') ?? [];
    const isInSpec =
      spec === undefined ||
      followPath(parse(project.read(`specs/${document}`)), readPointer(pointer)) !== undefined;
    return (
      !/^export (?:const|function) |^ {2}(?:const|read:|later:) |^ {4,}\S.*:/.test(text) ||
      rule === '' ||
      followPath(rules, readRulePath(rule)) === undefined ||
      !isInSpec
    );
  });

  expect(entries.length).toBeGreaterThan(8);
  expect(broken).toEqual([]);
  const fields = Object.keys((followPath(rules, readRulePath('flows.customers.to[0].map')) ?? {}) as object);
  const traced = entries
    .filter(({ file }) => file.startsWith('src/mappings/'))
    .map(({ rule }) => readRulePath(rule).at(-1));
  expect(traced).toEqual(fields);
});

test('a constant is traced to its own line', async () => {
  project.edit(
    RULES,
    'Phones[0].PhoneType: MOBILE',
    'Phones[0].PhoneType: MOBILE\n          Phones[1].PhoneType: FAX\n          Phones[1].PhoneNumber: =source.id',
  );
  await project.gen();
  const entries = JSON.parse(project.read(`${OUTPUT}/mortise.trace.json`)) as TraceLine[];
  const lines = entries
    .filter(({ rule }) => rule.includes('PhoneType'))
    .map(({ file, line }) => project.read(`${OUTPUT}/${file}`).split('\n')[line - 1]);

  expect(lines.map((text) => /'(\w+)'/.exec(text ?? '')?.[1])).toEqual(['MOBILE', 'FAX']);
});

test('rules with a mistake write nothing', async () => {
  project.edit(RULES, '=source.id', '=source.idd');

  const { exitCode, text } = await project.gen();

  expect(exitCode).toBe(1);
  expect(text).toContain('error ');
  expect(existsSync(join(project.folder, 'generated'))).toBe(false);
});

interface TraceLine {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly spec?: string;
}

function changedFiles(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((path) => one.get(path) !== other.get(path))
    .toSorted();
}
