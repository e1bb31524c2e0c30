import { expect, test } from 'vitest';
import type { AnyFind, AnyFlow, Scope } from '../flow.ts';
import type { WireOutcome, WireRequest } from '../http/transport.ts';
import { createTestClient } from '../testing/create-test-client.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import type { TestContext } from '../testing/create-test-context.ts';
import { at, createTestFlow } from '../testing/fake-world.ts';
import type { Row } from '../testing/fake-world.ts';
import { createMemoryTransport, respond } from '../testing/memory-transport.ts';
import type { MemoryTransport } from '../testing/memory-transport.ts';
import { filled } from '../transforms/blanks.ts';
import { createFlowRunner } from './flow-runner.ts';

const HOUR = 3_600_000;
/** Twice as long as a record may be tried. */
const TWO_DAYS = 48 * HOUR;

/** Who a record belongs to, and what that owner has. */
type Owners = Readonly<Record<string, readonly string[]>>;

interface World {
  readonly context: TestContext;
  readonly owners: MemoryTransport;
  readonly sent: readonly Readonly<Record<string, unknown>>[];
  fault: ((request: WireRequest) => WireOutcome | undefined) | undefined;
  refuse: ((request: WireRequest) => WireOutcome | undefined) | undefined;
  people: Owners;
  once(): Promise<void>;
  run(forMs: number): Promise<void>;
  states(): Promise<Readonly<Record<string, number>>>;
}

const owner: AnyFind = {
  name: 'owner',
  system: 'owners',
  take: 'one',
  request: (row: Row) => ({
    operation: 'GET /owners',
    method: 'GET',
    path: '/owners',
    query: [{ name: 'of', value: filled(row.name) }],
  }),
  records: (body: { readonly owners: readonly unknown[] }) => body.owners,
  pages: { kind: 'none' },
  none: 'review',
  many: 'review',
  shape: { id: 'string' },
  rule: 'flows.f.find.owner',
};

const things: AnyFind = {
  ...owner,
  name: 'things',
  take: 'all',
  request: (_row: Row, { found }: Scope<{ readonly owner: { readonly id: string } }>, page) => ({
    operation: 'GET /things',
    method: 'GET',
    path: '/things',
    query: [
      { name: 'of', value: found.owner.id },
      { name: 'page', value: page.number },
    ],
  }),
  pages: { kind: 'page', start: 1, size: 2, until: 'short' },
  rule: 'flows.f.find.things',
};

function createFlow(find: readonly AnyFind[], change: Partial<AnyFlow> = {}): AnyFlow {
  const base = createTestFlow({ tier: 2 });
  const [target] = base.targets;
  return {
    ...base,
    find,
    targets: [
      {
        ...target,
        map: (row: Row, _map: unknown, { found }: Scope) => ({ ref: row.id, found }),
      },
    ],
    ...change,
  };
}

function createWorld(flow: AnyFlow, list: () => readonly Row[]): World {
  const context = createTestContext();
  const sent: Readonly<Record<string, unknown>>[] = [];
  const source = createMemoryTransport(context.clock, () => respond(200, { rows: list() }));
  const owners = createMemoryTransport(context.clock, (request) => {
    const faulty = world.fault?.(request);
    if (faulty !== undefined) return faulty;
    const url = new URL(request.url);
    const of = url.searchParams.get('of') ?? '';
    const page = Number(url.searchParams.get('page') ?? 1);
    const all = url.pathname.endsWith('/things')
      ? ['1', '2', '3'].map((n) => `${of}-${n}`)
      : world.people[of];
    const owned = (all ?? []).slice((page - 1) * 2, page * 2);
    return respond(200, { owners: owned.map((id) => ({ id })) });
  });
  const target = createMemoryTransport(context.clock, (request) => {
    const refused = world.refuse?.(request);
    if (refused !== undefined) return refused;
    const body = JSON.parse(request.body ?? '{}') as Record<string, unknown>;
    sent.push(body);
    return respond(200, { id: `t-${String(body['ref'])}` });
  });
  const client = (name: string, transport: MemoryTransport) =>
    createTestClient(context, transport, { name, server: `https://${name}.example` });
  const ofOwners = client('owners', owners);
  const runner = createFlowRunner({
    flow,
    source: client('source', source),
    clients: flow.targets.map(() => client('target', target)),
    findClients: { owner: ofOwners, things: ofOwners },
    context,
  });
  const world: World = {
    context,
    owners,
    sent,
    fault: undefined,
    refuse: undefined,
    people: { Ada: ['o-ada'], Bob: ['o-bob'] },
    async once() {
      await context.clock.drive(runner.runOnce());
    },
    async run(forMs) {
      const running = runner.run();
      await context.clock.advance(forMs);
      context.stop();
      await context.clock.drive(running);
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

interface FoundByTwo {
  readonly owner?: { readonly id: string };
  readonly things?: { readonly id: string };
}

/** Two targets, of which the second alone needs to know who owns what the first has made. */
function createTwo(find: readonly AnyFind[], change: Partial<AnyFlow> = {}): AnyFlow {
  const [target] = createFlow([]).targets;
  const first = {
    ...target,
    map: (row: Row, _map: unknown, { found }: Scope<FoundByTwo>) => ({ ref: row.id, owner: found.owner?.id }),
  };
  const second = {
    ...target,
    name: 'second',
    map: (row: Row, _map: unknown, { found, ids }: Scope<FoundByTwo>) => ({
      ref: `${row.id}-2`,
      owner: found.owner?.id,
      things: found.things?.id,
      above: ids['object'],
    }),
  };
  return createFlow(find, { targets: [first, second], ...change });
}

const ofSecond: AnyFind = {
  ...owner,
  name: 'things',
  target: 'second',
  request: (_row: Row, { ids }: Scope) => ({
    operation: 'GET /owners',
    method: 'GET',
    path: '/owners',
    query: [{ name: 'of', value: filled(ids['object']) }],
  }),
  rule: 'flows.f.to.second.find.things',
};

function makeRow(id: string, name: string | null): Row {
  return { id, name, at: at(1) };
}

const ADA = [makeRow('a', 'Ada')];

test('what one target alone needs is looked up when the target before it has taken the record', async () => {
  const world = createWorld(createTwo([owner, ofSecond]), () => ADA);
  world.people = { Ada: ['o-ada'], 't-a': ['made'] };
  await world.once();
  expect(await world.states()).toEqual({ delivered: 1 });
  expect(world.sent).toEqual([
    { ref: 'a', owner: 'o-ada' },
    { ref: 'a-2', owner: 'o-ada', things: 'made', above: 't-a' },
  ]);
  // What both use is asked for once.
  expect(world.owners.requests.map(({ url }) => new URL(url).searchParams.get('of'))).toEqual(['Ada', 't-a']);
});

test('where the look-up of one target finds nothing, the record waits before it and is done before', async () => {
  const world = createWorld(createTwo([ofSecond]), () => ADA);
  await world.once();
  expect(await world.states()).toEqual({ review: 1 });
  expect(world.sent.map((body) => body['ref'])).toEqual(['a']);
  world.people = { 't-a': ['made'] };
  const [review] = await world.context.store.listReviews({ state: 'open', limit: 10 });
  await world.context.store.decideReview(
    review?.id ?? 0,
    { kind: 'retry' },
    'ada',
    world.context.clock.now(),
  );
  await world.once();
  expect(await world.states()).toEqual({ delivered: 1 });
  expect(world.sent.map((body) => body['ref'])).toEqual(['a', 'a-2']);
});

test('a backfill under later.changed: review looks up what it takes to see that nothing is to be changed', async () => {
  const flow = createTwo([owner, ofSecond], { later: { changed: 'review', left: 'ignore' } });
  const world = createWorld(flow, () => ADA);
  world.people = { Ada: ['o-ada'], 't-a': ['made'] };
  await world.once();
  await world.context.store.requestBackfill(
    { flow: 'f', kind: 'backfill', sinceMs: 0, actor: 'ada' },
    world.context.clock.now(),
  );
  await world.once();
  expect(await world.states()).toEqual({ unchanged: 1 });
  expect(world.sent).toHaveLength(2);
});

test('what a record needs is looked up before it is mapped, all pages of it, and one look-up uses another', async () => {
  const world = createWorld(createFlow([owner, things]), () => [...ADA, makeRow('b', 'Bob')]);
  await world.once();
  expect(await world.states()).toEqual({ delivered: 2 });
  expect(world.sent.find((body) => body['ref'] === 'a')).toEqual({
    ref: 'a',
    found: { owner: { id: 'o-ada' }, things: [{ id: 'o-ada-1' }, { id: 'o-ada-2' }, { id: 'o-ada-3' }] },
  });
});

test.each([
  ['nobody', [] as string[], 'none found'],
  ['two', ['o-1', 'o-2'], 'several found'],
])('a record for which %s is found goes to review', async (_what, found, reason) => {
  const world = createWorld(createFlow([owner, things]), () => ADA);
  world.people = { Ada: found };
  await world.once();
  expect(await world.states()).toEqual({ review: 1 });
  const [review] = await world.context.store.listReviews({ state: 'open', limit: 10 });
  expect(review).toMatchObject({ reason, rule: 'flows.f.find.owner' });
  expect(world.owners.requests).toHaveLength(1);
});

test('a look-up that needs something blank finds nothing and makes no call', async () => {
  const world = createWorld(createFlow([owner]), () => [makeRow('a', null)]);
  await world.once();
  expect(await world.states()).toEqual({ review: 1 });
  expect(world.owners.requests).toEqual([]);
});

test('a record goes on without what is not found where the rules say so', async () => {
  const world = createWorld(createFlow([{ ...owner, none: 'blank' }]), () => [makeRow('a', 'Nobody')]);
  await world.once();
  expect(world.sent).toEqual([{ ref: 'a', found: {} }]);
});

test('a record that is put off goes out once what it needs is there', async () => {
  const world = createWorld(createFlow([{ ...owner, none: 'defer' }]), () => ADA);
  world.people = {};
  const running = world.run(2 * HOUR);
  await Promise.resolve();
  expect(world.sent).toEqual([]);
  world.people = { Ada: ['o-ada'] };
  await running;
  expect(await world.states()).toEqual({ delivered: 1 });
});

test('a record whose look-up finds nothing for a day is a dead letter', async () => {
  const world = createWorld(createFlow([{ ...owner, none: 'defer' }]), () => ADA);
  world.people = {};
  await world.run(TWO_DAYS);
  expect(await world.states()).toEqual({ dead: 1 });
  expect(world.owners.requests.length).toBeLessThan(100);
});

test('no record ages while the system of its look-up is away', async () => {
  const world = createWorld(createFlow([{ ...owner, none: 'defer' }]), () => ADA);
  world.fault = () => ({ kind: 'not-sent', detail: 'ECONNREFUSED' });
  await world.run(TWO_DAYS);
  expect(await world.states()).toEqual({ queued: 1 });
});

test('a condition that stands on a look-up leaves the record out before anything more is asked for', async () => {
  const rule = {
    when: (_row: Row, { found }: Scope<{ readonly owner: { readonly id: string } }>) =>
      found.owner.id !== 'o-ada',
    otherwise: 'skip' as const,
    rule: 'flows.f.keep[0]',
    needs: 1,
  };
  const world = createWorld(createFlow([owner, things], { keep: [rule] }), () => ADA);
  await world.once();
  expect(await world.states()).toEqual({ skipped: 1 });
  expect(world.owners.requests).toHaveLength(1);
});

test('what was found for the first target is what the second one gets, also after a failure', async () => {
  const flow = createFlow([owner]);
  const [first] = flow.targets;
  const world = createWorld({ ...flow, targets: [first, { ...first, name: 'second' }] }, () => ADA);
  let calls = 0;
  world.refuse = () => {
    calls += 1;
    if (calls !== 2) return undefined;
    world.people = { Ada: ['o-other'] };
    return respond(500);
  };
  await world.once();
  expect(await world.states()).toEqual({ delivered: 1 });
  expect(world.owners.requests).toHaveLength(1);
  expect(world.sent.map((body) => body['found'])).toEqual([
    { owner: { id: 'o-ada' } },
    { owner: { id: 'o-ada' } },
  ]);
});

test.each([
  ['once where the rules allow it to be used again', HOUR, 1],
  ['for each record otherwise', undefined, 2],
])('what is the same for two records is asked for %s', async (_how, cacheMs, calls) => {
  const same: AnyFind = {
    ...owner,
    request: () => ({ operation: 'GET /owners', method: 'GET', path: '/owners?of=Ada' }),
    ...(cacheMs === undefined ? {} : { cacheMs }),
  };
  let list = ADA;
  const world = createWorld(createFlow([same]), () => list);
  await world.once();
  list = [...ADA, makeRow('b', 'Bob')];
  await world.once();
  expect(await world.states()).toEqual({ delivered: 2 });
  expect(world.owners.requests).toHaveLength(calls);
});

test('a record that changed while it was looked up is judged by what it is now', async () => {
  const world = createWorld(createFlow([owner]), () => list);
  let list = ADA;
  world.fault = () => {
    list = [{ id: 'a', name: 'Bob', at: at(2) }];
    world.fault = undefined;
    return undefined;
  };
  await world.once();
  await world.once();
  expect(await world.states()).toEqual({ delivered: 2 });
  expect(world.sent.at(-1)).toEqual({ ref: 'a', found: { owner: { id: 'o-bob' } } });
});
