import { expect, test } from 'vitest';
import type { AnyFlow } from '../flow.ts';
import { at, createTestFlow, createWorld, rows } from '../testing/fake-world.ts';
import type { World, WorldOptions } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';

const HALT = [{ on: [[402, 402]], do: 'halt', rule: 'flows.f.to[0].calls[0]' }] as const;

function createHaltingWorld(options: WorldOptions = {}): World {
  const [target] = createTestFlow(options).targets;
  const flow: Partial<AnyFlow> = { targets: [{ ...target, calls: HALT }] };
  return createWorld(() => respond(200, { rows: rows(3) }), { ...options, flow });
}

function payFirst(world: World): void {
  world.target.fault = (request) =>
    request.method === 'POST' && request.body?.includes('"r1"') === true
      ? respond(402, { message: 'pay first' })
      : undefined;
}

test('a rule that halts the flow at an answer to a write halts it, and the record that met it is tried again once that is lifted', async () => {
  const world = createHaltingWorld();
  payFirst(world);
  await world.once();
  const { store, clock } = world.context;
  expect(await store.listPauses()).toMatchObject([
    { name: 'flow:f', kind: 'halt', reason: expect.stringContaining('flows.f.to[0].calls[0]') },
  ]);
  expect(await world.states()).toMatchObject({ review: 1 });
  world.target.fault = undefined;
  const before = world.target.transport.requests.length;
  await world.once();
  expect(world.target.transport.requests).toHaveLength(before);
  await store.clearPause('flow:f', 'ada', clock.now());
  await world.once();
  expect(await world.states()).toEqual({ delivered: 3 });
  expect(world.target.objects.map(({ ref }) => ref).toSorted()).toEqual(['r0', 'r1', 'r2']);
});

test('a rule that halts the flow at a look-up before a write halts it, and nothing is written', async () => {
  const world = createHaltingWorld({ tier: 3 });
  world.target.fault = (request) => (request.method === 'GET' ? respond(402, {}) : undefined);
  await world.once();
  expect(await world.context.store.listPauses()).toMatchObject([{ name: 'flow:f', kind: 'halt' }]);
  expect(world.target.objects).toEqual([]);
});

test.each([
  ['skip', 410, 'skipped'],
  ['fail', 404, 'dead'],
  ['review', 410, 'review'],
] as const)(
  'a rule says %s at a %i: so the record ends, and what was confirmed of its object counts no more',
  async (action, status, state) => {
    const calls = [{ on: [[status, status]], do: action, rule: 'flows.f.to[0].calls[0]' }] as const;
    const [target] = createTestFlow({}).targets;
    let row = { id: 'r0', name: 'first', at: at(0) };
    const world = createWorld(() => respond(200, { rows: [row] }), {
      flow: { targets: [{ ...target, calls }] },
    });
    await world.once();
    row = { id: 'r0', name: 'second', at: at(10) };
    world.target.fault = (request) => (request.method === 'POST' ? respond(status, {}) : undefined);
    await world.once();
    expect(await world.states()).toMatchObject({ [state]: 1 });
    // What it was at first, which would be "unchanged" had nobody noted that it is gone.
    row = { id: 'r0', name: 'first', at: at(20) };
    world.target.fault = undefined;
    const before = world.target.transport.requests.length;
    await world.once();
    expect(world.target.transport.requests.length).toBe(before + 1);
  },
);

test('a flow that is halted goes on with what halted it first, whatever else ends badly meanwhile', async () => {
  const list = rows(310).map((row, index) => (index < 250 ? { ...row, name: null } : row));
  const world = createWorld(() => respond(200, { rows: list }), { tier: 2 });
  const { store, clock } = world.context;
  let refusals = 0;
  world.target.fault = () => {
    refusals += 1;
    return refusals === 1 ? respond(422, { message: 'no' }) : undefined;
  };
  await world.once();
  expect(await store.listPauses()).toMatchObject([
    { reason: expect.stringContaining('250 of 310 records went to review for one reason') },
  ]);
  await clock.drive(store.clearPause('flow:f', 'ada', clock.now()));

  expect(await world.states()).toMatchObject({ queued: 250, review: 1 });
});
