import { expect, test } from 'vitest';
import type { WireOutcome } from '../../runtime/src/http/transport.ts';
import { respond } from '../../runtime/src/testing/memory-transport.ts';
import { createDice } from '../soak/dice.ts';
import { createMannersWorld, listRecords } from './manners-world.ts';

const RECORDS = 2000;
const MOST = 1.2;

const FAILURES: readonly (() => WireOutcome)[] = [
  () => respond(500),
  () => respond(502, '<html></html>', { 'content-type': 'text/html' }),
  () => respond(503),
  () => respond(429),
  () => ({ kind: 'unknown', reason: 'cut', detail: 'cut' }),
  () => ({ kind: 'not-sent', detail: 'ECONNREFUSED' }),
];

test('where a tenth of the calls fails at random, no more than 1.2 calls are made for each record', async () => {
  const dice = createDice(1, 'amplification');
  const world = createMannersWorld({
    tier: 1,
    records: listRecords(RECORDS),
    latencyMs: () => dice.spread(5, 50),
    answer: (part) => (part === 'target' && dice.chance(0.1) ? dice.pick(FAILURES)() : undefined),
  });
  const life = await world.start();
  await world.clock.advance(2 * 3_600_000);
  life.stop();
  await world.clock.drive(life.end);
  expect(await world.countStates()).toEqual({ delivered: RECORDS });
  expect(world.target.entries).toHaveLength(RECORDS);
  const calls = world.calls.filter(({ part }) => part === 'target').length;
  expect(calls / RECORDS).toBeLessThanOrEqual(MOST);
});
