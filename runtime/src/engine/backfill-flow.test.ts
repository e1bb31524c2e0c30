import { expect, test } from 'vitest';
import type { AnyFlow } from '../flow.ts';
import type { WireRequest } from '../http/transport.ts';
import { at, createFakeTarget, createTestFlow, createWorld, rows, serveRows } from '../testing/fake-world.ts';
import type { Row, World, WorldOptions } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';
import type { BackfillRequest } from '../store/backfill.ts';

const ASKED = { flow: 'f', kind: 'backfill', sinceMs: 0, actor: 'ada' } as const;

function serve(list: () => readonly Row[]) {
  return () => respond(200, { rows: list() });
}

/** The flow with another mapping: a word before each name. */
function mapWith(word: string, options: WorldOptions = {}): Partial<AnyFlow> {
  const [target] = createTestFlow(options).targets;
  const map = (row: Row) => ({ ref: String(row.id), name: `${word} ${row.name}` });
  return {
    targets: [{ ...target, map, ...(options.flow?.targets?.[0] && { mode: options.flow.targets[0].mode }) }],
  };
}

/** The same service after its rules have changed. */
function restart(world: World, list: () => readonly Row[], options: WorldOptions = {}): World {
  return createWorld(serve(list), { ...options, context: world.context, target: world.target });
}

async function ask(world: World, request: Partial<BackfillRequest> = {}): Promise<void> {
  await world.context.store.requestBackfill({ ...ASKED, ...request }, world.clock.now());
}

const findLast = async (world: World) => (await world.context.store.listBackfills()).at(-1);
const writesOf = (world: World): readonly WireRequest[] =>
  world.target.transport.requests.filter(({ method }) => method === 'POST');

test.each([
  ['update', { delivered: 4 }, 4, 'new'],
  ['ignore', { delivered: 4 }, 0, 'old'],
  ['review', { delivered: 0, review: 4 }, 0, 'old'],
] as const)(
  'records that are to be written otherwise since the rules changed are handled as the rules say: %s',
  async (changed, states, writes, word) => {
    const list = () => rows(4);
    const later = { changed, left: 'ignore' } as const;
    const before = createWorld(serve(list), { flow: { ...mapWith('old'), later } });
    await before.once();
    const { watermarkMs } = await before.context.store.loadPass('f');
    const world = restart(before, list, { flow: { ...mapWith('new'), later } });
    await world.once();
    expect(writesOf(world)).toHaveLength(4);
    await ask(world);
    await world.once();
    expect(await world.states()).toEqual(Object.fromEntries(Object.entries(states).filter(([, n]) => n > 0)));
    expect(writesOf(world)).toHaveLength(4 + writes);
    expect(world.target.objects.map(({ name }) => name)).toEqual(
      rows(4).map(({ name }) => `${word} ${name}`),
    );
    expect(await findLast(world)).toMatchObject({ state: 'done', judged: 4, writes });
    expect((await world.context.store.loadPass('f')).watermarkMs).toBe(watermarkMs);
  },
);

test.each(['update', 'review'] as const)(
  'what a target holds already is not written again under later.changed %s',
  async (changed) => {
    const world = createWorld(
      serve(() => rows(4)),
      { flow: { later: { changed, left: 'ignore' } } },
    );
    await world.once();
    await ask(world);
    await world.once();
    expect(writesOf(world)).toHaveLength(4);
    expect(await world.states()).toEqual({ delivered: 4 });
  },
);

test.each(['ignore', 'review'] as const)(
  'a create is not repeated, and what was skipped before is created: later.changed %s',
  async (changed) => {
    const list = () => rows(4);
    const options = { tier: 1 } as const;
    const [target] = createTestFlow(options).targets;
    const creating = {
      targets: [{ ...target, mode: 'create' }],
      later: { changed, left: 'ignore' },
    } as const;
    const isOne = (row: Row): boolean => row.id === 'r1';
    const keep = [{ when: isOne, otherwise: 'skip', rule: 'flows.f.keep[0]' }] as const;
    const before = createWorld(serve(list), { ...options, flow: { ...creating, keep } });
    await before.once();
    expect(await before.states()).toEqual({ delivered: 1, skipped: 3 });
    const word = {
      ...mapWith('new', { ...options, flow: { targets: creating.targets } }),
      later: creating.later,
    };
    const world = restart(before, list, { ...options, flow: word });
    await ask(world);
    await world.once();
    expect(await world.states()).toEqual({ delivered: 4 });
    expect(world.target.objects.map(({ ref }) => ref)).toEqual(['r1', 'r0', 'r2', 'r3']);
  },
);

test('a backfill since a date asks the source for what changed since then', async () => {
  const world = createWorld(serve(() => rows(4)));
  await world.once();
  await ask(world, { sinceMs: Date.parse(at(2)) });
  await world.once();
  expect(new URL(world.source.requests.at(-1)?.url ?? '').searchParams.get('since')).toBe(at(2));
});

/** Pages of two, from `since` on, by a cursor that is an offset. */
const servePages = (list: () => readonly Row[]) =>
  serveRows(list, 2, (url, matching, size) => {
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const next = from + size < matching.length ? String(from + size) : undefined;
    return respond(200, { rows: matching.slice(from, from + size), next });
  });
const PAGES = { kind: 'cursor', next: (body: { readonly next?: string }) => body.next } as const;

test('one that is cut off goes on where it was, in another process', async () => {
  const list = () => rows(10);
  const read = { pages: PAGES };
  const first = createWorld(servePages(list), { read, flow: mapWith('old') });
  await first.once();
  const second = createWorld(servePages(list), {
    read,
    flow: mapWith('new'),
    context: first.context,
    target: first.target,
  });
  await ask(second);
  const { store } = second.context;
  const take = store.takeInBackfill;
  let pages = 0;
  Object.assign(store, {
    takeInBackfill: (...given: Parameters<typeof take>) => {
      pages += 1;
      return pages === 3 ? Promise.reject(new Error('the process dies')) : take(...given);
    },
  });
  await expect(second.once()).rejects.toThrow('the process dies');
  expect(await store.findBackfill('f')).toMatchObject({ state: 'running', pages: 2, judged: 4 });
  Object.assign(store, { takeInBackfill: take });
  const third = createWorld(servePages(list), {
    read,
    flow: mapWith('new'),
    context: first.context,
    target: first.target,
  });
  await third.once();
  const [normal, again] = third.source.requests.map(({ url }) => new URL(url).searchParams.get('since'));
  expect([normal, again]).toEqual([at(9), at(3)]);
  expect(await findLast(third)).toMatchObject({ state: 'done' });
  expect(third.target.objects.map(({ name }) => name)).toEqual(rows(10).map(({ name }) => `new ${name}`));
  expect(writesOf(third)).toHaveLength(20);
});

test('what is new goes first to the target, though a backfill has claimed its writes before', async () => {
  let list = rows(300);
  const first = createWorld(
    serve(() => list),
    { flow: mapWith('old') },
  );
  await first.once();
  const world = createWorld(
    serve(() => list),
    {
      flow: mapWith('new'),
      limits: { rate: { count: 1, perMs: 1000 }, concurrency: 1 },
      context: first.context,
      target: first.target,
    },
  );
  const running = world.runner.run();
  await world.clock.advance(1000);
  await ask(world);
  // The command in another process is seen, the source read, and a first part written.
  await world.clock.advance(60_000);
  const written = writesOf(world).length - 300;
  expect(written).toBeGreaterThan(2);
  expect(written).toBeLessThan(300);
  const changed = world.clock.now();
  list = [...list, { id: 'live', name: 'live', at: at(500) }];
  await world.clock.advance(600_000);
  const isLive = (body: string | undefined): boolean => body?.includes('"live"') === true;
  const sent = writesOf(world).findIndex(({ body }) => isLive(body));
  const changedMs = world.source.requests.find(({ atMs }) => atMs > changed)?.atMs ?? 0;
  const before = world.target.transport.requests.filter(({ atMs }) => atMs <= changedMs).length;
  // Only what was claimed goes before it, for as long as a call waits for its turn; some 200 writes come after it.
  expect(sent - before).toBeLessThanOrEqual(20);
  expect(writesOf(world)).toHaveLength(601);
  world.context.stop();
  await world.clock.drive(running);
});

test('a source that asks for patience is asked for the same page again', async () => {
  const list = () => rows(6);
  const read = { pages: PAGES, order: 'none' } as const;
  const world = createWorld(servePages(list), { read });
  await world.once();
  const pages = servePages(list);
  let refusals = 0;
  const patient = createWorld(
    (request, index) => {
      const isThird = new URL(request.url).searchParams.get('cursor') === '4';
      if (isThird && index > 0 && (refusals += 1) < 3) return respond(429, {}, { 'retry-after': '50' });
      return pages(request);
    },
    { read, context: world.context, target: world.target },
  );
  await ask(patient);
  await patient.once();
  expect(await findLast(patient)).toMatchObject({ state: 'done', pages: 3 });
  expect(refusals).toBe(3);
});

test('a backfill that floods the reviews is stopped, and the flow goes on', async () => {
  let list = rows(30);
  const world = createWorld(serve(() => list));
  await world.once();
  const bad = (row: Row): boolean => row.id === 'live';
  const keep = [{ when: bad, otherwise: 'review', rule: 'flows.f.keep[0]' }] as const;
  const later = { changed: 'update', left: 'review' } as const;
  const strict = restart(world, () => list, { flow: { keep, later } });
  await ask(strict);
  await strict.once();
  expect(await findLast(strict)).toMatchObject({
    state: 'stopped',
    reason: '30 of 30 records went to review for one reason: f:flows.f.later.left:left',
  });
  list = [...list, { id: 'live', name: 'live', at: at(500) }];
  await strict.once();
  expect(await strict.states()).toEqual({ review: 30, delivered: 1 });
});

test('a backfill begins after the first reading is done', async () => {
  const world = createWorld(() => respond(500));
  await ask(world);
  const running = world.runner.run();
  await world.clock.advance(60_000);
  expect(await world.context.store.findBackfill('f')).toMatchObject({ state: 'waiting', pages: 0 });
  world.context.stop();
  await world.clock.drive(running);
});

test('one that is cancelled ends with the page that it reads', async () => {
  const read = { pages: PAGES };
  const world = createWorld(
    servePages(() => rows(10)),
    { read },
  );
  await world.once();
  await ask(world);
  const { store } = world.context;
  const take = store.takeInBackfill;
  Object.assign(store, {
    takeInBackfill: async (...given: Parameters<typeof take>) => {
      const report = await take(...given);
      await store.endBackfill(given[0].id, { state: 'cancelled', actor: 'bob' }, world.clock.now());
      return report;
    },
  });
  await world.once();
  expect(await findLast(world)).toMatchObject({ state: 'cancelled', pages: 1 });
});

test.each([0, 1, 2] as const)(
  'at tier %i a resync writes the same bytes again, and makes no second object',
  async (tier) => {
    const list = [...rows(3), { id: 'skipped', name: ' ', at: at(9) }];
    const context = createWorld(
      serve(() => list),
      { tier },
    ).context;
    const target = createFakeTarget(context.clock, tier === 1 ? 2 : tier);
    const world = createWorld(
      serve(() => list),
      { tier, context, target },
    );
    await world.once();
    await ask(world, { kind: 'resync' });
    await world.once();
    const writes = writesOf(world);
    expect(writes.slice(3).map(({ body }) => body)).toEqual(writes.slice(0, 3).map(({ body }) => body));
    // A vendor that remembers the key would give back the old answer, and write nothing.
    const keys = writes.map(({ headers }) => headers['idempotency-key']);
    if (tier === 1) expect(new Set(keys).size).toBe(6);
    expect(target.objects).toHaveLength(3);
    expect(await world.states()).toEqual({ delivered: 3, review: 1 });
    await world.once();
    expect(writesOf(world)).toHaveLength(6);
  },
);

test('a resync of one record reads until it comes, and writes it alone', async () => {
  const world = createWorld(
    servePages(() => rows(10)),
    { read: { pages: PAGES } },
  );
  await world.once();
  const reads = world.source.requests.length;
  await ask(world, { kind: 'resync', key: 'r3' });
  await world.once();
  expect(
    writesOf(world)
      .slice(10)
      .map(({ body }) => JSON.parse(body ?? '')),
  ).toMatchObject([{ ref: 'r3' }]);
  // One page of the normal reading, two of the resync.
  expect(world.source.requests).toHaveLength(reads + 3);
  await ask(world, { kind: 'resync', key: 'nobody' });
  await world.once();
  expect(await findLast(world)).toMatchObject({
    state: 'done',
    reason: 'the source does not give this record',
  });
});

test.each([
  ['one that was known', 1],
  ['one that was never read', 2],
])(
  'a resync says that the source has gone back to an older version, %s, and leaves it alone',
  async (_what, second) => {
    let list: readonly Row[] = [{ id: 'a', name: 'of then', at: at(1) }];
    const world = createWorld(() => respond(200, { rows: list }));
    await world.once();
    list = [{ id: 'a', name: 'newer', at: at(5) }];
    await world.once();
    list = [{ id: 'a', name: 'of then', at: at(second) }];
    await world.clock.advance(60_000);
    await ask(world, { kind: 'resync' });
    await world.once();
    expect(world.target.objects.map(({ name }) => name)).toEqual(['newer']);
    expect(await findLast(world)).toMatchObject({
      state: 'done',
      reason: '1 record is of an older version at the source than was taken in before, and left alone',
    });
  },
);
