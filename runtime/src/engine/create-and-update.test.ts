import { expect, test } from 'vitest';
import type { AnyFlow } from '../flow.ts';
import type { WireOutcome, WireRequest } from '../http/transport.ts';
import { createTestClient } from '../testing/create-test-client.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import { at, createTestFlow } from '../testing/fake-world.ts';
import type { Row } from '../testing/fake-world.ts';
import { createMemoryTransport, respond } from '../testing/memory-transport.ts';
import { createFlowRunner } from './flow-runner.ts';

/** A target that makes an object by one call and changes it by another. */
function createFlow(): AnyFlow {
  const base = createTestFlow({ tier: 5 });
  const [target] = base.targets;
  return {
    ...base,
    targets: [
      {
        ...target,
        mode: 'create',
        tier: 5,
        map: (given: Row) => ({ ref: given.id, name: given.name, made: true }),
        update: {
          tier: 0,
          map: (given: Row) => ({ name: given.name }),
          request: (item: object, _row: Row, _scope: unknown, id: string) => ({
            operation: 'PATCH /objects/{id}',
            method: 'PATCH',
            path: `/objects/${id}`,
            body: item,
          }),
        },
      },
    ],
  };
}

function createWorld() {
  const context = createTestContext();
  const written: string[] = [];
  const world = {
    context,
    written,
    list: [] as readonly Row[],
    fault: undefined as ((request: WireRequest) => WireOutcome | undefined) | undefined,
    answer: { id: 'o1' } as unknown,
    async once(...list: readonly Row[]) {
      world.list = list;
      await context.clock.drive(runner.runOnce());
      const [counts] = await context.store.counts(['f']);
      return counts?.states;
    },
  };
  const target = createMemoryTransport(context.clock, (request) => {
    written.push(`${request.method} ${new URL(request.url).pathname} ${request.body ?? ''}`);
    return world.fault?.(request) ?? respond(200, world.answer);
  });
  const source = createMemoryTransport(context.clock, () => respond(200, { rows: world.list }));
  const runner = createFlowRunner({
    flow: createFlow(),
    source: createTestClient(context, source, { name: 'source', server: 'https://source.example' }),
    clients: [createTestClient(context, target, { server: 'https://target.example' })],
    context,
  });
  return world;
}

function row(name: string, second: number): Row {
  return { id: 'a', name, at: at(second) };
}

test('what is new is created, and what has changed is changed by the id that the target gave it', async () => {
  const world = createWorld();
  await world.once(row('Ada', 1));
  expect(await world.once(row('Bea', 2))).toEqual({ delivered: 2 });
  expect(world.written).toEqual([
    'POST /objects {"ref":"a","name":"Ada","made":true}',
    'PATCH /objects/o1 {"name":"Bea"}',
  ]);
});

test('what an update has confirmed is not sent again', async () => {
  const world = createWorld();
  await world.once(row('Ada', 1));
  await world.once(row('Bea', 2));
  expect(await world.once(row('Bea', 3))).toEqual({ delivered: 2, unchanged: 1 });
  expect(world.written).toHaveLength(2);
});

test('an update of unknown outcome is sent again, though a create of unknown outcome would not be', async () => {
  const world = createWorld();
  await world.once(row('Ada', 1));
  let cuts = 1;
  world.fault = () => {
    if (cuts === 0) return undefined;
    cuts -= 1;
    return { kind: 'unknown', reason: 'cut', detail: 'ECONNRESET' };
  };
  expect(await world.once(row('Bea', 2))).toEqual({ delivered: 2 });
  expect(world.written.slice(1)).toEqual([
    'PATCH /objects/o1 {"name":"Bea"}',
    'PATCH /objects/o1 {"name":"Bea"}',
  ]);
});

test('a change of an object that is gone goes to review and creates nothing', async () => {
  const world = createWorld();
  await world.once(row('Ada', 1));
  world.fault = () => respond(404);
  expect(await world.once(row('Bea', 2))).toEqual({ delivered: 1, review: 1 });
  expect(world.written.filter((line) => line.startsWith('POST'))).toHaveLength(1);
});

test('a change of an object whose id nobody knows goes to review', async () => {
  const world = createWorld();
  world.answer = {};
  await world.once(row('Ada', 1));
  expect(await world.once(row('Bea', 2))).toEqual({ delivered: 1, review: 1 });
  const [review] = await world.context.store.listReviews({ state: 'open', limit: 1 });
  expect(review?.reason).toBe('no id');
  expect(world.written).toHaveLength(1);
});
