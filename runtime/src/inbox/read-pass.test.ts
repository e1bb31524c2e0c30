import { expect, test } from 'vitest';
import type { WireOutcome, WireRequest } from '../http/transport.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import { at, createWorld, rows, serveRows, START } from '../testing/fake-world.ts';
import type { ReadOptions, Row, World, WorldOptions } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';

const COUNTED: ReadOptions = {
  pages: { kind: 'cursor', next: (body: { next?: string }) => body.next, depth: 50 },
};
const TRUE_CURSOR: ReadOptions = { pages: { kind: 'cursor', next: (body: { next?: string }) => body.next } };

/** A cursor that is an offset in disguise. */
function byOffset(url: URL, matching: readonly Row[], size: number): WireOutcome {
  const from = Number(url.searchParams.get('cursor') ?? 0);
  return respond(200, {
    rows: matching.slice(from, from + size),
    ...(from + size < matching.length ? { next: String(from + size) } : {}),
  });
}

async function keys(world: World): Promise<number> {
  return Object.values(await world.states()).reduce((sum, count) => sum + count, 0);
}

async function read(list: () => readonly Row[], size: number, options: ReadOptions, more: WorldOptions = {}) {
  const world = createWorld(serveRows(list, size, byOffset), { read: options, ...more });
  return { world, end: await world.once() };
}

test.each([
  ['counted', COUNTED],
  ['true', TRUE_CURSOR],
] as const)('all pages of a %s cursor are read', async (_name, options) => {
  const { world, end } = await read(() => rows(95), 10, options);
  expect(end.kind).toBe('done');
  expect(await keys(world)).toBe(95);
  expect((await world.context.store.loadPass('f')).watermarkMs).toBe(Date.parse(at(94)));
});

test('records that share one timestamp across a page break are all read', async () => {
  const list = rows(60).map((row, index) => (index >= 5 && index < 40 ? { ...row, at: at(5) } : row));
  const { world, end } = await read(() => list, 10, COUNTED);
  expect(end.kind).toBe('done');
  expect(await keys(world)).toBe(60);
});

test('more records of one timestamp than the source can be paged halt the flow, and are not passed over', async () => {
  const { world, end } = await read(() => rows(80).map((row) => ({ ...row, at: at(1) })), 10, COUNTED);
  expect(end).toMatchObject({ kind: 'halt' });
  expect(end.kind === 'halt' && end.reason).toContain('more than 50 records share one value');
  expect((await world.context.store.loadPass('f')).watermarkMs).toBeUndefined();
});

test('an empty page in the middle ends nothing', async () => {
  const world = createWorld(
    (_request, index) =>
      respond(
        200,
        index === 0
          ? { rows: rows(2), next: 'b' }
          : index === 1
            ? { rows: [], next: 'c' }
            : { rows: rows(4) },
      ),
    { read: TRUE_CURSOR },
  );
  expect((await world.once()).kind).toBe('done');
  expect(await keys(world)).toBe(4);
});

test.each([
  ['oldest-first', Date.parse(at(9))],
  ['none', 0],
] as const)(
  'a pass that was cut off goes on from the right place where records come %s',
  async (order, sinceMs) => {
    let broken = true;
    const serve = serveRows(() => rows(25), 10, byOffset);
    const world = createWorld(
      (request) =>
        broken && request.url.includes('cursor=')
          ? respond(429, undefined, { 'retry-after': '3600' })
          : serve(request),
      { read: { ...TRUE_CURSOR, order } },
    );
    expect((await world.once()).kind).toBe('later');
    const cut = await world.context.store.loadPass('f');
    expect(cut).toMatchObject({
      watermarkMs: undefined,
      firstDone: false,
      open: { newestMs: Date.parse(at(9)) },
    });
    broken = false;
    await world.clock.advance(3_700_000);
    const before = world.source.requests.length;
    expect((await world.once()).kind).toBe('done');
    expect(new URL(world.source.requests[before]?.url ?? '').searchParams.get('since')).toBe(
      new Date(sinceMs).toISOString(),
    );
    expect(await keys(world)).toBe(25);
    expect((await world.context.store.loadPass('f')).watermarkMs).toBe(Date.parse(at(24)));
  },
);

test('the watermark never passes the server’s own time at the beginning, less what it takes to settle', async () => {
  const list = [...rows(3), { id: 'future', name: 'x', at: new Date(START + 86_400_000).toISOString() }];
  const date = new Date(START - 60_000).toUTCString();
  const world = createWorld(() => respond(200, { rows: list }, { date }), {
    read: { changes: { field: (row: Row) => row.at, lookbackMs: 30_000, settleMs: 5000, first: 'all' } },
  });
  await world.once();
  expect((await world.context.store.loadPass('f')).watermarkMs).toBe(START - 65_000);
  await world.once();
  expect(new URL(world.source.requests[1]?.url ?? '').searchParams.get('since')).toBe(
    new Date(START - 95_000).toISOString(),
  );
});

test('a server whose clock runs hours ahead for a while costs no record', async () => {
  const ahead = 5 * 3_600_000;
  let list = [{ id: 'ahead', name: 'x', at: new Date(START + ahead).toISOString() }];
  let date = new Date(START + ahead).toUTCString();
  const world = createWorld(
    (request) => {
      const since = new URL(request.url).searchParams.get('since') ?? '';
      return respond(200, { rows: list.filter(({ at: when }) => when >= since) }, { date });
    },
    {
      read: { changes: { field: (row: Row) => row.at, lookbackMs: 0, settleMs: 0, first: 'all' } },
    },
  );
  await world.once();
  expect((await world.context.store.loadPass('f')).watermarkMs).toBe(START);
  await world.clock.advance(600_000);
  list = [...list, { id: 'after', name: 'y', at: new Date(START + 300_000).toISOString() }];
  date = new Date(START + 600_000).toUTCString();
  await world.once();
  expect(await world.states()).toEqual({ delivered: 2 });
});

test.each([
  ['all', '1970-01-01T00:00:00.000Z'],
  ['seen', '1970-01-01T00:00:00.000Z'],
  ['now', new Date(START).toISOString()],
  ['2025-06-01T00:00:00Z', '2025-06-01T00:00:00.000Z'],
])('the first pass begins where `first: %s` says', async (first, since) => {
  const world = createWorld(() => respond(200, { rows: [] }), {
    read: { changes: { field: (row: Row) => row.at, lookbackMs: 0, settleMs: 0, first } },
  });
  await world.once();
  await world.once();
  expect(world.source.requests.map((request) => new URL(request.url).searchParams.get('since'))).toEqual([
    since,
    since,
  ]);
});

test('`first: now` is the first start, however long the source then cannot be read', async () => {
  let up = false;
  const world = createWorld(
    () => (up ? respond(200, { rows: [] }) : respond(429, undefined, { 'retry-after': '3600' })),
    { read: { changes: { field: (row: Row) => row.at, lookbackMs: 0, settleMs: 0, first: 'now' } } },
  );
  await world.once();
  up = true;
  await world.clock.advance(4_000_000);
  await world.once();
  expect(new URL(world.source.requests.at(-1)?.url ?? '').searchParams.get('since')).toBe(
    new Date(START).toISOString(),
  );
});

test('what was there before the first run is only marked, and later changes are written', async () => {
  let list = rows(3);
  const world = createWorld(() => respond(200, { rows: list }), {
    read: { changes: { field: (row: Row) => row.at, lookbackMs: 0, settleMs: 0, first: 'seen' } },
  });
  await world.once();
  expect(await world.states()).toEqual({ seen: 3 });
  list = [...rows(2), { id: 'r2', name: 'changed', at: at(50) }, { id: 'new', name: 'new', at: at(51) }];
  await world.once();
  expect(await world.states()).toEqual({ seen: 3, delivered: 2 });
});

test.each([400, 403, 404, 422])(
  'a source that answers %i halts the flow, with its cursor where it was',
  async (status) => {
    let broken = false;
    const serve = serveRows(() => rows(25), 10, byOffset);
    const world = createWorld((request) => (broken ? respond(status, { message: 'no' }) : serve(request)), {
      read: TRUE_CURSOR,
    });
    await world.once();
    const before = (await world.context.store.loadPass('f')).watermarkMs;
    broken = true;
    expect(await world.once()).toMatchObject({ kind: 'halt' });
    expect((await world.context.store.loadPass('f')).watermarkMs).toBe(before);
    const asked = world.source.requests.length;
    expect(await world.once()).toMatchObject({ kind: 'halt' });
    expect(world.source.requests).toHaveLength(asked);
    await world.context.store.clearPause('flow:f', 'ada', 0);
    broken = false;
    expect((await world.once()).kind).toBe('done');
  },
);

test('an answer that holds no list is a failed call, not an empty page', async () => {
  const world = createWorld(() => respond(200, { rows: { error: 'busy' } }));
  const once = world.runner.read(() => undefined);
  expect(await world.clock.drive(once)).toMatchObject({
    kind: 'later',
    reason: 'the answer holds no list of records',
  });
  expect((await world.context.store.loadPass('f')).firstDone).toBe(false);
});

test('a flow that sends nearly every record to review for one reason stops reading, soon', async () => {
  const list = rows(500).map((row) => ({ ...row, name: null }));
  const { world, end } = await read(() => list, 20, TRUE_CURSOR);
  expect(end).toMatchObject({ kind: 'halt' });
  expect(await world.states()).toEqual({ review: 20 });
});

test('a stop in the middle of a pass keeps what was read, and the next start reads the rest', async () => {
  const context = createTestContext();
  const serve = serveRows(() => rows(30), 10, byOffset);
  const first = createWorld(
    (request) => {
      if (request.url.includes('cursor=')) context.stop();
      return serve(request);
    },
    { read: TRUE_CURSOR, context },
  );
  expect((await first.once()).kind).toBe('stopped');
  // The second page was asked for ahead: nothing of it is kept, and the next start asks again.
  expect(await keys(first)).toBe(10);
  const second = createWorld(serve, {
    read: TRUE_CURSOR,
    context: { ...createTestContext({ clock: context.clock }), store: context.store },
  });
  expect((await second.once()).kind).toBe('done');
  expect(await second.states()).toEqual({ delivered: 30 });
});

test('a source whose filter leaves its bound out loses no record of the moment at which a pass ended', async () => {
  const row = (id: string, second: number): Row => ({ id, name: id, at: at(second) });
  const list = [row('a', 1), row('b', 2)];
  const world = createWorld(
    (request: WireRequest) => {
      const since = new URL(request.url).searchParams.get('since') ?? '';
      return respond(200, { rows: list.filter((entry) => entry.at > since) });
    },
    {
      read: {
        changes: {
          field: (entry: Row) => entry.at,
          lookbackMs: 0,
          settleMs: 0,
          stepMs: 1000,
          first: 'all',
        },
      },
    },
  );
  await world.once();
  list.push(row('c', 2));
  await world.once();
  expect(world.target.objects.map((entry) => entry.ref).toSorted()).toEqual(['a', 'b', 'c']);
});

test('a key that is an object or a list is none: records that have one are not taken for each other', async () => {
  const keyless = rows(4).map((row, index) => ({
    ...row,
    id: (index % 2 === 0 ? { value: index } : [index]) as unknown as string,
  }));
  const { world, end } = await read(() => keyless, 10, COUNTED);

  expect(end.kind).toBe('done');
  expect(await world.states()).toEqual({ review: 4 });
});

test('a cursor that expires in a source that does not keep its order begins the pass again, and leaves nothing out', async () => {
  // The rules say the oldest first, and it gives the newest.
  const list = rows(6).toReversed();
  let isExpired = false;
  const world = createWorld(
    (request) => {
      const url = new URL(request.url);
      const from = Number(url.searchParams.get('cursor') ?? 0);
      if (from > 0 && !isExpired) {
        isExpired = true;
        return respond(410, { message: 'the cursor has expired' });
      }
      const matching = list.filter(({ at: when }) => when >= (url.searchParams.get('since') ?? ''));
      const next = from + 2 < matching.length ? String(from + 2) : undefined;
      return respond(200, { rows: matching.slice(from, from + 2), next });
    },
    {
      read: { pages: { kind: 'cursor', next: (body: { readonly next?: string }) => body.next } as never },
    },
  );
  expect((await world.once()).kind).toBe('done');

  expect(await world.states()).toEqual({ delivered: 6 });
});
