import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, runProcess } from '../run-process.ts';

/** A service that is wrong in one thing, as a careless edit or a wrong compiler would make it. */
interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const flow = 'src/flows/customers.ts';
const mapping = 'src/mappings/customers-contact.ts';

const MUTANTS: readonly Mutant[] = [
  {
    name: 'drops-a-mapping',
    file: mapping,
    from: 'EmailAddress: emailAddress',
    to: 'EmailAddress: undefined',
  },
  { name: 'swaps-two-fields', file: mapping, from: 'source.properties.email', to: 'source.properties.phone' },
  {
    name: 'swaps-an-order',
    file: mapping,
    from: 'firstNotBlank(source.properties.company, source.properties.lastname)',
    to: 'firstNotBlank(source.properties.lastname, source.properties.company)',
  },
  { name: 'swaps-a-table', file: mapping, from: "Australia: 'AUD'", to: "Australia: 'NZD'" },
  { name: 'keeps-everybody', file: flow, from: "lifecyclestage === 'customer'", to: "id !== ''" },
  {
    name: 'ignores-a-refusal',
    file: flow,
    from: 'HasValidationErrors === true',
    to: 'HasValidationErrors === null',
  },
  { name: 'takes-no-list-for-an-end', file: flow, from: '=> body.results', to: '=> body.results ?? []' },
  { name: 'reads-one-page', file: flow, from: 'body.paging?.next?.after', to: 'undefined' },
  { name: 'reads-for-ever', file: flow, from: 'body.paging?.next?.after', to: "'again'" },
  { name: 'reads-another-id', file: flow, from: '.ContactID', to: '.ContactNumber' },
  {
    name: 'sends-more',
    file: 'src/systems/crm.ts',
    from: '    body,\n',
    to: '    body: { ...body, debug: true },\n',
  },
  {
    name: 'calls-another-path',
    file: 'src/systems/ledger.ts',
    from: "path: '/Contacts'",
    to: "path: '/Contact'",
  },
  {
    name: 'shows-a-secret-to-another',
    file: 'src/systems/crm.ts',
    from: 'token: config.CRM_TOKEN',
    to: 'token: config.XERO_CLIENT_SECRET',
  },
];

const FOLDER = join(ROOT, 'test/.tmp/mutants');
const SAMPLE = join(ROOT, 'generated/crm-to-ledger');

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  for (const { name, file, from, to } of [{ name: 'control', file: flow, from: '', to: '' }, ...MUTANTS]) {
    const folder = join(FOLDER, name);
    mkdirSync(folder, { recursive: true });
    for (const part of ['src', 'test', 'recordings', 'package.json'])
      cpSync(join(SAMPLE, part), join(folder, part), { recursive: true });
    const text = readFileSync(join(folder, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${name}: "${from}" stands nowhere in ${file}.`);
    writeFileSync(join(folder, file), text.replace(from, to));
  }
});

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly title: string }[];
  }[];
}

test('a service that is wrong in one thing fails its own tests', { timeout: 300_000 }, async () => {
  // The drills have mutants of their own.
  const include = ['*/test/{contract,flows,mappings}/**/*.test.ts'];
  const config = { test: { include, isolate: false, maxWorkers: 1 } };
  writeFileSync(join(FOLDER, 'vitest.config.ts'), `export default ${JSON.stringify(config)};\n`);
  const { text } = await runProcess(['vitest', 'run', '--reporter=json', '--outputFile=report.json'], FOLDER);
  const report = JSON.parse(readFileSync(join(FOLDER, 'report.json'), 'utf8')) as Report;
  const countFailed = (name: string): number =>
    report.testResults
      .filter((result) => result.name.includes(`/mutants/${name}/`))
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'failed').length;
  const survived = MUTANTS.filter(({ name }) => countFailed(name) === 0).map(({ name }) => name);

  expect(countFailed('control'), text).toBe(0);
  expect(survived).toEqual([]);
  process.stdout.write(`${MUTANTS.length} of ${MUTANTS.length} wrong services were caught\n`);
});
