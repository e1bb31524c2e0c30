import { expect, test } from 'vitest';
import { createWorld, rows } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';
import { findNextReadingMs } from './next-reading.ts';

const NOON = Date.UTC(2026, 0, 5, 12);
const HOUR = 3_600_000;
const nightly = { everyMs: 24 * HOUR, at: { cron: '0 2 * * *', zone: 'Pacific/Auckland' } };

test('a flow with an interval reads when that has passed, and one that never read reads at once', () => {
  expect(findNextReadingMs({ everyMs: HOUR }, NOON)).toBe(NOON + HOUR);
  expect(findNextReadingMs({ everyMs: HOUR }, undefined)).toBe(0);
  expect(findNextReadingMs(nightly, undefined)).toBe(0);
});

test('a schedule is of the clock of its zone, also where that is put forward', () => {
  // Auckland is 13 hours ahead of UTC in January, 12 in July, and has no 2:30 on 27 September 2026.
  expect(findNextReadingMs(nightly, NOON)).toBe(Date.UTC(2026, 0, 5, 13));
  expect(findNextReadingMs(nightly, Date.UTC(2026, 6, 1, 12))).toBe(Date.UTC(2026, 6, 1, 14));
  const missing = { everyMs: HOUR, at: { cron: '30 2 27 9 *', zone: 'Pacific/Auckland' } };
  const next = findNextReadingMs(missing, Date.UTC(2026, 8, 26));
  expect(next).toBeGreaterThanOrEqual(Date.UTC(2026, 8, 26, 13, 30));
  expect(next).toBeLessThanOrEqual(Date.UTC(2026, 8, 26, 15, 30));
});

test('a flow with a schedule reads at its times, and makes up for one that it slept through', async () => {
  let reads = 0;
  const answer = () => {
    reads += 1;
    return respond(200, { rows: rows(1) });
  };
  const read = { everyMs: 24 * HOUR, at: { cron: '0 2 * * *', zone: 'UTC' } };
  const world = createWorld(answer, { read });
  const running = world.runner.run();
  await world.clock.advance(72 * HOUR);
  world.context.stop();
  await world.clock.drive(running);
  // At the start, because it never did, and three nights.
  expect(reads).toBe(4);
});
