import { expect, test } from 'vitest';
import type { AnyFlow } from '../flow.ts';
import { createTestFlow, createWorld, rows } from '../testing/fake-world.ts';
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
