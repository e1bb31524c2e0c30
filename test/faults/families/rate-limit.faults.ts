import type { Fault } from '../fault.ts';
import { json } from '../json-answer.ts';

const HOUR = 3_600_000;

interface Limited {
  readonly id: string;
  readonly title: string;
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>> | ((nowMs: number) => Readonly<Record<string, string>>);
  readonly waitMs?: number;
}

const httpDate = (ms: number): string => new Date(ms).toUTCString();

const LIMITED: readonly Limited[] = [
  { id: 'RL1', title: '429 without a header', headers: {} },
  { id: 'RL2', title: 'Retry-After in seconds', headers: { 'Retry-After': '90' }, waitMs: 90_000 },
  {
    id: 'RL3',
    title: 'Retry-After as an HTTP date',
    headers: (nowMs) => ({ 'Retry-After': httpDate(nowMs + 120_000) }),
    waitMs: 119_000,
  },
  {
    id: 'RL4',
    title: 'Retry-After in the past',
    headers: { 'Retry-After': 'Mon, 05 Jan 2015 09:00:00 GMT' },
  },
  { id: 'RL5', title: 'Retry-After: 0', headers: { 'Retry-After': '0' } },
  { id: 'RL6', title: 'Retry-After: -1', headers: { 'Retry-After': '-1' } },
  { id: 'RL7', title: 'Retry-After: soon', headers: { 'Retry-After': 'soon' } },
  { id: 'RL8', title: 'Retry-After with decimals', headers: { 'Retry-After': '1.5' }, waitMs: 1500 },
  {
    id: 'RL10',
    title: 'Retry-After in milliseconds',
    headers: { 'Retry-After': '30000' },
    waitMs: 30_000_000,
  },
  {
    id: 'RL11',
    title: 'two headers that disagree: the later holds',
    headers: { 'Retry-After': '10', 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '60' },
    waitMs: 60_000,
  },
  {
    id: 'RL12',
    title: 'an HTTP date of a server whose clock is an hour ahead',
    headers: (nowMs) => ({ date: httpDate(nowMs + HOUR), 'Retry-After': httpDate(nowMs + HOUR + 60_000) }),
    waitMs: 60_000,
  },
  {
    id: 'RL17',
    title: '403 used as a rate limit',
    status: 403,
    headers: { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '120' },
    waitMs: 120_000,
  },
];

const limited = LIMITED.flatMap(({ id, title, status = 429, headers, waitMs }): Fault[] =>
  (['read', 'write'] as const).map((at) => ({
    id,
    family: 'RL',
    title: `${title} (${at})`,
    expect: 'DELAY',
    // A blind write that is told to wait may have been applied by whoever stands in front of the answer.
    ...(at === 'write' ? { blind: 'QUARANTINE' as const } : {}),
    ...(waitMs === undefined ? {} : { notBeforeMs: waitMs }),
    timings: ['before'],
    exchange: {
      at,
      times: 1,
      answer: ({ atMs }) =>
        json(status, { message: 'slow down' }, typeof headers === 'function' ? headers(atMs) : headers),
    },
  })),
);

export const RATE_LIMIT_FAULTS: readonly Fault[] = [
  ...limited,
  ...(['read', 'write'] as const).map((at): Fault => ({
    id: 'RL9',
    family: 'RL',
    title: `Retry-After: 9999999999 (${at})`,
    expect: 'PAUSE',
    timings: ['before'],
    tiers: [0, 1, 2, 3, 4],
    exchange: { at, times: 1, answer: () => json(429, {}, { 'Retry-After': '9999999999' }) },
  })),
  {
    id: 'RL13',
    family: 'AU',
    title: '429 at the token endpoint',
    expect: 'DELAY',
    notBeforeMs: 300_000,
    timings: ['before'],
    positions: ['first'],
    exchange: { at: 'token', times: 1, answer: () => json(429, {}, { 'Retry-After': '300' }) },
  },
  ...(['read', 'write'] as const).map((at): Fault => ({
    id: 'RL14',
    family: 'RL',
    title: `429 without end (${at})`,
    expect: 'DELAY',
    ...(at === 'write' ? { tiers: [0, 1, 2, 3, 4] as const } : {}),
    timings: ['before'],
    exchange: { at, rest: true, answer: () => json(429, {}) },
  })),
  ...(['read', 'write'] as const).map((at): Fault => ({
    id: 'RL15',
    family: 'RL',
    title: `200 with no calls left (${at})`,
    expect: 'DELAY',
    notBeforeMs: 30_000,
    timings: ['before'],
    exchange: {
      at,
      times: 1,
      answer: (_exchange, good) => {
        const answer = good();
        if (answer.kind !== 'response') return answer;
        return {
          ...answer,
          headers: { ...answer.headers, 'RateLimit-Remaining': '0', 'RateLimit-Reset': '30' },
        };
      },
    },
  })),
  {
    id: 'RL18',
    family: 'RL',
    title: 'an outage, after which all records would go out at once',
    expect: 'OK',
    tiers: [2],
    positions: ['first'],
    timings: ['before'],
    exchange: { at: 'write', rest: true, answer: () => ({ kind: 'refused' }) },
  },
];
