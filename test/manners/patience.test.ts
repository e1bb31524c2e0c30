import { expect, test } from 'vitest';
import type { WireOutcome } from '../../runtime/src/http/transport.ts';
import { respond } from '../../runtime/src/testing/memory-transport.ts';
import type { Tier } from '../faults/fault.ts';
import { createDice } from '../soak/dice.ts';
import { TOO_LONG } from '../soak/soak-source.ts';
import { createMannersWorld, listRecords } from './manners-world.ts';
import type { MannersWorld, Part } from './manners-world.ts';
import { SHAPES } from './write-patience.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;

interface Asked {
  readonly part: Part;
  readonly shape: string;
  readonly atMs: number;
  readonly notBeforeMs: number;
}

/** A service whose systems ask for patience now and then, and what they asked for. */
async function runSequence(
  seed: number,
  shapes: readonly string[],
  hours: number,
): Promise<{ world: MannersWorld; asked: Asked[] }> {
  const dice = createDice(seed, 'patience');
  const asked: Asked[] = [];
  const answer = (part: Part): WireOutcome | undefined => {
    if (!dice.chance(part === 'channel' ? 0.5 : 0.12)) return undefined;
    const shape = dice.pick(shapes);
    const nowMs = world.clock.now();
    const { status, headers, notBeforeMs } = SHAPES[shape]?.(dice, nowMs) ?? {
      status: 429,
      headers: {},
      notBeforeMs: 0,
    };
    // With a channel, only refusals count.
    if (status === 200 && part === 'channel') return undefined;
    asked.push({ part, shape, atMs: nowMs, notBeforeMs });
    return respond(status, status === 200 ? { id: 't', rows: [], next: null } : {}, headers);
  };
  const world = createMannersWorld({
    tier: (seed % 4) as Tier,
    records: listRecords(120).map((record, at) => (at % 10 === 0 ? { ...record, name: TOO_LONG } : record)),
    latencyMs: () => dice.spread(5, 500),
    answer,
  });
  let life = await world.start();
  const endMs = world.clock.now() + hours * HOUR;
  while (world.clock.now() < endMs) {
    await world.clock.advance(dice.spread(MINUTE, HOUR));
    if (!dice.chance(0.5)) continue;
    if (dice.chance(0.5)) life.kill();
    else {
      life.stop();
      await world.clock.drive(life.end);
    }
    await world.clock.advance(dice.spread(2000, 10_000));
    life = await world.start();
  }
  life.stop();
  await world.clock.drive(life.end);
  return { world, asked };
}

/** Calls that came after a system had asked for patience and before it wanted them. */
function findEarly({ calls }: MannersWorld, asked: readonly Asked[]): string[] {
  return asked.flatMap(({ part, shape, atMs, notBeforeMs }) =>
    calls
      .filter((call) => call.part === part && call.sentMs > atMs && call.sentMs < notBeforeMs)
      .map(({ sentMs }) => `${part}, ${shape}: ${notBeforeMs - sentMs} ms early, after ${sentMs - atMs} ms`),
  );
}

test.each(Object.keys(SHAPES))('no call comes before the time that is told by %s', async (shape) => {
  const { world, asked } = await runSequence(shape.length, [shape], 4);
  expect(asked.length).toBeGreaterThan(3);
  expect(findEarly(world, asked)).toEqual([]);
});

test(
  'no call comes too early for many sequences of all shapes, over restarts of the service',
  { timeout: 300_000 },
  async () => {
    let [answers, early] = [0, 0];
    for (let seed = 0; seed < 16; seed += 1) {
      const { world, asked } = await runSequence(seed, Object.keys(SHAPES), 6);
      answers += asked.length;
      expect(findEarly(world, asked), `seed ${seed}`).toEqual([]);
      early += findEarly(
        world,
        asked.map((one) => ({ ...one, notBeforeMs: one.notBeforeMs + 300 })),
      ).length;
    }
    expect(answers).toBeGreaterThan(200);
    // Calls come at the time that was told and a little after it, so that a third of a second too early is seen.
    expect(early).toBeGreaterThan(10);
  },
);
