import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gen } from '../../compiler/src/cli/commands/gen.ts';
import { checkIntegration } from '../../compiler/src/pipeline.ts';
import { createNodeHost } from '../../compiler/src/source/node-host.ts';
import { createMapper } from '../../runtime/src/map/mapper.ts';
import type { Mapper } from '../../runtime/src/map/mapper.ts';

/**
 * Every kind of target field, in every way that its value can be blank, under every decision: compiled, emitted and run.
 * What must come of it is written here by hand, from section 4 of the language.
 */
const FOLDER = join(import.meta.dirname, '../.tmp/blanks');

/** How a field is mapped; its blank kinds are those that the source's type can take. */
interface Field {
  readonly path: string;
  readonly rule: string;
  readonly source: 'text' | 'count' | 'flag' | 'lines' | 'line';
  /** What it stands in, where `drop` leaves that out. */
  readonly element?: string;
  readonly required?: boolean;
  readonly nullable?: boolean;
  readonly default: string | number | boolean | undefined;
}

const FIELDS: readonly Field[] = [
  { path: 'text', rule: 'value: =source.text', source: 'text', default: 'none' },
  { path: 'mail', rule: 'value: =source.text, as: email', source: 'text', default: 'a@example.com' },
  { path: 'day', rule: 'value: =source.text, as: date', source: 'text', default: '2026-01-01' },
  { path: 'number', rule: 'value: =source.text, as: integer', source: 'text', default: 7 },
  { path: 'plainNumber', rule: 'value: =source.count', source: 'count', default: 7 },
  { path: 'flag', rule: 'value: =source.text, as: boolean', source: 'text', default: true },
  { path: 'plainFlag', rule: 'value: =source.flag', source: 'flag', default: true },
  { path: 'choice', rule: 'value: =source.text', source: 'text', default: 'two' },
  {
    path: 'table',
    rule: 'value: =source.text, table: { a: one }, otherwise: review',
    source: 'text',
    default: 'two',
  },
  { path: 'nullableText', rule: 'value: =source.text', source: 'text', nullable: true, default: 'none' },
  {
    path: 'nullableNumber',
    rule: 'value: =source.text, as: integer',
    source: 'text',
    nullable: true,
    default: 7,
  },
  {
    path: 'nullableFlag',
    rule: 'value: =source.text, as: boolean',
    source: 'text',
    nullable: true,
    default: true,
  },
  {
    path: 'phones[0].text',
    rule: 'value: =source.text',
    source: 'text',
    element: 'phones',
    default: 'none',
  },
  {
    path: 'list',
    rule: 'each: =source.lines, map: { kind: k, text: { value: =each.text, blank: omit } }',
    source: 'lines',
    default: undefined,
  },
  {
    path: 'list[].text',
    rule: 'each: =source.lines, map: { kind: k, text: { value: =each.text, blank: BLANK } }',
    source: 'line',
    element: 'list',
    default: 'none',
  },
  { path: 'mustText', rule: 'value: =source.text', source: 'text', required: true, default: 'none' },
  {
    path: 'mustNumber',
    rule: 'value: =source.text, as: integer',
    source: 'text',
    required: true,
    default: 7,
  },
  {
    path: 'mustFlag',
    rule: 'value: =source.text, as: boolean',
    source: 'text',
    required: true,
    default: true,
  },
  { path: 'mustChoice', rule: 'value: =source.text', source: 'text', required: true, default: 'two' },
  {
    path: 'mustList',
    rule: 'each: =source.lines, map: { kind: k }',
    source: 'lines',
    required: true,
    default: undefined,
  },
];

const ACTIONS = ['review', 'fail', 'skip', 'omit', 'drop', 'clear', 'default'] as const;
type Action = (typeof ACTIONS)[number];

const TEXT_BLANKS = { absent: undefined, null: null, empty: '', whitespace: ' \t', sentinel: 'N/A' };
const BLANKS: Readonly<Record<Field['source'], Readonly<Record<string, unknown>>>> = {
  text: TEXT_BLANKS,
  line: TEXT_BLANKS,
  count: { absent: undefined, null: null },
  flag: { absent: undefined, null: null },
  lines: { absent: undefined, null: null, empty: [] },
};

/** Where a decision makes no sense, the rules are refused; the rest must be carried out. */
function isRefused(field: Field, action: Action): boolean {
  if (action === 'clear') return field.nullable !== true;
  if (action === 'drop') return field.element === undefined;
  if (action === 'omit') return field.required === true;
  return action === 'default' && field.default === undefined;
}

const MUST: Readonly<Record<string, string>> = {
  mustText: 'filled',
  mustNumber: '1',
  mustFlag: 'true',
  mustChoice: 'one',
  mustList: '{ each: =source.others, map: { kind: k } }',
};

function renderRules(field: Field, action: Action): string {
  const decision = action === 'default' ? `{ default: ${String(field.default)} }` : action;
  const top = field.path.replace(/\[\].*/, '');
  const rule = field.rule.includes('BLANK')
    ? field.rule.replace('BLANK', `${decision}, because: only for this test`)
    : `${field.rule}, blank: ${decision}, because: only for this test`;
  const others = Object.entries(MUST)
    .filter(([name]) => name !== top)
    .map(([name, value]) => `          ${name}: ${value}\n`);
  return `mortise: 1
integration: blanks
purpose: Every kind of field, in every way that it can be blank.
output: ./out
zone: Pacific/Auckland
policy: standard
systems:
  api:
    spec: ./api.yaml
    server: $API_URL
    auth: { kind: none }
    pages: [{ for: GET /rows, kind: none, because: one answer }]
    facts: [{ call: 'PUT /objects/{id}', replaces: true }]
flows:
  rows:
    from:
      system: api
      read: GET /rows
      with: { since: =since.iso }
      records: rows
      key: id
      version: at
      changes: { field: at, first: all }
      every: 5m
    later: { changed: update, left: ignore, deleted: ignore }
    to:
      - name: object
        system: api
        write: PUT /objects/{id}
        with: { id: =source.id }
        map:
          ${top}: { ${rule} }
${top === 'phones[0].text' ? '          phones[0].kind: k\n' : ''}${others.join('')}alerts:
  channels: { ops: { kind: slack, url: $OPS_WEBHOOK } }
  send: [{ when: [review, dead-letter, halt, pause, auth], to: ops }]
`;
}

interface Cell {
  readonly field: Field;
  readonly action: Action;
}

const cells = FIELDS.flatMap((field) => ACTIONS.map((action): Cell => ({ field, action })));
const refused = cells.filter(({ field, action }) => isRefused(field, action));
const carriedOut = cells.filter(({ field, action }) => !isRefused(field, action));

function folderOf({ field, action }: Cell): string {
  return join(FOLDER, `${field.path.replaceAll(/\W/g, '_')}-${action}`);
}

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  const host = createNodeHost();
  const api = host.readFile(join(import.meta.dirname, 'api.yaml')) ?? '';
  for (const cell of cells) {
    mkdirSync(folderOf(cell), { recursive: true });
    writeFileSync(join(folderOf(cell), 'blanks.rules.yaml'), renderRules(cell.field, cell.action));
    writeFileSync(join(folderOf(cell), 'api.yaml'), api);
  }
});
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

test.for(refused)('$field.path cannot be decided by $action', async (cell) => {
  const [checked, found] = await checkIntegration(
    createNodeHost(),
    join(folderOf(cell), 'blanks.rules.yaml'),
  );
  expect(checked).toBeUndefined();
  expect(found.map(({ code }) => code)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^(?:invalid-value|type)$/)]),
  );
});

test.for(carriedOut)('$field.path is decided by $action in every way that it can be blank', async (cell) => {
  const host = createNodeHost();
  let text = '';
  const code = await gen(
    host,
    folderOf(cell),
    {
      rules: ['blanks.rules.yaml'],
      check: false,
      full: false,
      force: false,
      vendorRuntime: false,
      output: undefined,
      format: 'text',
    },
    (part) => {
      text += part;
    },
  );
  expect(code, text).toBe(0);
  const file = join(folderOf(cell), 'out/src/mappings/rows-object.ts');
  const { mapRowsObject } = (await import(pathToFileURL(file).href)) as {
    readonly mapRowsObject: (source: unknown, map: Mapper) => Readonly<Record<string, unknown>>;
  };
  const { field, action } = cell;
  const blanks = Object.entries(BLANKS[field.source]);
  for (const [kind, value] of blanks) {
    const mapper = createMapper('');
    const item = mapRowsObject(makeSource(field, value), mapper);
    const problems = mapper.problems.map((problem) => `${problem.action} ${problem.problem}`);
    const sent = JSON.parse(JSON.stringify(item)) as Readonly<Record<string, unknown>>;
    expect({ kind, ...describe(field, sent, problems) }).toEqual({ kind, ...expected(field, action, kind) });
  }
  expect(blanks.length).toBeGreaterThan(1);
});

function makeSource(field: Field, value: unknown): unknown {
  const row = { id: '1', at: '2026-01-01T00:00:00Z', lines: [{ text: 'x' }], others: [{}] };
  if (field.source === 'line') return { ...row, lines: [{ text: value }, { text: 'x' }] };
  return { ...row, [field.source]: value };
}

interface Seen {
  /** What the field holds; its element, where it stands in one. */
  readonly value: unknown;
  readonly problems: readonly string[];
}

function describe(field: Field, sent: Readonly<Record<string, unknown>>, problems: readonly string[]): Seen {
  const top = field.path.replace(/\[.*/, '');
  // What stops the record is never sent, so it does not matter what it would have held.
  return { value: problems.length > 0 ? 'stopped' : sent[top], problems };
}

/** By hand: what the language says of each action. */
function expected(field: Field, action: Action, kind: string): Seen {
  const stopped = (what: string): Seen => ({ value: 'stopped', problems: [`${what} blank: ${kind}`] });
  if (action === 'review' || action === 'fail' || action === 'skip') return stopped(action);
  const inPhones = field.element === 'phones';
  const inList = field.element === 'list';
  const sound = { kind: 'k', text: 'x' };
  switch (action) {
    case 'omit':
      if (inPhones) return { value: [{ kind: 'k' }], problems: [] };
      return { value: inList ? [{ kind: 'k' }, sound] : undefined, problems: [] };
    case 'drop':
      return { value: inList ? [sound] : undefined, problems: [] };
    case 'clear':
      return { value: null, problems: [] };
    case 'default':
      if (inPhones) return { value: [{ kind: 'k', text: field.default }], problems: [] };
      return { value: inList ? [{ kind: 'k', text: field.default }, sound] : field.default, problems: [] };
  }
}
