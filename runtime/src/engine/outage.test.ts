import { expect, test } from 'vitest';
import type { WireOutcome } from '../http/transport.ts';
import { createWorld, rows } from '../testing/fake-world.ts';
import type { Row, World } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';

const REFUSED: WireOutcome = { kind: 'not-sent', detail: 'refused' };
const HOUR = 3_600_000;

function serve(list: readonly Row[]): () => WireOutcome {
  return () => respond(200, { rows: list });
}

function refs(world: World): string[] {
  return world.target.objects.map((entry) => entry.ref).toSorted();
}

test('a record that a healthy target never takes is a dead letter after a day, and one of unknown outcome goes to review', async () => {
  const list = rows(6);
  const world = createWorld(
    () =>
      respond(200, {
        rows: list.map((row) =>
          ['r0', 'r1'].includes(row.id ?? '')
            ? row
            : {
                ...row,
                at: new Date(world.clock.now()).toISOString(),
                name: row.name + String(world.clock.now()),
              },
        ),
      }),
    { read: { everyMs: HOUR / 6 } },
  );
  world.target.fault = (request) =>
    request.body?.includes('"r0"') === true
      ? REFUSED
      : request.body?.includes('"r1"') === true
        ? respond(500)
        : undefined;
  const running = world.runner.run();
  await world.clock.advance(60 * HOUR);
  world.context.stop();
  await world.clock.drive(running);
  const [dead] = await world.context.store.listDead({ limit: 10 });
  expect(dead).toMatchObject({ key: 'r0', reason: 'not taken for 24 hours: not-sent' });
  expect(await world.context.store.listReviews({ state: 'open', limit: 10 })).toMatchObject([
    { key: 'r1', reason: 'unknown outcome' },
  ]);
});

/** The calls that were counted when this was written are 783, 99, 105 and 33; each bound is a tenth more. */
test.each([
  ['refuses connections', 48, 861, () => REFUSED],
  ['answers 500', 5, 109, () => respond(500)],
  ['answers 503', 5, 116, () => respond(503)],
  ['refuses the credentials', 5, 37, () => respond(401)],
] as const)(
  'a target that %s for %i hours costs no record, and at most %i calls',
  async (_name, hours, most, answer) => {
    const world = createWorld(serve(rows(50)), { read: { everyMs: HOUR } });
    world.target.fault = answer;
    const running = world.runner.run();
    await world.clock.advance(hours * HOUR);
    expect(world.target.transport.requests.length).toBeLessThanOrEqual(most);
    expect(
      Object.keys(await world.states()).filter((state) => !['waiting', 'unknown', 'sending'].includes(state)),
    ).toEqual([]);
    world.target.fault = undefined;
    await world.clock.advance(3 * HOUR);
    expect(await world.states()).toEqual({ delivered: 50 });
    world.context.stop();
    await world.clock.drive(running);
    expect(refs(world)).toHaveLength(50);
  },
);

test('a service that is asked to stop ends promptly and loses nothing', async () => {
  const world = createWorld(serve(rows(100)), { limits: { rate: { count: 1, perMs: 10_000 } } });
  const running = world.runner.run();
  await world.clock.advance(25_000);
  const before = world.clock.now();
  world.context.stop();
  await world.clock.drive(running);
  expect(world.clock.now() - before).toBeLessThan(100);
  expect(await world.states()).toEqual({
    delivered: world.target.objects.length,
    waiting: 100 - world.target.objects.length,
  });
});

test('a system that asks for patience without a time is asked less and less often', async () => {
  const world = createWorld(() => respond(200, { rows: rows(1) }), { read: { everyMs: 24 * HOUR } });
  world.target.fault = () => respond(429, {});
  const running = world.runner.run();
  await world.clock.advance(6 * HOUR);
  const tries = world.target.transport.requests.length;
  world.target.fault = undefined;
  await world.clock.advance(HOUR);
  world.context.stop();
  await world.clock.drive(running);

  expect(tries).toBeLessThan(300);
  expect(await world.states()).toEqual({ delivered: 1 });
});
