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
function createFlow(tier: 3 | 5, changed: 'update' | 'ignore', first: 'all' | 'seen'): AnyFlow {
  const base = createTestFlow({
    tier,
    read: { changes: { field: (given: Row) => given.at, lookbackMs: 0, settleMs: 0, first } },
  });
  const [target] = base.targets;
  return {
    ...base,
    later: { ...base.later, changed },
    targets: [
      {
        ...target,
        mode: 'create',
        tier,
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

function createWorld(
  tier: 3 | 5 = 5,
  changed: 'update' | 'ignore' = 'update',
  first: 'all' | 'seen' = 'all',
) {
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
    flow: createFlow(tier, changed, first),
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

test('what was there before the first run is not created where it changes: a person is told, or a look-up finds it', async () => {
  const blind = createWorld(5, 'update', 'seen');
  expect(await blind.once(row('Ada', 1))).toEqual({ seen: 1 });
  expect(await blind.once(row('Bea', 2))).toEqual({ review: 1, seen: 1 });
  expect(blind.written).toEqual([]);

  const looking = createWorld(3, 'update', 'seen');
  looking.fault = listing('o7');
  await looking.once(row('Ada', 1));
  expect(await looking.once(row('Bea', 2))).toEqual({ delivered: 1, seen: 1 });
  expect(writesOf(looking)).toEqual(['PATCH /objects/o7 {"name":"Bea"}']);
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

test('an answer that does not say what the object is called is of unknown outcome, and its change waits for a person', async () => {
  const world = createWorld();
  const { store, clock } = world.context;
  world.answer = {};
  expect(await world.once(row('Ada', 1))).toEqual({ review: 1 });
  const [first] = await store.listReviews({ state: 'open', limit: 1 });
  expect(first).toMatchObject({ reason: 'success test failed', unresolved: { target: 'object' } });
  const applied = { kind: 'applied', remoteId: undefined } as const;
  const decision = { kind: 'discard', reason: 'it is there', outcome: applied } as const;
  await clock.drive(store.decideReview(first?.id ?? 0, decision, 'ada', clock.now()));

  expect(await world.once(row('Bea', 2))).toEqual({ discarded: 1, review: 1 });
  const [review] = await store.listReviews({ state: 'open', limit: 1 });
  expect(review?.reason).toBe('no id');
  expect(world.written).toHaveLength(1);
});

/** The target lists this object for whatever is asked, and takes every write. */
function listing(id: string | undefined) {
  return ({ method }: WireRequest): WireOutcome | undefined =>
    method === 'GET' ? respond(200, { found: id === undefined ? [] : [{ id }] }) : undefined;
}

function writesOf({ written }: ReturnType<typeof createWorld>): readonly string[] {
  return written.filter((line) => !line.startsWith('GET'));
}

test('an object that was there before is made to hold the record at once, and nothing is created', async () => {
  const world = createWorld(3);
  world.fault = listing('o7');
  expect(await world.once(row('Ada', 1))).toEqual({ delivered: 1 });
  expect(writesOf(world)).toEqual(['PATCH /objects/o7 {"name":"Ada"}']);
  expect(await world.once(row('Ada', 2))).toEqual({ delivered: 1, unchanged: 1 });
  expect(await world.once(row('Bea', 3))).toEqual({ delivered: 2, unchanged: 1 });
  expect(writesOf(world)).toEqual(['PATCH /objects/o7 {"name":"Ada"}', 'PATCH /objects/o7 {"name":"Bea"}']);
});

test('where changes are ignored, what was there before stays as it is', async () => {
  const world = createWorld(3, 'ignore');
  world.fault = listing('o7');
  expect(await world.once(row('Ada', 1))).toEqual({ delivered: 1 });
  expect(writesOf(world)).toEqual([]);
});

test('what is found after a create of unknown outcome is changed, too: nobody knows who has made it', async () => {
  const world = createWorld(3);
  let made: string | undefined;
  world.fault = (request) => {
    if (request.method === 'GET') return listing(made)(request);
    made = 'o7';
    return request.method === 'POST' ? { kind: 'unknown', reason: 'cut', detail: 'ECONNRESET' } : undefined;
  };
  expect(await world.once(row('Ada', 1))).toEqual({ delivered: 1 });
  expect(writesOf(world)).toEqual([
    'POST /objects {"ref":"a","name":"Ada","made":true}',
    'PATCH /objects/o7 {"name":"Ada"}',
  ]);
});

test('a change of what was found that is refused is for a person, and is made once they let it go', async () => {
  const world = createWorld(3);
  let isRefused = true;
  world.fault = (request) =>
    listing('o7')(request) ?? (isRefused ? respond(422, { message: 'no' }) : undefined);
  expect(await world.once(row('Ada', 1))).toEqual({ review: 1 });
  isRefused = false;
  const [review] = await world.context.store.listReviews({ state: 'open', limit: 1 });
  await world.context.store.decideReview(review?.id ?? 0, { kind: 'retry' }, 'me', world.context.clock.now());
  expect(await world.once(row('Ada', 1))).toEqual({ delivered: 1 });
  expect(writesOf(world)).toEqual(['PATCH /objects/o7 {"name":"Ada"}', 'PATCH /objects/o7 {"name":"Ada"}']);
});
