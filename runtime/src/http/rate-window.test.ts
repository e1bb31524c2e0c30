import { expect, test } from 'vitest';
import { createSeededRandom } from '../testing/seeded-random.ts';
import { createRateWindow } from './rate-window.ts';

test('in no span of the window are there more calls than allowed, whenever they are asked for', () => {
  const random = createSeededRandom(20_260_105);
  for (let round = 0; round < 100; round += 1) {
    const count = 1 + Math.floor(random() * 10);
    const perMs = 10 + Math.floor(random() * 1000);
    const window = createRateWindow(count, perMs);
    const times: number[] = [];
    let now = 1_000_000;
    for (let call = 0; call < 200; call += 1) {
      now = Math.max(now + Math.floor(random() * random() * perMs), window.nextAt(now));
      expect(window.nextAt(now)).toBe(now);
      window.take(now);
      times.push(now);
    }
    for (const [index, time] of times.entries()) {
      const before = times[index - count];
      if (before !== undefined) expect(time - before).toBeGreaterThanOrEqual(perMs);
    }
  }
});

test('a clock that is set back by a day costs one span and no more', () => {
  const window = createRateWindow(2, 1000);
  for (const now of [90_000_000, 90_000_500]) window.take(now);
  expect(window.nextAt(3_600_000)).toBe(3_601_000);
  expect(window.nextAt(3_600_400)).toBe(3_601_000);
  window.take(3_601_000);
  expect(window.nextAt(3_601_000)).toBe(3_601_000);
});

test('an idle window lets a burst of its size through at once', () => {
  const window = createRateWindow(3, 1000);
  for (let call = 0; call < 3; call += 1) {
    expect(window.nextAt(5000)).toBe(5000);
    window.take(5000);
  }
  expect(window.nextAt(5000)).toBe(6000);
});
