import { expect, test } from 'vitest';
import type { AnyFlow, Scope } from '../flow.ts';
import type { Mapper } from '../map/mapper.ts';
import type { WireOutcome, WireRequest } from '../http/transport.ts';
import { createTestClient } from '../testing/create-test-client.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import type { TestContext } from '../testing/create-test-context.ts';
import { at, createTestFlow } from '../testing/fake-world.ts';
import type { Row } from '../testing/fake-world.ts';
import { createMemoryTransport, respond } from '../testing/memory-transport.ts';
import { createFlowRunner } from './flow-runner.ts';

interface Written {
  readonly target: string;
  readonly body: Readonly<Record<string, unknown>>;
}

type Fault = (target: string, request: WireRequest) => WireOutcome | undefined;

interface World {
  readonly context: TestContext;
  readonly written: readonly Written[];
  fault: Fault | undefined;
  once(): Promise<void>;
  states(): Promise<Readonly<Record<string, number>>>;
}

/** A contact, and an invoice that names the contact by the id that the first target gave it. */
function createTwoTargetFlow(changed: 'update' | 'ignore'): AnyFlow {
  const base = createTestFlow({ tier: 2 });
  const [contact] = base.targets;
  const invoice = {
    ...contact,
    name: 'invoice',
    system: 'second',
    map: (row: Row, map: Mapper, { ids }: Scope) => ({
      ref: row.id,
      name: map.text({ to: 'name', value: () => (row.name === 'fails' ? null : row.name), blank: 'review' }),
      contact: ids['contact'],
    }),
    request: (body: object) => ({ operation: 'POST /invoices', method: 'POST', path: '/invoices', body }),
    id: (body: { readonly id?: string }) => body.id,
  };
  return {
    ...base,
    later: { changed, left: 'ignore' },
    targets: [{ ...contact, name: 'contact', system: 'first' }, invoice],
  };
}

function createWorld(
  list: () => readonly Row[],
  changed: 'update' | 'ignore' = 'update',
  change: Partial<AnyFlow> = {},
): World {
  const context = createTestContext();
  const written: Written[] = [];
  const serve = (target: string) =>
    createMemoryTransport(context.clock, (request) => {
      const faulty = world.fault?.(target, request);
      if (faulty !== undefined) return faulty;
      const body = JSON.parse(request.body ?? '{}') as Written['body'];
      written.push({ target, body });
      return respond(200, { id: `${target}-${String(body['ref'])}` });
    });
  const source = createMemoryTransport(context.clock, (request) => {
    const since = new URL(request.url).searchParams.get('since') ?? '';
    return respond(200, { rows: list().filter((row) => row.at >= since) });
  });
  const client = (name: string, transport: Parameters<typeof createTestClient>[1]) =>
    createTestClient(context, transport, { name, server: `https://${name}.example` });
  const runner = createFlowRunner({
    flow: { ...createTwoTargetFlow(changed), ...change },
    source: client('source', source),
    clients: [client('first', serve('first')), client('second', serve('second'))],
    context,
  });
  const world: World = {
    context,
    written,
    fault: undefined,
    async once() {
      await context.clock.drive(runner.runOnce());
    },
    async states() {
      const [counts] = await context.store.counts(['f']);
      const sum = Object.values(counts?.states ?? {}).reduce((total, count) => total + count, 0);
      expect(sum).toBe(counts?.takenIn);
      return counts?.states as Readonly<Record<string, number>>;
    },
  };
  return world;
}

function makeRow(id: string, name: string, second = 1): Row {
  return { id, name, at: at(second) };
}

function refs(world: World, target: string): unknown[] {
  return world.written.filter((entry) => entry.target === target).map((entry) => entry.body['ref']);
}

test('a record goes to its targets in order, and a later one knows the id that an earlier one gave', async () => {
  const world = createWorld(() => [makeRow('a', 'Ada'), makeRow('b', 'Bob')]);
  await world.once();
  expect(await world.states()).toEqual({ delivered: 2 });
  expect(refs(world, 'first').toSorted()).toEqual(['a', 'b']);
  expect(world.written.filter((entry) => entry.target === 'second').map((entry) => entry.body)).toEqual([
    { ref: 'a', name: 'Ada', contact: 'first-a' },
    { ref: 'b', name: 'Bob', contact: 'first-b' },
  ]);
});

test('what one target has confirmed is not sent to it again while another one fails', async () => {
  const world = createWorld(() => [makeRow('a', 'Ada')]);
  world.fault = (target) => (target === 'second' ? { kind: 'not-sent', detail: 'ECONNREFUSED' } : undefined);
  await world.once();
  await world.context.clock.advance(3_600_000);
  expect(await world.states()).toEqual({ waiting: 1 });
  world.fault = undefined;
  await world.once();
  expect(await world.states()).toEqual({ delivered: 1 });
  expect([refs(world, 'first'), refs(world, 'second')]).toEqual([['a'], ['a']]);
});

test('a refusal of the second target parks the record, and a retry resumes there', async () => {
  const world = createWorld(() => [makeRow('a', 'Ada')]);
  world.fault = (target) => (target === 'second' ? respond(422, { message: 'no' }) : undefined);
  await world.once();
  expect(await world.states()).toEqual({ review: 1 });
  world.fault = undefined;
  const [review] = await world.context.store.listReviews({ state: 'open', limit: 1 });
  await world.context.store.decideReview(
    review?.id ?? 0,
    { kind: 'retry' },
    'ada',
    world.context.clock.now(),
  );
  await world.once();
  expect(await world.states()).toEqual({ delivered: 1 });
  expect([refs(world, 'first'), refs(world, 'second')]).toEqual([['a'], ['a']]);
});

test('an edit reaches the target that was written before it, and repeats nothing that is there', async () => {
  const world = createWorld(() => [makeRow('a', 'Ada')]);
  world.fault = (target) => (target === 'second' ? respond(422, { message: 'no' }) : undefined);
  const edit = async (row: Row): Promise<void> => {
    const [review] = await world.context.store.listReviews({ state: 'open', limit: 1 });
    const decision = {
      kind: 'edit',
      payload: JSON.stringify(row),
      rewrites: ['contact', 'invoice'],
    } as const;
    await world.context.store.decideReview(review?.id ?? 0, decision, 'ada', world.context.clock.now());
    await world.once();
  };
  const told = (): unknown[] => world.written.map(({ target, body }) => [target, body['name']]);
  await world.once();
  await edit(makeRow('a', 'Ada L.'));
  expect(told()).toEqual([
    ['first', 'Ada'],
    ['first', 'Ada L.'],
  ]);
  world.fault = undefined;
  // To the first target, this is what it holds.
  await edit({ ...makeRow('a', 'Ada L.'), note: 'of no target' } as Row);
  expect(told().slice(2)).toEqual([['second', 'Ada L.']]);
  expect(await world.states()).toEqual({ delivered: 1 });
});

test('an edit leaves a target alone at which a repeat makes another object', async () => {
  const world = createWorld(() => [makeRow('a', 'Ada')], 'ignore');
  world.fault = (target) => (target === 'second' ? respond(422, { message: 'no' }) : undefined);
  await world.once();
  world.fault = undefined;
  const [review] = await world.context.store.listReviews({ state: 'open', limit: 1 });
  const payload = JSON.stringify(makeRow('a', 'Ada L.'));
  const decision = { kind: 'edit', payload, rewrites: ['invoice'] } as const;
  await world.context.store.decideReview(review?.id ?? 0, decision, 'ada', world.context.clock.now());
  await world.once();
  expect(world.written.map(({ target, body }) => [target, body['name']])).toEqual([
    ['first', 'Ada'],
    ['second', 'Ada L.'],
  ]);
});

test.each([
  ['review', 'skip', { superseded: 1, review: 1 }],
  ['review', 'review', { superseded: 1, review: 1 }],
  ['ignore', 'skip', { superseded: 1, ignored: 1 }],
  ['ignore', 'review', { superseded: 1, review: 1 }],
] as const)(
  'a record that leaves when it has reached the first of its targets (left: %s, otherwise: %s) is not skipped',
  async (left, otherwise, states) => {
    let list = [makeRow('a', 'Ada')];
    const rule = { when: (row: Row) => row.name !== 'left', otherwise, rule: 'flows.f.keep[0]' };
    const change = { keep: [rule], later: { changed: 'update', left } } as unknown as Partial<AnyFlow>;
    const world = createWorld(() => list, 'update', change);
    world.fault = (target) => (target === 'second' ? { kind: 'not-sent', detail: 'refused' } : undefined);
    await world.once();
    list = [makeRow('a', 'left', 2)];
    await world.once();
    expect(await world.states()).toEqual(states);
  },
);

test('a newer version goes to both, whatever target the older one had reached', async () => {
  let list = [makeRow('a', 'Ada')];
  const world = createWorld(() => list);
  world.fault = (target) => (target === 'second' ? { kind: 'not-sent', detail: 'ECONNREFUSED' } : undefined);
  await world.once();
  list = [makeRow('a', 'Ada Lovelace', 2)];
  await world.once();
  world.fault = undefined;
  await world.context.clock.advance(3_600_000);
  await world.once();
  expect(await world.states()).toEqual({ superseded: 1, delivered: 1 });
  expect(world.written.map(({ target, body }) => [target, body['name']])).toEqual([
    ['first', 'Ada'],
    ['first', 'Ada Lovelace'],
    ['second', 'Ada Lovelace'],
  ]);
});

test('where changes are ignored, a record that has reached one target still goes to the other', async () => {
  let list = [makeRow('a', 'Ada')];
  const world = createWorld(() => list, 'ignore');
  world.fault = (target) => (target === 'second' ? { kind: 'not-sent', detail: 'ECONNREFUSED' } : undefined);
  await world.once();
  list = [makeRow('a', 'Ada Lovelace', 2)];
  await world.once();
  world.fault = undefined;
  await world.context.clock.advance(3_600_000);
  await world.once();
  expect([refs(world, 'first'), refs(world, 'second')]).toEqual([['a'], ['a']]);
  list = [makeRow('a', 'Countess', 3)];
  await world.once();
  expect(await world.states()).toEqual({ superseded: 1, delivered: 1, ignored: 1 });
  expect(world.written).toHaveLength(2);
});

test('an unchanged record is sent to neither', async () => {
  let list = [makeRow('a', 'Ada')];
  const world = createWorld(() => list);
  await world.once();
  list = [makeRow('a', 'Ada', 2)];
  await world.once();
  expect(await world.states()).toEqual({ delivered: 1, unchanged: 1 });
  expect(world.written).toHaveLength(2);
});

test('the process may die between two targets: the record goes on where it was', async () => {
  const world = createWorld(() => [makeRow('a', 'Ada'), makeRow('b', 'Bob', 2)]);
  world.fault = (target) =>
    target === 'second' ? { kind: 'unknown', reason: 'cut', detail: '' } : undefined;
  await world.once();
  await world.context.store.recoverSending();
  world.fault = undefined;
  await world.context.clock.advance(3_600_000);
  await world.once();
  expect(await world.states()).toEqual({ delivered: 2 });
  expect(refs(world, 'first').toSorted()).toEqual(['a', 'b']);
  expect(refs(world, 'second').toSorted()).toEqual(['a', 'b']);
});

test('a resync writes to every target once more, and what was delivered is not counted twice', async () => {
  const world = createWorld(() => [makeRow('a', 'Ada'), makeRow('b', 'Bob')]);
  await world.once();
  const { store, clock } = world.context;
  await store.requestBackfill({ flow: 'f', kind: 'resync', sinceMs: 0, actor: 'ada' }, clock.now());
  await world.once();
  for (const target of ['first', 'second']) expect(refs(world, target)).toEqual(['a', 'b', 'a', 'b']);
  expect(await world.states()).toEqual({ delivered: 2 });
  await world.once();
  expect(world.written).toHaveLength(8);
});

test.each(['mapping', 'refusal'] as const)(
  'a flow in which every record fails at its second target is halted, also where they come one by one (%s)',
  async (how) => {
    let count = 0;
    const world = createWorld(() => [makeRow(`r${count}`, how === 'mapping' ? 'fails' : 'Ada', count)]);
    world.fault = (target) => (target === 'second' ? respond(422, { message: 'no' }) : undefined);
    for (; count < 14; count += 1) await world.once();
    expect(await world.context.store.listPauses()).toMatchObject([
      { kind: 'halt', reason: expect.stringMatching(/^10 of (?:the last )?10 records/) as string },
    ]);
  },
);

test('a record whose first target adopts what it finds goes on to the second after an edit', async () => {
  const [found] = createTestFlow({ tier: 3 }).targets;
  const first = { ...found, name: 'contact', system: 'first' };
  const [, second] = createTwoTargetFlow('ignore').targets;
  const world = createWorld(() => [makeRow('a', 'Ada')], 'ignore', { targets: [first, second] as never });
  let lookUps = 0;
  world.fault = (target, { method }) => {
    if (target === 'second') return world.written.length < 2 && lookUps < 2 ? respond(422, {}) : undefined;
    if (method !== 'GET') return undefined;
    lookUps += 1;
    if (lookUps > 50) throw new Error('It looks for ever.');
    return respond(200, { found: [{ id: 'there' }] });
  };
  await world.once();
  expect(await world.states()).toEqual({ review: 1 });
  const [review] = await world.context.store.listReviews({ state: 'open', limit: 1 });
  const payload = JSON.stringify(makeRow('a', 'Ada L.'));
  world.fault = (target, { method }) =>
    target === 'first' && method === 'GET' ? respond(200, { found: [{ id: 'there' }] }) : undefined;
  const decision = { kind: 'edit', payload, rewrites: ['contact', 'invoice'] } as const;
  await world.context.store.decideReview(review?.id ?? 0, decision, 'ada', world.context.clock.now());
  await world.once();
  expect(await world.states()).toEqual({ delivered: 1 });
  expect(world.written.map(({ target, body }) => [target, body['name']])).toEqual([['second', 'Ada L.']]);
});
