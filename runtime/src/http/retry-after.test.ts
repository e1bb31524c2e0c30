import { expect, test } from 'vitest';
import { parseRetryAfter } from './retry-after.ts';

const NOW = Date.UTC(2026, 0, 5, 9);

test.each([
  ['120', NOW + 120_000],
  ['1.5', NOW + 1500],
  ['0.0001', NOW + 1],
  [' 30 ', NOW + 30_000],
  ['Mon, 05 Jan 2026 09:01:00 GMT', NOW + 60_000],
  ['Monday, 05-Jan-26 09:01:00 GMT', NOW + 60_000],
  ['Mon Jan  5 09:01:00 2026', NOW + 60_000],
  ['2026-01-05T09:01:00Z', NOW + 60_000],
  ['2026-01-05T10:01:00+01:00', NOW + 60_000],
  ['2026-01-05T09:01:00', NOW + 60_000],
  [String(NOW / 1000 + 60), NOW + 60_000],
  [`${NOW / 1000 + 60}.25`, NOW + 60_250],
  [String(NOW + 60_000), NOW + 60_000],
  [`${NOW + 60_000}.5`, NOW + 60_001],
])('a server that says "%s" is left alone until then', (header, expected) => {
  expect(parseRetryAfter(header, NOW)).toBe(expected);
});

test.each([
  undefined,
  '',
  '0',
  '0.0',
  '-1',
  '-120',
  '+5',
  'soon',
  'wait 2049',
  '5 minutes',
  '1e3',
  'NaN',
  '1, 2',
  'Mon, 05 Jan 2026 08:59:00 GMT',
  '2020-01-01T00:00:00Z',
  '1500000000',
])('what says nothing of the future is left to our own backoff: %s', (header) => {
  expect(parseRetryAfter(header, NOW)).toBeUndefined();
});

test.each(['9999999999', '999999999999', '9'.repeat(400), '99999999999999999999.5'])(
  'a huge value is a whole number that a store can hold: %s',
  (header) => {
    const at = parseRetryAfter(header, NOW);
    expect(Number.isSafeInteger(at)).toBe(true);
    expect(at).toBeGreaterThan(NOW + 365 * 86_400_000);
  },
);
