import { expect, test } from 'vitest';
import type { LimitOptions } from '../../runtime/src/http/call-gate.ts';
import type { WireOutcome } from '../../runtime/src/http/transport.ts';
import { respond } from '../../runtime/src/testing/memory-transport.ts';
import { createMannersWorld, listRecords } from './manners-world.ts';
import type { MannersWorld } from './manners-world.ts';

const HOUR = 3_600_000;
const RECORDS = 50;

interface Outage {
  readonly world: MannersWorld;
  /** Calls of the target while it was down. */
  readonly probes: number;
  readonly endMs: number;
  stop(): Promise<void>;
}

/** Records wait at a target that answers nothing well and is then back. */
async function runOutage(
  answer: () => WireOutcome,
  lastsMs: number,
  limits: LimitOptions = {},
): Promise<Outage> {
  let isDown = true;
  const world = createMannersWorld({
    tier: 2,
    records: listRecords(RECORDS),
    everyMs: HOUR,
    limits: { concurrency: 10, ...limits },
    answer: (part) => (part === 'target' && isDown ? answer() : undefined),
  });
  const life = await world.start();
  await world.clock.advance(lastsMs);
  const probes = callsOf(world).length;
  isDown = false;
  const endMs = world.clock.now();
  await world.clock.advance(3 * HOUR);
  const stop = async (): Promise<void> => {
    life.stop();
    await world.clock.drive(life.end);
  };
  return { world, probes, endMs, stop };
}

function callsOf({ calls }: MannersWorld, sinceMs = 0) {
  return calls.filter(({ part, sentMs }) => part === 'target' && sentMs >= sinceMs);
}

/** Counted when this was written: 782, 782 and 788, one in 220 s once the pauses have grown to their cap of 300 s. */
const KINDS: readonly (readonly [string, number, () => WireOutcome])[] = [
  ['refuses connections', 850, () => ({ kind: 'not-sent', detail: 'ECONNREFUSED' })],
  ['answers 500', 850, () => respond(500)],
  ['answers 503', 850, () => respond(503)],
];

test.each(KINDS)(
  'a target that %s for two days costs no record and fewer than %i calls, and the catch-up begins with one call',
  async (_name, most, answer) => {
    const { world, probes, endMs, stop } = await runOutage(answer, 48 * HOUR);
    expect(probes).toBeLessThan(most);
    expect(await world.countStates()).toEqual({ delivered: RECORDS });
    // One reminder: a day after the alert, which came after an hour.
    expect(world.told).toEqual(['new pause target', 'still pause target', 'recovered pause target']);
    expectSlowStart(world, endMs);
    await stop();
  },
);

test('the catch-up after an outage keeps the declared rate', async () => {
  const rate = { count: 3, perMs: 10_000 };
  const { world, endMs, stop } = await runOutage(() => respond(500), 3 * HOUR, { rate });
  const sent = callsOf(world).map(({ sentMs }) => sentMs);
  const crowded = sent.filter((atMs, index) => atMs - (sent[index - rate.count] ?? -Infinity) < rate.perMs);
  expect(crowded).toEqual([]);
  expect(callsOf(world, endMs)).toHaveLength(RECORDS);
  expect(await world.countStates()).toEqual({ delivered: RECORDS });
  await stop();
});

/** After each good answer at most twice as many calls are under way as before, up to the declared number. */
function expectSlowStart(world: MannersWorld, endMs: number): void {
  const calls = callsOf(world, endMs);
  let allowed = 1;
  const seen: number[] = [];
  for (const call of calls) {
    const good = calls.filter(({ answeredMs = Infinity }) => answeredMs <= call.sentMs).length;
    allowed = Math.min(10, 2 ** good);
    expect(call.underWay).toBeLessThanOrEqual(allowed);
    seen.push(call.underWay);
  }
  expect(seen.slice(0, 4)).toEqual([1, 1, 2, 2]);
  expect(Math.max(...seen)).toBe(10);
}
