import type { Fault, SourceControl, SourceRecord } from '../fault.ts';
import { SOURCE_URL } from '../fault-world.ts';
import { json } from '../json-answer.ts';

function setNext(text: string, next: string): string {
  return text.replace(/"next":(?:null|"[^"]*")/, `"next":${next}`);
}

function insert(world: SourceControl, record: Partial<SourceRecord> & { readonly id: string }): void {
  const [sample] = world.records;
  if (sample !== undefined) world.records.push({ ...sample, email: `${record.id}@example.com`, ...record });
}

function edit(world: SourceControl, id: string, change: Partial<SourceRecord>): void {
  const at = world.records.findIndex((record) => record.id === id);
  const record = world.records[at];
  if (record !== undefined) world.records[at] = { ...record, ...change };
}

const SAME_TIME = new Date(Date.UTC(2026, 0, 4, 0, 2)).toISOString();
const makeEqual = (ids: readonly number[]) => (world: SourceControl) => {
  for (const id of ids) edit(world, `r${id}`, { updated: SAME_TIME });
};

export const PAGING_FAULTS: readonly Fault[] = [
  {
    id: 'P1',
    family: 'P',
    title: 'the same cursor again',
    expect: 'PAUSE',
    positions: ['first', 'middle'],
    page: (text, { url }) => setNext(text, JSON.stringify(url.searchParams.get('cursor') ?? 'c3')),
  },
  {
    id: 'P2',
    family: 'P',
    title: 'cursors in a circle',
    expect: 'PAUSE',
    positions: ['first'],
    page: (text, { fired }) => setNext(text, fired % 2 === 0 ? '"c3"' : '"c0"'),
  },
  {
    id: 'P3',
    family: 'P',
    title: 'a page that is shorter than asked for',
    expect: 'OK',
    positions: ['first', 'middle'],
    page: (text, { url, fired }) => {
      if (fired > 0) return text;
      const { rows } = JSON.parse(text) as { readonly rows: readonly unknown[] };
      const from = Number((url.searchParams.get('cursor') ?? 'c0').slice(1));
      return JSON.stringify({ rows: rows.slice(0, 2), next: `c${from + 2}` });
    },
  },
  {
    id: 'P4',
    family: 'P',
    title: 'an empty page that is not the last',
    expect: 'OK',
    page: (text, { url, fired }) =>
      fired > 0
        ? text
        : JSON.stringify({
            rows: [],
            next:
              `${url.searchParams.get('cursor') ?? 'c0'}` === 'c0'
                ? 'c00'
                : `c0${(url.searchParams.get('cursor') ?? '').slice(1)}`,
          }),
  },
  {
    id: 'P5',
    family: 'P',
    title: 'no cursor although there is more',
    expect: 'OK',
    positions: ['first', 'middle'],
    page: (text, { fired }) => (fired > 0 ? text : setNext(text, 'null')),
  },
  {
    id: 'P6',
    family: 'P',
    title: 'a record that was read is deleted, so that the rows move up',
    expect: 'OK',
    positions: ['middle', 'last'],
    paging: 'offset',
    source: ({ records, position }) => void records.splice(position === 'middle' ? 2 : 4, 1),
    oracle: () => undefined,
  },
  {
    id: 'P7',
    family: 'P',
    title: 'a record is inserted behind, so that the rows move down',
    expect: 'OK',
    paging: 'offset',
    source: (world) => insert(world, { id: 'r20', updated: new Date(Date.UTC(2026, 0, 4, 3)).toISOString() }),
  },
  {
    id: 'P8',
    family: 'P',
    title: 'a record that was read changes and moves to the end',
    expect: 'OK',
    positions: ['middle', 'last'],
    paging: 'offset',
    source: (world) =>
      edit(world, 'r1', { name: 'New name', updated: new Date(Date.UTC(2026, 0, 4, 3)).toISOString() }),
  },
  {
    id: 'P9',
    family: 'P',
    title: 'a total that changes',
    expect: 'OK',
    page: (text, { fired }) => text.replace(/^\{/, `{"total":${100 - fired},`),
  },
  {
    id: 'P10',
    family: 'P',
    title: 'the next page at a relative address',
    expect: 'OK',
    positions: ['first'],
    paging: 'next-url',
    page: (text) => text.replace(`"next":"${SOURCE_URL}/rows`, '"next":"'),
  },
  ...[
    'https://evil.example',
    'http://source.example',
    'https://source.example.evil.example',
    'https://u:p@source.example',
  ].map((origin): Fault => ({
    id: origin.startsWith('http:') ? 'P12' : 'P11',
    family: 'P',
    title: `the next page at ${origin}`,
    expect: 'PAUSE',
    positions: ['first'],
    paging: 'next-url',
    page: (text) => text.replace(`"next":"${SOURCE_URL}/`, `"next":"${origin}/`),
  })),
  ...[400, 404, 410].map((status): Fault => ({
    id: 'P13',
    family: 'P',
    title: `the cursor has expired: ${status}`,
    expect: 'OK',
    positions: ['middle', 'last'],
    exchange: {
      at: 'read',
      times: 1,
      when: ({ url }) => url.searchParams.get('cursor') !== null,
      answer: () => json(status, { message: 'unknown cursor' }),
    },
  })),
  ...(['offset', undefined] as const).map((paging): Fault => ({
    id: 'P14',
    family: 'P',
    title: `many records of one time across the pages (${paging ?? 'cursor'})`,
    expect: 'OK',
    positions: ['first'],
    ...(paging === undefined ? {} : { paging }),
    source: makeEqual([1, 2, 3, 4, 5, 6, 7]),
  })),
  {
    id: 'P15',
    family: 'P',
    title: 'an inclusive filter whose last page never ends',
    expect: 'OK',
    positions: ['first'],
    paging: 'offset',
    source: makeEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]),
  },
  {
    id: 'P16',
    family: 'P',
    title: 'a record that was committed late, below the watermark',
    expect: 'OK',
    positions: ['middle', 'last'],
    lookbackMs: 600_000,
    source: (world) =>
      insert(world, { id: 'r21', updated: new Date(Date.UTC(2026, 0, 4, 0, 0, 30)).toISOString() }),
  },
  {
    id: 'P17',
    family: 'P',
    title: 'a page that holds everything',
    expect: 'OK',
    positions: ['first'],
    pageSize: 100,
  },
  {
    id: 'P18',
    family: 'P',
    title: 'the page size is refused',
    expect: 'PAUSE',
    positions: ['first'],
    exchange: { at: 'read', answer: () => json(400, { message: 'limit is too large' }) },
  },
  ...(['offset', undefined] as const).map((paging): Fault => ({
    id: 'P19',
    family: 'P',
    title: `records in no order (${paging ?? 'cursor'})`,
    expect: 'OK',
    positions: ['first'],
    ...(paging === undefined ? {} : { paging }),
    page: (text) => {
      const page = JSON.parse(text) as { readonly rows: readonly unknown[] };
      return JSON.stringify({ ...page, rows: page.rows.toReversed() });
    },
  })),
  {
    id: 'P20',
    family: 'P',
    title: 'pages without end, under ever new cursors',
    expect: 'PAUSE',
    positions: ['first'],
    page: (text, { fired }) => setNext(text, `"c${'0'.repeat((fired % 90) + 1)}"`),
  },
];
