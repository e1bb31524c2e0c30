import { expect, test } from 'vitest';
import type { AnyFlow, BatchOf } from '../flow.ts';
import type { WriteTier } from '../http/decide-call.ts';
import type { WireOutcome, WireRequest } from '../http/transport.ts';
import { createTestClient } from '../testing/create-test-client.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import type { TestContext } from '../testing/create-test-context.ts';
import { createTestFlow, rows } from '../testing/fake-world.ts';
import type { Row } from '../testing/fake-world.ts';
import { createMemoryTransport, respond } from '../testing/memory-transport.ts';
import { createFlowRunner } from './flow-runner.ts';

interface Item {
  readonly ref: string;
  readonly name: string;
}

interface Call {
  readonly key: string | undefined;
  readonly body: string;
  readonly refs: readonly string[];
}

interface BatchWorld {
  readonly context: TestContext;
  readonly calls: readonly Call[];
  /** What the target holds; an object twice is a duplicate. */
  readonly objects: Item[];
  /** Looks at each call first; what it returns is the answer. `apply` does the writes before. */
  fault: ((call: Call, apply: () => WireOutcome) => WireOutcome | undefined) | undefined;
  once(): Promise<void>;
  states(): Promise<Readonly<Record<string, number>>>;
}

interface BatchOptions {
  readonly tier?: WriteTier;
  readonly list?: readonly Row[];
  readonly batch?: Partial<BatchOf>;
  readonly keyLastsMs?: number;
  readonly lookUp?: boolean;
  /** What the target knows a record by, where it is not its key. */
  readonly refOf?: (row: Row) => string;
}

const ANSWERED: BatchOf = {
  size: 100,
  list: 'inputs',
  results: (body) => body.results,
  id: (result) => result.id,
  error: (result) => result.message !== undefined,
};

/** The test flow, with `size` records to a call; at tier 1 the target remembers keys, at 0 and 2 it knows objects by ref. */
function createBatchWorld({ tier = 2, list = rows(5), batch = {}, ...more }: BatchOptions): BatchWorld {
  const context = createTestContext();
  const calls: Call[] = [];
  const objects: Item[] = [];
  const known = new Map<string, WireOutcome>();
  const write = ({ key, body }: Call): WireOutcome => {
    const before = tier === 1 ? known.get(key ?? '') : undefined;
    if (before !== undefined) return before;
    const items = (JSON.parse(body) as { readonly inputs: readonly Item[] }).inputs;
    for (const item of items) {
      const place = tier === 2 ? objects.findIndex((entry) => entry.ref === item.ref) : -1;
      if (place >= 0) objects[place] = item;
      else objects.push(item);
    }
    const outcome = respond(200, { results: items.map(({ ref }) => ({ id: `t-${ref}`, ref })) });
    known.set(key ?? '', outcome);
    return outcome;
  };
  const target = createMemoryTransport(context.clock, (request: WireRequest) => {
    if (request.method === 'GET') {
      const ref = new URL(request.url).searchParams.get('ref');
      return respond(200, {
        found: objects.filter((item) => item.ref === ref).map(() => ({ id: `t-${ref}` })),
      });
    }
    const body = request.body ?? '';
    const refs = (JSON.parse(body) as { readonly inputs: readonly Item[] }).inputs.map((item) => item.ref);
    const call = { key: request.headers['idempotency-key'], body, refs };
    calls.push(call);
    return world.fault?.(call, () => write(call)) ?? write(call);
  });
  const runner = createFlowRunner({
    flow: createBatchFlow(tier, { ...ANSWERED, ...batch }, more),
    source: createTestClient(
      context,
      createMemoryTransport(context.clock, () => respond(200, { rows: list })),
      { name: 'source', server: 'https://source.example' },
    ),
    clients: [createTestClient(context, target, {})],
    context,
  });
  const world: BatchWorld = {
    context,
    calls,
    objects,
    fault: undefined,
    async once() {
      await context.clock.drive(runner.runOnce());
    },
    async states() {
      const [counts] = await context.store.counts(['f']);
      return counts?.states as Readonly<Record<string, number>>;
    },
  };
  return world;
}

function createBatchFlow(
  tier: WriteTier,
  batch: BatchOf,
  { refOf, ...more }: Pick<BatchOptions, 'keyLastsMs' | 'lookUp' | 'refOf'>,
): AnyFlow {
  const flow = createTestFlow({ tier, ...more });
  const [target] = flow.targets;
  return {
    ...flow,
    targets: [
      {
        ...target,
        ...(refOf === undefined ? {} : { map: (row: Row) => ({ ref: refOf(row), name: row.name ?? '' }) }),
        request: (item: Item) => ({
          operation: 'POST /objects/batch',
          method: 'POST',
          path: '/objects/batch',
          body: { inputs: [item] },
        }),
        batch,
        ...(target.lookUp === undefined ? {} : { lookUp: { ...target.lookUp, itemPath: 'inputs[0]' } }),
      },
    ],
  };
}

function refsOf(objects: readonly Item[]): string[] {
  return objects.map(({ ref }) => ref).toSorted();
}

function cut(detail: string): WireOutcome {
  return { kind: 'unknown', reason: 'cut', detail };
}

const FIVE = ['r0', 'r1', 'r2', 'r3', 'r4'];

test('as many records as the target takes go out in one call, and each keeps the id of its result', async () => {
  const world = createBatchWorld({ list: rows(250) });
  await world.once();
  expect(world.calls.map(({ refs }) => refs.length).toSorted()).toEqual([100, 100, 50]);
  expect(await world.states()).toEqual({ delivered: 250 });
  expect(new Set(refsOf(world.objects)).size).toBe(250);
  expect(await world.context.store.findLinkedKey('f', 'object', 't-r137')).toBe('r137');
});

test('results in another order are told apart by what item and result share', async () => {
  const world = createBatchWorld({ batch: { match: { item: 'ref', result: 'ref' } } });
  world.fault = (call) =>
    respond(200, { results: call.refs.toReversed().map((ref) => ({ id: `t-${ref}`, ref })) });
  await world.once();
  expect(await world.states()).toEqual({ delivered: 5 });
  expect(await world.context.store.findLinkedKey('f', 'object', 't-r1')).toBe('r1');
});

test('a record that its result refuses goes to review with its own words, and the others are delivered', async () => {
  const world = createBatchWorld({});
  world.fault = ({ refs }) =>
    respond(200, { results: refs.map((ref) => (ref === 'r3' ? { message: 'no such town' } : { id: ref })) });
  await world.once();
  expect(await world.states()).toEqual({ delivered: 4, review: 1 });
  expect(await world.context.store.listReviews({ state: 'open', limit: 9 })).toMatchObject([
    { key: 'r3', message: 'no such town', rule: 'flows.f.to.object.batch.error' },
  ]);
});

test('a call that is refused as a whole is halved until the target says which record it will not take', async () => {
  const world = createBatchWorld({ list: rows(16) });
  world.fault = ({ refs }) => (refs.includes('r5') ? respond(422, { message: 'bad r5' }) : undefined);
  await world.once();
  expect(await world.states()).toEqual({ delivered: 15, review: 1 });
  expect(world.calls.filter(({ refs }) => refs.includes('r5')).map(({ refs }) => refs.length)).toEqual([
    16, 8, 4, 2, 1,
  ]);
  expect(world.calls.length).toBeLessThanOrEqual(2 * 5 - 1);
});

test('a record without a result is of unknown outcome, and goes out again alone', async () => {
  const world = createBatchWorld({ batch: { match: { item: 'ref', result: 'ref' } } });
  world.fault = ({ refs }, apply) => {
    apply();
    const named = refs.length > 1 ? refs.filter((ref) => ref !== 'r2') : refs;
    return respond(200, { results: [...named, 'stranger'].map((ref) => ({ id: `t-${ref}`, ref })) });
  };
  await world.once();
  expect(await world.states()).toEqual({ delivered: 5 });
  expect(world.calls.map(({ refs }) => refs)).toEqual([FIVE, ['r2']]);
  expect(refsOf(world.objects)).toEqual(FIVE);
});

test('two results for one record, or one result too few, say nothing of whose is whose', async () => {
  const twice = createBatchWorld({ tier: 5, batch: { match: { item: 'ref', result: 'ref' } } });
  twice.fault = ({ refs }) =>
    respond(200, { results: [...refs, 'r1'].map((ref) => ({ id: `t-${ref}`, ref })) });
  await twice.once();
  expect(await twice.states()).toEqual({ delivered: 4, review: 1 });
  const short = createBatchWorld({ tier: 5 });
  short.fault = ({ refs }) => respond(200, { results: refs.slice(1).map((ref) => ({ id: `t-${ref}` })) });
  await short.once();
  expect(await short.states()).toEqual({ review: 5 });
  expect(short.calls).toHaveLength(1);
});

test('under an idempotency key a call of unknown outcome goes out again with the same bytes and the same key', async () => {
  const world = createBatchWorld({ tier: 1 });
  world.fault = (_call, apply) => {
    if (world.calls.length > 1) return undefined;
    apply();
    return cut('ECONNRESET');
  };
  await world.once();
  expect(await world.states()).toEqual({ delivered: 5 });
  const [first, ...again] = world.calls;
  expect(again.length).toBeGreaterThan(0);
  for (const call of again) expect([call.key, call.body]).toEqual([first?.key, first?.body]);
  expect(refsOf(world.objects)).toEqual(FIVE);
});

test('under a key a record without a result is asked for with the whole call again, not alone', async () => {
  const world = createBatchWorld({ tier: 1, batch: { match: { item: 'ref', result: 'ref' } } });
  world.fault = ({ refs }, apply) => {
    apply();
    const named = world.calls.length === 1 ? refs.filter((ref) => ref !== 'r2') : refs;
    return respond(200, { results: named.map((ref) => ({ id: `t-${ref}`, ref })) });
  };
  await world.once();
  expect(await world.states()).toEqual({ delivered: 5 });
  expect(world.calls.map(({ refs }) => refs)).toEqual([FIVE, FIVE]);
  expect(new Set(world.calls.map(({ key, body }) => `${key} ${body}`)).size).toBe(1);
  expect(refsOf(world.objects)).toEqual(FIVE);
});

test('records that the target cannot tell apart do not share a call', async () => {
  const list = rows(4).map((row, index) => ({ ...row, name: index < 2 ? 'same' : `n${index}` }));
  const world = createBatchWorld({ list, batch: { match: { item: 'name', result: 'name' } } });
  world.fault = ({ body }) => {
    const { inputs } = JSON.parse(body) as { readonly inputs: readonly Item[] };
    return respond(200, { results: inputs.map(({ ref, name }) => ({ id: `t-${ref}`, name })) });
  };
  await world.once();
  expect(world.calls.map(({ refs }) => refs)).toEqual([['r0'], ['r1', 'r2', 'r3']]);
  expect(await world.states()).toEqual({ delivered: 4 });
});

test('what a look-up finds is adopted, and only the others are sent', async () => {
  const world = createBatchWorld({ tier: 3 });
  world.objects.push({ ref: 'r1', name: 'was there' });
  await world.once();
  expect(world.calls.map(({ refs }) => refs)).toEqual([['r0', 'r2', 'r3', 'r4']]);
  expect(await world.states()).toEqual({ delivered: 5 });
  expect(refsOf(world.objects)).toEqual(FIVE);
});

test('of records that are looked up alike one shares the call, and the others go after it', async () => {
  const list = rows(4).map((row, index) => ({ ...row, name: index < 2 ? 'same' : `n${index}` }));
  const world = createBatchWorld({ tier: 3, list, refOf: ({ name }) => name ?? '' });
  await world.once();
  expect(world.calls.map(({ refs }) => refs)).toEqual([['same', 'n2', 'n3']]);
  expect(await world.states()).toEqual({ delivered: 3, review: 1 });
});

test('after a call of unknown outcome the look-up decides for each record', async () => {
  const world = createBatchWorld({ tier: 3 });
  world.fault = (call, apply) => {
    if (world.calls.length > 1) return undefined;
    apply();
    world.objects.splice(1, 2);
    return cut(`${call.refs.length} sent`);
  };
  await world.once();
  expect(world.calls.map(({ refs }) => refs)).toEqual([FIVE, ['r1', 'r2']]);
  expect(await world.states()).toEqual({ delivered: 5 });
  expect(refsOf(world.objects)).toEqual(FIVE);
});

test('without protection a call of unknown outcome is never repeated: a person looks at each of its records', async () => {
  const world = createBatchWorld({ tier: 5 });
  world.fault = (_call, apply) => {
    apply();
    return cut('ECONNRESET');
  };
  await world.once();
  expect(await world.states()).toEqual({ review: 5 });
  expect(world.calls).toHaveLength(1);
});

test('once the vendor may have forgotten the key, and nothing else helps, a person decides', async () => {
  const world = createBatchWorld({ tier: 1, keyLastsMs: 1000 });
  world.fault = () => cut('ECONNRESET');
  await world.once();
  await world.context.clock.advance(600_000);
  await world.once();
  expect(await world.states()).toEqual({ review: 5 });
  expect(new Set(world.calls.map(({ key }) => key)).size).toBe(1);
});

test.each([403, 413])(
  'a call under a key that may have been taken and is then answered by %i is not sent in halves: each would be made again',
  async (status) => {
    const world = createBatchWorld({ tier: 1, list: rows(4) });
    let count = 0;
    world.fault = (_call, apply) => {
      count += 1;
      if (count === 1) apply();
      const lost = { kind: 'unknown', reason: 'timeout', detail: 'no answer' } as const;
      return count === 1 ? lost : respond(status, {});
    };
    await world.once();

    expect(world.objects.map(({ ref }) => ref)).toEqual(['r0', 'r1', 'r2', 'r3']);
    expect(await world.states()).toEqual({ review: 4 });
  },
);

test('a call that is refused by the system’s own word after a lost answer is sent in halves, once that is believed', async () => {
  const world = createBatchWorld({ tier: 1, list: rows(4) });
  world.fault = ({ refs }) => {
    if (world.calls.length === 1) return { kind: 'unknown', reason: 'timeout', detail: 'no answer' };
    return refs.includes('r1') ? respond(422, { message: 'not r1' }) : undefined;
  };
  await world.once();

  expect(world.objects.map(({ ref }) => ref).toSorted()).toEqual(['r0', 'r2', 'r3']);
  expect(await world.states()).toEqual({ delivered: 3, review: 1 });
  expect(new Set(world.calls.slice(0, 4).map(({ key }) => key)).size).toBe(1);
});

test('of a batch that meets a 412 only the record that it is about waits', async () => {
  const world = createBatchWorld({});
  world.fault = ({ refs }) => (refs.includes('r2') ? respond(412, {}) : undefined);
  await world.once();
  expect(world.objects.map(({ ref }) => ref).toSorted()).toEqual(['r0', 'r1', 'r3', 'r4']);
  expect(await world.states()).toEqual({ delivered: 4, waiting: 1 });
});

test.each([
  [2, { delivered: 5 }],
  [5, { review: 5 }],
] as const)(
  'a batch that meets a 412 after an answer was lost goes out in parts only where a repeat is harmless: tier %i',
  async (tier, states) => {
    const world = createBatchWorld({ tier });
    let tries = 0;
    world.fault = ({ refs }, apply) => {
      tries += 1;
      if (tries > 1) return refs.length > 1 ? respond(412, {}) : undefined;
      apply();
      return { kind: 'unknown', reason: 'cut', detail: '' };
    };
    await world.once();
    expect(await world.states()).toEqual(states);
    expect(world.objects).toHaveLength(5);
  },
);
