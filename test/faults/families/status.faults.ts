import type { ExchangeFault, Fault, Tier } from '../fault.ts';
import { json } from '../json-answer.ts';

const SAFE_TIERS: readonly Tier[] = [0, 1, 2, 3, 4];
const HTML = '<!doctype html><title>Service unavailable</title>';

interface Failure {
  readonly id: string;
  readonly title: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly notBeforeMs?: number;
}

/** Answers of which nobody knows whether the write was done: resolved by the tier, shown to a person where it is blind. */
const UNKNOWN_ONCE: readonly Failure[] = [
  { id: 'S1', title: '500 once', status: 500 },
  { id: 'S3', title: '502 once', status: 502 },
  {
    id: 'S4',
    title: '503 with Retry-After',
    status: 503,
    headers: { 'Retry-After': '60' },
    notBeforeMs: 60_000,
  },
  { id: 'S6', title: '408', status: 408 },
  { id: 'S28', title: 'a status that nobody knows', status: 999 },
];

const unknownOnce = UNKNOWN_ONCE.flatMap(({ id, title, status, headers, notBeforeMs }): Fault[] =>
  (['read', 'write'] as const).map((at) => ({
    id,
    family: 'S',
    title: `${title} (${at})`,
    expect: notBeforeMs === undefined ? 'OK' : 'DELAY',
    ...(at === 'write' ? { blind: 'QUARANTINE' as const } : {}),
    ...(notBeforeMs === undefined ? {} : { notBeforeMs }),
    exchange: { at, times: 1, answer: () => json(status, HTML, { 'content-type': 'text/html', ...headers }) },
  })),
);

/** A reading that is refused, or led elsewhere, stands still until a person has looked. */
const refusedReading = (
  [
    { id: 'S18', title: '410', status: 410, headers: {} },
    { id: 'S27', title: '451', status: 451, headers: {} },
    {
      id: 'S21',
      title: 'a redirect to another host',
      status: 302,
      headers: { Location: 'https://evil.example/rows' },
    },
    {
      id: 'S24',
      title: 'a redirect to http',
      status: 302,
      headers: { Location: 'http://source.example/rows' },
    },
    {
      id: 'S25',
      title: 'a redirect to a private address',
      status: 307,
      headers: { Location: 'http://169.254.169.254/latest' },
    },
    { id: 'S19', title: 'a redirect to itself', status: 302, headers: { Location: '/rows' } },
  ] as readonly Failure[]
).map(({ id, title, status, headers }): Fault => ({
  id,
  family: 'S',
  title: `${title} (read)`,
  expect: 'PAUSE',
  exchange: { at: 'read', answer: () => json(status, '', headers) },
}));

/** A write that is surely refused: that record waits for a person, and the others go on. */
const refusedWrite = (
  [
    { id: 'S18', title: '410', status: 410, headers: {} },
    { id: 'S27', title: '451', status: 451, headers: {} },
    {
      id: 'S22',
      title: 'a redirect to another host',
      status: 307,
      headers: { Location: 'https://evil.example/objects' },
    },
    {
      id: 'S23',
      title: 'a redirect that keeps the body to another host',
      status: 308,
      headers: { Location: 'https://evil.example/objects' },
    },
    {
      id: 'S25',
      title: 'a redirect to a private address',
      status: 307,
      headers: { Location: 'http://169.254.169.254/' },
    },
  ] as readonly Failure[]
).map(({ id, title, status, headers }): Fault => ({
  id,
  family: 'S',
  title: `${title} (write)`,
  expect: 'QUARANTINE',
  timings: ['before'],
  exchange: { at: 'write', times: 1, answer: () => json(status, {}, headers) },
}));

function unclear(id: string, title: string, exchange: Omit<ExchangeFault, 'at'>): Fault {
  return {
    id,
    family: 'S',
    title,
    expect: 'OK',
    blind: 'QUARANTINE',
    exchange: { at: 'write', times: 1, ...exchange },
  };
}

export const STATUS_FAULTS: readonly Fault[] = [
  ...unknownOnce,
  ...refusedReading,
  ...refusedWrite,
  {
    id: 'S2',
    family: 'S',
    title: '500 without end (read)',
    expect: 'REJECT',
    exchange: { at: 'read', answer: () => json(500, {}) },
  },
  {
    id: 'S2',
    family: 'S',
    title: '500 without end (write)',
    expect: 'DELAY',
    tiers: SAFE_TIERS,
    exchange: { at: 'write', rest: true, answer: () => json(500, {}) },
  },
  { ...unclear('S5', '504 after the write was done', { answer: () => json(504, HTML) }), timings: ['after'] },
  {
    id: 'S7',
    family: 'S',
    title: '409: the first try with this key is under way',
    expect: 'OK',
    tiers: [1],
    exchange: { at: 'write', times: 1, answer: () => json(409, {}) },
  },
  {
    id: 'S7',
    family: 'S',
    title: '409: such an object has just been made',
    expect: 'OK',
    tiers: [3, 4],
    timings: ['after'],
    exchange: { at: 'write', times: 1, answer: () => json(409, {}) },
  },
  {
    id: 'S7',
    family: 'S',
    title: '409 without a way to look',
    expect: 'QUARANTINE',
    tiers: [0, 2, 5],
    timings: ['before'],
    exchange: { at: 'write', times: 1, answer: () => json(409, {}) },
  },
  {
    id: 'S8',
    family: 'S',
    title: '412',
    expect: 'OK',
    timings: ['before'],
    exchange: { at: 'write', times: 1, answer: () => json(412, {}) },
  },
  {
    id: 'S11',
    family: 'S',
    title: '200 with an error in its body (write)',
    expect: 'QUARANTINE',
    timings: ['before'],
    exchange: { at: 'write', times: 1, answer: () => json(200, { ok: false, message: 'refused' }) },
  },
  {
    id: 'S11',
    family: 'S',
    title: '200 with an error instead of records',
    expect: 'REJECT',
    exchange: { at: 'read', answer: () => json(200, { errors: [{ message: 'overloaded' }] }) },
  },
  unclear('S12', '202 with an address to ask', { answer: () => json(202, {}, { Location: '/jobs/1' }) }),
  {
    ...unclear('S13', '202 that never ends', { times: undefined as never, answer: () => json(202, {}) }),
    expect: 'DELAY',
    timings: ['before'],
  },
  unclear('S14', '204 where an answer is expected (write)', { answer: () => json(204, '') }),
  {
    id: 'S14',
    family: 'S',
    title: '204 where records are expected',
    expect: 'REJECT',
    exchange: { at: 'read', answer: () => json(204, '') },
  },
  ...[304, 206].flatMap((status): Fault[] => [
    {
      id: status === 304 ? 'S15' : 'S16',
      family: 'S',
      title: `${status} that nobody asked for (read)`,
      expect: 'REJECT',
      exchange: {
        at: 'read',
        answer: (_exchange, good) => {
          const answer = good();
          return answer.kind === 'response'
            ? { ...answer, status, body: status === 304 ? Buffer.alloc(0) : answer.body }
            : answer;
        },
      },
    },
    unclear(status === 304 ? 'S15' : 'S16', `${status} that nobody asked for (write)`, {
      answer: () => json(status, ''),
    }),
  ]),
  {
    id: 'S17',
    family: 'S',
    title: 'a look-up that answers 404 for nothing found',
    expect: 'OK',
    tiers: [3, 4],
    positions: ['first'],
    timings: ['before'],
    exchange: { at: 'look-up', times: 1, answer: () => json(404, {}) },
  },
  {
    id: 'S20',
    family: 'S',
    title: '21 redirects, each to another path',
    expect: 'PAUSE',
    exchange: { at: 'read', answer: ({ index }) => json(302, '', { Location: `/rows?hop=${index}` }) },
  },
  unclear('S26', '303 after the write', { answer: () => json(303, '', { Location: '/objects/t1' }) }),
  {
    id: 'S29',
    family: 'S',
    title: 'an ETag that changes between pages',
    expect: 'OK',
    exchange: {
      at: 'read',
      answer: (_exchange, good, fired) => {
        const answer = good();
        return answer.kind === 'response'
          ? { ...answer, headers: { ...answer.headers, etag: `"${fired}"` } }
          : answer;
      },
    },
  },
];
