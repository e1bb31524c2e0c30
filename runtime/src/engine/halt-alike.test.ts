import { expect, test } from 'vitest';
import type { AnyFind, AnyFlow } from '../flow.ts';
import type { Mapper } from '../map/mapper.ts';
import { createTestClient } from '../testing/create-test-client.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import { at, createTestFlow, createWorld as createPlainWorld, rows } from '../testing/fake-world.ts';
import type { Row } from '../testing/fake-world.ts';
import { createMemoryTransport, respond } from '../testing/memory-transport.ts';
import { createFlowRunner } from './flow-runner.ts';

const COUNT = 150;

interface Given {
  /** Records on a page. */
  readonly size: number;
  /** What a blank name comes to. */
  readonly blank?: 'review' | 'fail';
  /** Every n-th record has no name. */
  readonly everyNth: number;
  readonly looksUp?: boolean;
  /** The target refuses each record, with words about that record, and a rule fails it. */
  readonly refuses?: boolean;
}

const owner: AnyFind = {
  name: 'owner',
  system: 'owners',
  take: 'one',
  request: () => ({ operation: 'GET /owner', method: 'GET', path: '/owner' }),
  records: (body: { readonly owners: readonly unknown[] }) => body.owners,
  pages: { kind: 'none' },
  none: 'review',
  many: 'review',
  shape: {},
  rule: 'flows.f.find.owner',
};

function createWorld({ size, blank = 'review', everyNth, looksUp = false, refuses = false }: Given) {
  const context = createTestContext();
  const { clock, store } = context;
  const base = createTestFlow({ tier: 2 });
  const [target] = base.targets;
  const map = (row: Row, fields: Mapper) => ({
    ref: row.id,
    name: fields.text({ to: 'name', value: () => row.name, blank }) ?? '',
  });
  const calls = [{ on: [[422, 422]], do: 'fail', rule: 'flows.f.to[0].calls[0]' }];
  const flow = {
    ...base,
    ...(looksUp ? { find: [owner] } : {}),
    read: {
      ...base.read,
      pages: { kind: 'cursor', next: (body: { readonly next?: string }) => body.next },
    },
    targets: [{ ...target, map, calls }],
  } as unknown as AnyFlow;
  let name: string | null = null;
  const list = (): readonly Row[] =>
    rows(COUNT).map((row, index) => (index % everyNth === 0 ? { ...row, name } : row));
  const source = createMemoryTransport(clock, ({ url }) => {
    const from = Number(new URL(url).searchParams.get('cursor') ?? 0);
    const next = from + size < COUNT ? { next: String(from + size) } : {};
    return respond(200, { rows: list().slice(from, from + size), ...next });
  });
  let isRefusing = refuses;
  const sink = createMemoryTransport(clock, ({ body }) =>
    isRefusing ? respond(422, { message: `not ${body ?? ''}` }) : respond(200, { id: '1' }),
  );
  const owners = createMemoryTransport(clock, () => respond(200, { owners: [{ id: 1 }] }));
  const client = (called: string, transport: Parameters<typeof createTestClient>[1]) =>
    createTestClient(context, transport, { name: called, server: `https://${called}.example` });
  const runner = createFlowRunner({
    flow,
    source: client('source', source),
    clients: [client('target', sink)],
    findClients: { owner: client('owners', owners) },
    context,
  });
  return {
    context,
    async once() {
      await clock.drive(runner.runOnce());
      const [counts] = await store.counts(['f']);
      return counts?.states ?? {};
    },
    accept() {
      isRefusing = false;
    },
  };
}

test.each<[string, Given, string]>([
  [
    'on a large page',
    { size: COUNT, everyNth: 1 },
    '150 of 150 records went to review for one reason: f:flows.f.to.object.map.name:blank: null name',
  ],
  [
    'on pages that are too small to judge one alone',
    { size: 9, everyNth: 1 },
    '18 of 18 records went to review for one reason: f:flows.f.to.object.map.name:blank: null name',
  ],
  [
    'after look-ups',
    { size: COUNT, everyNth: 1, looksUp: true },
    '50 of 50 records went to review for one reason: f:flows.f.to.object.map.name:blank: null name',
  ],
  [
    'where it fails and is no review',
    { size: COUNT, everyNth: 1, blank: 'fail' },
    '150 of 150 records are dead letters for one reason: flows.f.to.object.map.name',
  ],
  [
    'where the target refuses each with words of its own',
    { size: COUNT, everyNth: 2, refuses: true },
    '20 of the last 20 records ended alike: flows.f.to[0].calls[0]: 422',
  ],
])('a flow in which most records end alike is halted %s', async (_how, given, reason) => {
  const { context, once } = createWorld(given);
  await once();
  expect(await context.store.listPauses()).toMatchObject([{ name: 'flow:f', kind: 'halt', reason }]);
});

test.each([[COUNT], [9], [1]])(
  'a flow in which every third is alike goes on, on pages of %i',
  async (size) => {
    const { context, once } = createWorld({ size, everyNth: 3 });
    expect(await once()).toEqual({ delivered: 100, review: 50 });
    expect(await context.store.listPauses()).toEqual([]);
  },
);

test('lifting the halt tries again what failed alike, whatever the target said of each', async () => {
  const world = createWorld({ size: COUNT, everyNth: COUNT, refuses: true });
  const { store, clock } = world.context;
  const before = await world.once();
  expect(before['dead']).toBeGreaterThanOrEqual(10);
  world.accept();
  await store.clearPause('flow:f', 'ada', clock.now());
  expect(await world.once()).toEqual({ delivered: 149, review: 1 });
});

/** A source that gives records without a name at first, and one good record more each time. */
function createMending(bad: number) {
  let reads = 0;
  const list = rows(bad).map((row): Row => ({ ...row, name: null as never }));
  const world = createPlainWorld(() => {
    reads += 1;
    list.push({ id: `good${reads}`, name: 'good', at: at(1000 + reads) });
    return respond(200, { rows: list });
  });
  return world;
}

test('a halt that is lifted stays lifted while what it put back is as bad as before, and what is new gets through', async () => {
  const world = createMending(15);
  await world.once();
  for (let hour = 0; hour < 3; hour += 1) {
    await world.context.store.clearPause('flow:f', 'ada', world.clock.now());
    await world.once();
    await world.once();
    expect(await world.context.store.listPauses()).toEqual([]);
  }
  expect((await world.states())['delivered']).toBeGreaterThanOrEqual(6);
});

test('one record that a person tries again and again halts nothing', async () => {
  const world = createMending(1);
  const { store, clock } = world.context;
  await world.once();
  for (let time = 0; time < 12; time += 1) {
    const [review] = await store.listReviews({ state: 'open', limit: 1 });
    await store.decideReview(review?.id ?? 0, { kind: 'retry' }, 'ada', clock.now());
    await world.once();
  }
  expect(await world.states()).toEqual({ delivered: 13, review: 1 });
  expect(await store.listPauses()).toEqual([]);
});
