import { expect, test } from 'vitest';
import type { AnyFlow } from '../flow.ts';
import type { CallAction, WriteTier } from '../http/decide-call.ts';
import type { WireOutcome, WireRequest } from '../http/transport.ts';
import { at, createTestFlow, createWorld, rows } from '../testing/fake-world.ts';
import type { Row, World } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LOST: WireOutcome = { kind: 'unknown', reason: 'timeout', detail: 'no answer' };

type Target = AnyFlow['targets'][number];

/** Objects are only made: a second write of a record is a second object. */
function creates(tier: WriteTier, more: Partial<Target> = {}): Partial<AnyFlow> {
  const [target] = createTestFlow({ tier: tier === 4 ? 3 : tier }).targets;
  return {
    targets: [{ ...target, tier, mode: 'create', ...more }],
    later: { changed: 'ignore', left: 'ignore' },
  };
}

function refs(world: World): string[] {
  return world.target.objects.map(({ ref, name }) => `${ref} ${name}`);
}

/** The first write is made and its answer lost; so many more are answered as given, and every other as it should be. */
function loseFirst(world: World, next: WireOutcome, times = Number.POSITIVE_INFINITY): void {
  let count = 0;
  world.target.fault = (_request, apply) => {
    count += 1;
    if (count === 1) apply();
    return count === 1 ? LOST : count <= 1 + times ? next : undefined;
  };
}

test.each([403, 413, 451])(
  'a repeat that is answered by %i says nothing of the first try, so no newer version goes out before a person has decided',
  async (status) => {
    let row: Row = { id: 'r0', name: 'A', at: at(0) };
    const world = createWorld(() => respond(200, { rows: [row] }), { tier: 1, flow: creates(1) });
    loseFirst(world, respond(status, { message: 'no' }));
    await world.once();
    const [review] = await world.context.store.listReviews({ state: 'open', limit: 1 });
    expect(review).toMatchObject({ reason: `refused ${status}`, unresolved: { target: 'object' } });

    row = { ...row, name: 'B', at: at(1) };
    await world.once();

    expect(await world.states()).toEqual({ queued: 1, review: 1 });
    expect(refs(world)).toEqual(['r0 A']);
  },
);

test('an edit of such a record has the first write found out before it is sent', async () => {
  const row = { id: 'r0', name: 'A', at: at(0) };
  const world = createWorld(() => respond(200, { rows: [row] }), { tier: 1, flow: creates(1) });
  const { store, clock } = world.context;
  loseFirst(world, respond(403, {}));
  await world.once();
  const [review] = await store.listReviews({ state: 'open', limit: 1 });
  const edit = { kind: 'edit', payload: JSON.stringify({ ...row, name: 'E' }) } as const;
  await clock.drive(store.decideReview(review?.id ?? 0, edit, 'ada', clock.now()));
  await world.once();

  expect(refs(world)).toEqual(['r0 A']);
});

test.each([422, 400])(
  'a %i that stays is the system’s own word: what it refuses under the key of the first try it has not made',
  async (status) => {
    const world = createWorld(() => respond(200, { rows: rows(1) }), { tier: 1, flow: creates(1) });
    let count = 0;
    world.target.fault = () => {
      count += 1;
      return count === 1 ? LOST : respond(status, {});
    };
    await world.once();
    const [review] = await world.context.store.listReviews({ state: 'open', limit: 1 });

    expect(review).toMatchObject({ reason: `refused ${status}`, unresolved: undefined });
    expect(count).toBe(4);
  },
);

test.each([422, 403])('a %i that passes is no word about the first try', async (status) => {
  const world = createWorld(() => respond(200, { rows: rows(1) }), { tier: 1, flow: creates(1) });
  loseFirst(world, respond(status, {}), 2);
  await world.once();

  expect(await world.states()).toEqual({ delivered: 1 });
  expect(world.target.objects).toHaveLength(1);
});

test.each<[CallAction, WriteTier]>([
  ['pause', 1],
  ['wait', 1],
  ['pause', 4],
  ['wait', 4],
])(
  'a rule that says "%s" after a 500 leaves the outcome of a write of tier %i open',
  async (action, tier) => {
    let row: Row = { id: 'r0', name: 'A', at: at(0) };
    let appliedMs = Number.POSITIVE_INFINITY;
    let writes = 0;
    const [{ lookUp } = {}] = createTestFlow({ tier: 3 }).targets;
    const flow = creates(tier, {
      calls: [{ on: [[500, 500]], do: action, afterMs: MINUTE, rule: 'flows.f.calls[0]' }],
      ...(tier === 4 && lookUp !== undefined
        ? { lookUp: { ...lookUp, settleMs: 10 * MINUTE, probes: 1 } }
        : {}),
    });
    const world = createWorld(() => respond(200, { rows: [row] }), { tier, flow });
    world.target.fault = (request: WireRequest, apply) => {
      // The index lags by five minutes.
      if (request.method === 'GET')
        return world.clock.now() - appliedMs < 5 * MINUTE ? respond(200, { found: [] }) : undefined;
      writes += 1;
      if (writes === 1) {
        apply();
        appliedMs = world.clock.now();
      }
      return writes === 1 || (tier === 1 && writes <= 3) ? respond(500, {}) : undefined;
    };
    const running = world.runner.run();
    await world.clock.advance(30_000);
    if (tier === 1) row = { ...row, name: 'B', at: at(1) };
    await world.clock.advance(4 * HOUR);
    world.context.stop();
    await world.clock.drive(running);

    expect(refs(world)).toEqual(['r0 A']);
  },
);

test('a person who says twice that a write was not applied gets it sent under another key', async () => {
  let seen = 0;
  const world = createWorld(
    () => {
      seen += 1;
      return respond(200, { rows: [...rows(1), { id: `other${seen}`, name: 'n', at: at(seen) }] });
    },
    { tier: 1, keyLastsMs: 30 * DAY, read: { everyMs: 10 * MINUTE, order: 'none' } },
  );
  const { store, clock } = world.context;
  const failed = new Set<string>();
  // The vendor keeps its 500 for the key, as Stripe does.
  world.target.fault = ({ headers, body }) => {
    const key = headers['idempotency-key'] ?? '';
    if (!(body ?? '').includes('"r0"') || (failed.size > 0 && !failed.has(key))) return undefined;
    failed.add(key);
    return respond(500, {});
  };
  const running = world.runner.run();
  for (let round = 0; round < 2; round += 1) {
    await clock.advance(2 * DAY);
    const [review] = await store.listReviews({ state: 'open', limit: 1 });
    expect(review?.reason).toBe('unknown outcome');
    const decision = { kind: 'retry', outcome: { kind: 'not-applied' } } as const;
    await clock.drive(store.decideReview(review?.id ?? 0, decision, 'ada', clock.now()));
  }
  await clock.advance(HOUR);
  world.context.stop();
  await clock.drive(running);

  expect(refs(world).filter((text) => text.startsWith('r0 '))).toHaveLength(1);
  expect(await store.countOpenReviews('f')).toBe(0);
});
