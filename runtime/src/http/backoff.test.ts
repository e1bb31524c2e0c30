import { expect, test } from 'vitest';
import { createSeededRandom } from '../testing/seeded-random.ts';
import { calculateBackoffMs, calculateDeferralMs } from './backoff.ts';

test('a backoff doubles and is capped before the draw', () => {
  const most = (attempt: number): number =>
    calculateBackoffMs(attempt, { baseMs: 200, capMs: 5000 }, () => 0.999_999_999);
  expect([1, 2, 3, 5, 6, 1000].map(most)).toEqual([200, 400, 800, 3200, 5000, 5000]);
});

test('a backoff is never negative and never above its step', () => {
  const random = createSeededRandom(1);
  for (let attempt = 1; attempt < 200; attempt += 1) {
    const delay = calculateBackoffMs(attempt, { baseMs: 100, capMs: 1000 }, random);
    expect(delay).toBeGreaterThanOrEqual(0);
    expect(delay).toBeLessThanOrEqual(1000);
  }
});

test('a deferral grows from some seconds to an hour and is never less than half of its step', () => {
  const [least, most] = [() => 0, () => 0.999_999_999];
  expect([0, 1, 5, 100].map((count) => calculateDeferralMs(count, least))).toEqual([
    2500, 5000, 80_000, 1_800_000,
  ]);
  expect([0, 1, 5, 100].map((count) => calculateDeferralMs(count, most))).toEqual([
    5000, 10_000, 160_000, 3_600_000,
  ]);
});
