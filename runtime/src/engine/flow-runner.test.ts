import { expect, test } from 'vitest';
import type { WireOutcome } from '../http/transport.ts';
import { at, createWorld, rows } from '../testing/fake-world.ts';
import type { Row, World } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';

const CUT: WireOutcome = { kind: 'unknown', reason: 'cut', detail: 'cut' };
const REFUSED: WireOutcome = { kind: 'not-sent', detail: 'refused' };
const HOUR = 3_600_000;

function serve(list: readonly Row[]): () => WireOutcome {
  return () => respond(200, { rows: list });
}

function refs(world: World): string[] {
  return world.target.objects.map((entry) => entry.ref).toSorted();
}

test('every record is read and delivered once, and a second run writes nothing', async () => {
  const world = createWorld(serve(rows(30)));
  expect((await world.once()).kind).toBe('done');
  expect(await world.states()).toEqual({ delivered: 30 });
  await world.once();
  expect(world.target.transport.requests).toHaveLength(30);
});

test('a clock that jumps a year ahead and back does not end the reading', async () => {
  const world = createWorld(serve(rows(1)));
  const { clock, source } = world;
  const { now } = clock;
  let aheadMs = 0;
  Object.assign(clock, { now: () => now() + aheadMs });
  const running = world.runner.run();
  await clock.advance(30_000);
  aheadMs = 365 * 24 * HOUR;
  await clock.advance(90_000);
  const before = source.requests.length;
  aheadMs = 0;
  await clock.advance(200_000);
  expect(source.requests.length).toBeGreaterThan(before + 1);
  world.context.stop();
  await clock.drive(running);
});

test('a bad record goes to review alone', async () => {
  const list = [
    ...rows(3),
    { id: 'blank', name: ' ', at: at(10) },
    { id: null, name: 'no key', at: at(11) },
    { id: 'type', name: 7 as unknown as string, at: at(12) },
    null as unknown as Row,
  ];
  const world = createWorld(serve(list));
  await world.once();
  expect(await world.states()).toEqual({ delivered: 3, review: 4 });
  const reviews = await world.context.store.listReviews({ state: 'open', limit: 10 });
  expect(reviews.map((review) => review.reason).toSorted()).toEqual([
    'blank-key',
    'blank-key',
    'blank: whitespace name',
    'malformed',
  ]);
});

test.each([
  ['update', { delivered: 2 }, 'new'],
  ['ignore', { delivered: 1, ignored: 1 }, 'old'],
  ['review', { delivered: 1, review: 1 }, 'old'],
] as const)(
  'a delivered record that has changed is handled as the rules say: %s',
  async (changed, states, name) => {
    let list: Row[] = [{ id: 'a', name: 'old', at: at(1) }];
    const world = createWorld(() => respond(200, { rows: list }), {
      flow: { later: { changed, left: 'ignore' } },
    });
    await world.once();
    list = [{ id: 'a', name: 'new', at: at(2) }];
    await world.once();
    expect(await world.states()).toEqual(states);
    expect(world.target.objects).toEqual([{ ref: 'a', name }]);
  },
);

test.each(['ignore', 'review'] as const)(
  'a delivered record that is no longer kept is handled as the rules say: %s',
  async (left) => {
    let list: Row[] = [{ id: 'a', name: 'customer', at: at(1) }];
    const keep = [
      { when: (row: Row) => row.name === 'customer', otherwise: 'skip' as const, rule: 'flows.f.keep[0]' },
    ];
    const world = createWorld(() => respond(200, { rows: list }), {
      flow: { keep, later: { changed: 'update', left } },
    });
    await world.once();
    list = [
      { id: 'a', name: 'lead', at: at(2) },
      { id: 'b', name: 'lead', at: at(2) },
    ];
    await world.once();
    expect(await world.states()).toEqual({
      delivered: 1,
      skipped: 1,
      [left === 'review' ? 'review' : 'ignored']: 1,
    });
  },
);

test('a change that does not concern the target is not written', async () => {
  let list: Row[] = [{ id: 'a', name: 'same', at: at(1) }];
  const world = createWorld(() => respond(200, { rows: list }));
  await world.once();
  list = [{ id: 'a', name: 'same', at: at(2) }];
  await world.once();
  expect(await world.states()).toEqual({ delivered: 1, unchanged: 1 });
  expect(world.target.transport.requests).toHaveLength(1);
});

test.each([1, 2, 3] as const)(
  'at tier %i a target that applies and then cuts the connection ends up with no duplicate',
  async (tier) => {
    const world = createWorld(serve(rows(20)), { tier });
    let count = 0;
    world.target.fault = (request, apply) => {
      if (request.method === 'GET') return undefined;
      count += 1;
      if (count % 3 !== 0) return undefined;
      apply();
      return CUT;
    };
    await world.once();
    world.target.fault = undefined;
    await world.clock.advance(60_000);
    await world.once();
    expect(await world.states()).toEqual({ delivered: 20 });
    expect(refs(world)).toEqual(
      rows(20)
        .map((row) => row.id)
        .toSorted(),
    );
  },
);

test.each([1, 2, 3] as const)(
  'at tier %i a stop in the middle of a write ends up with no duplicate after the restart',
  async (tier) => {
    const first = createWorld(serve(rows(5)), { tier });
    const judged = first.runner.read(() => undefined);
    await first.clock.drive(judged);
    const [claimed] = await first.clock.drive(
      first.context.store.claimIntents('f', 'object', first.clock.now(), 1),
    );
    await first.target.transport.send({
      method: 'POST',
      url: 'https://target.example/api/objects',
      headers: claimed?.headers ?? {},
      body: claimed?.body,
      timeoutMs: 1,
      maxBytes: 1,
    });
    expect(await first.context.store.recoverSending()).toBe(1);
    const second = createWorld(serve(rows(5)), { tier, context: first.context, target: first.target });
    await second.once();
    expect(await second.states()).toEqual({ delivered: 5 });
    expect(refs(second)).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
  },
);

test('at tier 5 a write of unknown outcome goes to review, and nothing newer goes out before a person decides', async () => {
  let list = rows(1);
  const world = createWorld(() => respond(200, { rows: list }), { tier: 5 });
  world.target.fault = (_request, apply) => {
    apply();
    return CUT;
  };
  await world.once();
  expect(await world.states()).toEqual({ review: 1 });
  list = [{ id: 'r0', name: 'edited', at: at(50) }];
  world.target.fault = undefined;
  await world.once();
  expect(await world.states()).toEqual({ review: 1, queued: 1 });
  expect(world.target.transport.requests).toHaveLength(1);
});

test.each([
  [false, 'review', 0],
  [true, 'delivered', 1],
] as const)(
  'after the window of its key, an unknown write of tier 1 is looked up (%s) and ends in %s',
  async (lookUp, state, gets) => {
    const world = createWorld(serve(rows(1)), { tier: 1, lookUp, keyLastsMs: HOUR });
    world.target.fault = (_request, apply) => {
      apply();
      return CUT;
    };
    const running = world.runner.run();
    await world.clock.advance(1000);
    world.target.fault = (request) => (request.method === 'GET' ? undefined : REFUSED);
    await world.clock.advance(2 * HOUR);
    world.context.stop();
    await world.clock.drive(running);
    expect(await world.states()).toEqual({ [state]: 1 });
    expect(world.target.objects).toHaveLength(1);
    expect(world.target.transport.requests.filter((request) => request.method === 'GET')).toHaveLength(gets);
  },
);

test('a 409 at tier 3 adopts what the look-up finds, and goes to review where it finds nothing', async () => {
  const found = createWorld(serve(rows(1)), { tier: 3 });
  let looked = 0;
  found.target.fault = (request, apply) => {
    if (request.method === 'GET') return (looked += 1) === 1 ? respond(200, { found: [] }) : undefined;
    apply();
    return respond(409);
  };
  await found.once();
  expect(await found.states()).toEqual({ delivered: 1 });
  const missing = createWorld(serve(rows(1)), { tier: 3 });
  missing.target.fault = (request) => (request.method === 'GET' ? undefined : respond(409));
  await missing.once();
  expect(await missing.states()).toEqual({ review: 1 });
});

test.each([
  ['several objects', () => respond(200, { found: [{ id: 1 }, { id: 2 }] }), { review: 1 }],
  ['nothing readable', () => respond(200, { found: 5 }), { waiting: 1 }],
  ['an answer that throws', () => respond(200), { review: 1 }],
] as const)('a look-up that gives %s concerns its record alone', async (_name, answer, states) => {
  const world = createWorld(serve(rows(1)), { tier: 3 });
  world.target.fault = (request) => (request.method === 'GET' ? answer() : undefined);
  const running = world.runner.run();
  await world.clock.advance(60_000);
  world.context.stop();
  await world.clock.drive(running);
  expect(await world.states()).toEqual(states);
});
