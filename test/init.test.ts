import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { init } from '../compiler/src/cli/commands/init.ts';
import type { InitOptions } from '../compiler/src/cli/init/init-options.ts';
import { checkIntegration } from '../compiler/src/pipeline.ts';
import { createNodeHost } from '../compiler/src/source/node-host.ts';
import { ROOT } from './demo/demo-world.ts';

const FOLDER = join(ROOT, 'test/.tmp/init');
const SHARED = join(ROOT, '../shared/specs');
const RULES = join(FOLDER, 'specs/new.rules.yaml');
const host = createNodeHost();

/** Each pair of real descriptions, and decisions that nothing in them can take. */
const PAIRS = [
  ['twilio.json', 'hubspot-notes.json'],
  ['intercom.yaml', 'hubspot-contacts.json'],
  ['hubspot-contacts.json', 'xero-accounting.yaml'],
] as const;
const OPEN = new Set(
  'blank invalid enum unmapped success once pages status found changes first later quota alert required-unstated replaces-unstated zone-missing'.split(
    ' ',
  ),
);

beforeEach(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  cpSync(join(ROOT, 'specs'), join(FOLDER, 'specs'), { recursive: true });
});

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

async function run(options: Partial<InitOptions>) {
  const printed: string[] = [];
  const all: InitOptions = {
    name: 'new',
    source: ['crm=specs/hubspot/contacts.yaml'],
    target: ['ledger=specs/xero/accounting.yaml'],
    read: undefined,
    write: undefined,
    key: undefined,
    changed: undefined,
    pages: undefined,
    leaveOut: [],
    output: undefined,
    policy: undefined,
    force: false,
    ...options,
  };
  const exitCode = await init(host, FOLDER, all, (text) => void printed.push(text));
  return { exitCode, text: printed.join('') };
}

async function expectOnlyOpenDecisions(): Promise<void> {
  const [, found] = await checkIntegration(host, RULES);
  const errors = found.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ code }) => code)).toEqual(expect.arrayContaining(['once', 'first', 'later']));
  const rules = readFileSync(RULES, 'utf8');
  // What a search asks for is a decision, too: it stands there as TODO, by its name.
  const isMarked = ({ message }: (typeof errors)[number]): boolean =>
    rules.includes(`# TODO with:\n      #   ${/requires "([^"]+)"/.exec(message)?.[1]}: { … }`);
  const others = errors.filter(({ code }) => !OPEN.has(code));
  expect(others.filter((error) => error.code !== 'missing-parameter' || !isMarked(error))).toEqual([]);
}

test('two descriptions become rules of which only decisions are open', async () => {
  const { exitCode, text } = await run({});
  expect({ exitCode, text }).toMatchObject({ exitCode: 0 });
  expect(text).toContain('reads POST /crm/v3/objects/contacts/search, writes POST /Contacts');
  const rules = readFileSync(RULES, 'utf8');
  for (const open of ['policy:', 'first:', 'later:', 'once:']) expect(rules).toContain(`# TODO ${open}`);
  await expectOnlyOpenDecisions();
});

if (!existsSync(SHARED))
  process.stdout.write(
    `Skipped: the vendors' own descriptions are not at ${SHARED}, so none is begun with.\n`,
  );

test.skipIf(!existsSync(SHARED)).for(PAIRS)(
  'the vendors’ %s and %s become rules of which only decisions are open',
  async ([source, target]) => {
    const { exitCode, text } = await run({
      source: [`from=${join(SHARED, source)}`],
      target: [`to=${join(SHARED, target)}`],
    });
    expect({ exitCode, text }).toMatchObject({ exitCode: 0 });
    await expectOnlyOpenDecisions();
  },
);

test('an operation that there is not is refused with the likeliest ones, and nothing is written', async () => {
  const { exitCode, text } = await run({ write: 'POST /Kontacts' });
  expect(exitCode).toBe(2);
  expect(text).toContain('POST /Contacts');
  expect(existsSync(RULES)).toBe(false);
});

test('rules that are there are not written over', async () => {
  await run({});
  expect(await run({})).toMatchObject({ exitCode: 2, text: expect.stringContaining('--force') as string });
  expect((await run({ force: true })).exitCode).toBe(0);
});

test('a description that is not there is named', async () => {
  const { exitCode, text } = await run({ source: ['crm=specs/nowhere.yaml'] });
  expect(exitCode).toBe(1);
  expect(text).toContain('nowhere.yaml');
});

test.skipIf(!existsSync(SHARED)).each([
  [
    'hubspot-companies.json',
    'xero-accounting.yaml',
    'GET /crm/v3/objects/companies',
    'POST /Contacts',
    'ContactNumber',
  ],
  [
    'intercom.yaml',
    'hubspot-contacts.json',
    'POST /contacts/search',
    'POST /crm/v3/objects/contacts',
    undefined,
  ],
  ['hubspot-contacts.json', 'intercom.yaml', 'GET /crm/v3/objects/contacts', 'POST /contacts', 'external_id'],
] as const)(
  'between the vendors’ %s and %s, what is read and written is alike, and the source’s id goes into no id of the target',
  async (source, target, read, write, keeper) => {
    const options = { source: [`one=${join(SHARED, source)}`], target: [`other=${join(SHARED, target)}`] };
    const { text } = await run(options);
    expect(text).toContain(`reads ${read}, writes ${write}\n`);
    const rules = parse(readFileSync(RULES, 'utf8')) as {
      readonly flows: Readonly<Record<string, { readonly to: readonly { readonly map: object }[] }>>;
    };
    const [[flow, { to }] = ['', { to: [] }]] = Object.entries(rules.flows);
    expect(flow).toBe(read.includes('companies') ? 'companies' : 'contacts');
    const own = Object.entries(to[0]?.map ?? {}).filter(([, value]) => value === '=source.id');
    expect(own.map(([field]) => field)).toEqual(keeper === undefined ? [] : [keeper]);
  },
);

test.skipIf(!existsSync(SHARED))(
  'a cursor in an object of the body is seen, and a map without described names stands beside nothing else',
  async () => {
    await run({
      source: [`crm=${join(SHARED, 'intercom.yaml')}`],
      target: [`hub=${join(SHARED, 'hubspot-contacts.json')}`],
    });
    const rules = readFileSync(RULES, 'utf8');
    expect(rules).toContain(
      'kind: cursor, next: pages.next.starting_after, send: pagination.starting_after }',
    );
    expect(rules).toContain('# TODO properties.…: =source.…   # required');
    expect(rules).not.toContain('        item:');
    // It only creates, so a change has no update, and that it knows an object again is the vendor's word.
    expect(rules).toContain('# TODO later: { changed: review,');
    expect(rules).toContain('# TODO once: { kind: upsert, by: …, because: … }');
  },
);

test('what only searches is no target', async () => {
  const { exitCode, text } = await run({
    source: ['crm=specs/xero/accounting.yaml'],
    target: ['hub=specs/hubspot/contacts.yaml'],
  });
  expect(exitCode).toBe(2);
  expect(text).toContain(
    'No operation of "hub" looks like one that writes a record. Name one with --write "POST',
  );
  expect(existsSync(RULES)).toBe(false);
});
