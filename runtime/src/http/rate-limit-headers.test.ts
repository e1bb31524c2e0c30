import { expect, test } from 'vitest';
import { readAskedUntil, readExhaustedUntil } from './rate-limit-headers.ts';

const NOW = Date.UTC(2026, 0, 5, 9);
const HOUR = 3_600_000;
const AT = { 'x-ratelimit-remaining': '0' };

test('the later of two that a refusal asks for holds', () => {
  const headers = { 'retry-after': '30', ...AT, 'x-ratelimit-reset': '60' };
  expect(readAskedUntil(headers, NOW)).toBe(NOW + 60_000);
  expect(readAskedUntil({ ...headers, 'retry-after': '90' }, NOW)).toBe(NOW + 90_000);
  expect(readAskedUntil({ 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '60' }, NOW)).toBeUndefined();
});

test.each([
  ['behind', -2 * HOUR],
  ['ahead', 2 * HOUR],
])('where the clock of this machine is %s, a moment that the server names is still met', (_name, aheadMs) => {
  const serverMs = NOW - aheadMs;
  const date = new Date(serverMs).toUTCString();
  const wanted = { at: new Date(serverMs + 60_000), ourMs: NOW + 60_000 };
  expect(readAskedUntil({ date, 'retry-after': wanted.at.toUTCString() }, NOW)).toBe(wanted.ourMs);
  expect(readAskedUntil({ date, 'retry-after': '60' }, NOW)).toBe(wanted.ourMs);
  const reset = String(wanted.at.getTime() / 1000);
  expect(readExhaustedUntil({ date, ...AT, 'x-ratelimit-reset': reset }, NOW)).toBe(wanted.ourMs);
});

test.each(['Mon, 05 Jan 1970 09:00:00 GMT', 'yesterday', ''])(
  'a date that no clock shows moves nothing: "%s"',
  (date) => {
    expect(readAskedUntil({ date, 'retry-after': 'Mon, 05 Jan 2026 09:01:00 GMT' }, NOW)).toBe(NOW + 60_000);
  },
);

test('what a store can hold is never exceeded', () => {
  const headers = { date: new Date(NOW - HOUR).toUTCString(), 'retry-after': '9'.repeat(400) };
  expect(new Date(readAskedUntil(headers, NOW) ?? Number.NaN).getTime()).toBe(8.64e15 - 24 * HOUR);
});
