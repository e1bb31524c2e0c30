import type { Fault, FaultClass, SourceRecord } from '../fault.ts';

interface Damage {
  readonly id: string;
  readonly title: string;
  readonly expect?: FaultClass;
  /** Members of the record as JSON text, in place of the good ones. */
  readonly raw?: Readonly<Partial<Record<keyof SourceRecord, string>>>;
  /** Further members, as JSON text. */
  readonly more?: string;
  /** What the target should hold, beside the good values. */
  readonly wanted?: Readonly<Record<string, unknown>>;
}

const DEEP = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
const WIDE = `[${'0,'.repeat(200_000)}0]`;

const DAMAGES: readonly Damage[] = [
  {
    id: 'D1',
    title: '2^53 + 1',
    raw: { amount: '9007199254740993' },
    wanted: { amount: '9007199254740993' },
  },
  { id: 'D2', title: '1e400', raw: { amount: '1e400' }, expect: 'QUARANTINE' },
  { id: 'D3', title: '-0', raw: { amount: '-0' }, wanted: { amount: 0 } },
  { id: 'D4', title: 'NaN', raw: { amount: 'NaN' }, expect: 'REJECT' },
  { id: 'D5', title: 'two values under one name', more: '"name":"Another name"', expect: 'QUARANTINE' },
  { id: 'D6', title: '__proto__', more: '"__proto__":{"name":"Polluted","email":"x@example.com"}' },
  { id: 'D7', title: 'constructor.prototype', more: '"constructor":{"prototype":{"name":"Polluted"}}' },
  { id: 'D8', title: 'half a character', raw: { name: String.raw`"Name \ud83d"` }, expect: 'QUARANTINE' },
  { id: 'D8', title: 'U+0000', raw: { name: String.raw`"Name \u0000"` }, expect: 'QUARANTINE' },
  { id: 'D9', title: 'decomposed letters', raw: { name: '"Zoe\u0308"' }, wanted: { name: 'Zoe\u0308' } },
  {
    id: 'D10',
    title: 'zero-width and right-to-left characters',
    raw: { name: '"A\u200bd\u202ea"' },
    wanted: { name: 'A\u200bd\u202ea' },
  },
  { id: 'D11', title: 'an empty name', raw: { name: '""' }, expect: 'QUARANTINE' },
  { id: 'D11', title: 'a name that is null', raw: { name: 'null' }, expect: 'QUARANTINE' },
  { id: 'D11', title: 'an empty e-mail', raw: { email: '""' }, wanted: { email: undefined } },
  { id: 'D11', title: 'an e-mail that is null', raw: { email: 'null' }, wanted: { email: undefined } },
  { id: 'D12', title: 'a text for a number', raw: { amount: '"12"' }, expect: 'QUARANTINE' },
  { id: 'D12', title: 'a list for a text', raw: { name: '[]' }, expect: 'QUARANTINE' },
  { id: 'D13', title: 'a boolean for a number', raw: { amount: 'true' }, expect: 'QUARANTINE' },
  { id: 'D14', title: 'a member that nobody listed', raw: { kind: '"robot"' }, expect: 'QUARANTINE' },
  { id: 'D15', title: 'a member of another case', raw: { kind: '"PERSON"' }, expect: 'QUARANTINE' },
  { id: 'D16', title: '10,000 levels deep', more: `"extra":${DEEP}` },
  { id: 'D17', title: 'a list of 200,000 elements', more: `"extra":${WIDE}` },
  { id: 'D18', title: '29 February 2023', raw: { day: '"2023-02-29"' }, expect: 'QUARANTINE' },
  { id: 'D19', title: '24:00', raw: { day: '"2026-03-05T24:00:00Z"' }, expect: 'QUARANTINE' },
  { id: 'D19', title: 'a leap second', raw: { day: '"2016-12-31T23:59:60Z"' }, expect: 'QUARANTINE' },
  {
    id: 'D20',
    title: 'a time without an offset',
    raw: { day: '"2026-03-05T23:30:00"' },
    wanted: { day: '2026-03-05' },
  },
  { id: 'D21', title: 'a day without a time', raw: { day: '"2026-03-05"' }, wanted: { day: '2026-03-05' } },
  {
    id: 'D22',
    title: 'a time that the clock change leaves out',
    raw: { day: '"2026-03-08T02:30:00"' },
    wanted: { day: '2026-03-08' },
  },
  {
    id: 'D22',
    title: 'a time that the clock change brings twice',
    raw: { day: '"2026-11-01T01:30:00"' },
    wanted: { day: '2026-11-01' },
  },
  { id: 'D23', title: 'an epoch in seconds', raw: { day: '"1772755200"' }, wanted: { day: '2026-03-05' } },
  {
    id: 'D23',
    title: 'an epoch in milliseconds',
    raw: { day: '"1772755200000"' },
    wanted: { day: '2026-03-05' },
  },
  { id: 'D24', title: 'a decimal comma', raw: { amount: '"1.234,50"' }, expect: 'QUARANTINE' },
  {
    id: 'D25',
    title: 'an e-mail in mixed case',
    raw: { email: '"R@Example.COM"' },
    wanted: { email: 'R@Example.COM' },
  },
  { id: 'D26', title: 'spaces around a name', raw: { name: '"  Ada  "' }, wanted: { name: '  Ada  ' } },
  {
    id: 'D27',
    title: 'HTML, a formula and SQL in a name',
    raw: { name: `"=1+1<b>'); DROP TABLE x"` },
    wanted: { name: `=1+1<b>'); DROP TABLE x` },
  },
  {
    id: 'D31',
    title: 'a value that is too long',
    raw: { name: `"${'n'.repeat(61)}"` },
    expect: 'QUARANTINE',
  },
];

const damaged = DAMAGES.map(({ id, title, expect = 'OK', raw = {}, more, wanted }): Fault => ({
  id,
  family: 'D',
  title,
  expect,
  record: (record) => renderRecord(record, raw, more),
  wanted: (record) => ({ ...describe(record), ...wanted }),
}));

function renderRecord(
  record: SourceRecord,
  raw: Readonly<Partial<Record<keyof SourceRecord, string>>>,
  more: string | undefined,
): string {
  const members = (Object.keys(record) as (keyof SourceRecord)[]).map(
    (name) => `${JSON.stringify(name)}:${raw[name] ?? JSON.stringify(record[name])}`,
  );
  return `{${[...members, ...(more === undefined ? [] : [more])].join(',')}}`;
}

function describe({ id, name, email, amount, kind }: SourceRecord): Record<string, unknown> {
  return { ref: id, name, email, amount, kind, day: '2026-03-05' };
}

export const DATA_FAULTS: readonly Fault[] = [
  ...damaged,
  {
    id: 'D29',
    family: 'D',
    title: 'a look-up finds the object of another record',
    expect: 'QUARANTINE',
    tiers: [3, 4],
    positions: ['middle', 'last'],
    timings: ['before'],
    exchange: {
      at: 'look-up',
      answer: (_exchange, good) => {
        const answer = good();
        return answer.kind === 'response'
          ? { ...answer, body: Buffer.from('{"found":[{"id":"t0"}]}') }
          : answer;
      },
    },
  },
  {
    id: 'D32',
    family: 'D',
    title: 'a record that the target refuses for ever',
    expect: 'QUARANTINE',
    timings: ['before'],
    exchange: {
      at: 'write',
      answer: () => ({
        kind: 'response',
        status: 400,
        headers: { 'content-type': 'application/json' },
        body: Buffer.from('{"message":"no"}'),
      }),
    },
  },
];
