import { expect, test } from 'vitest';
import type { AnyFlow } from '../flow.ts';
import type { ReviewDecision } from '../store/review-decision.ts';
import type { Review } from '../store/store.ts';
import { createTestFlow, createWorld, rows } from '../testing/fake-world.ts';
import type { World, WorldOptions } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';
import { findObstacle, listRewritten } from './check-decision.ts';

const DAY = 86_400_000;
const ONE = rows(1);
const EDITED = JSON.stringify({ ...ONE[0], name: 'edited' });

/** A write of unknown outcome that waits for a person, as after a day of tries; the target has it or not. */
async function parkUnknown(
  options: WorldOptions,
  isApplied: boolean,
): Promise<{ readonly world: World; readonly review: Review }> {
  const world = createWorld(() => respond(200, { rows: ONE }), { keyLastsMs: 9 * DAY, ...options });
  const { clock, target, context } = world;
  const { store } = context;
  await clock.drive(world.runner.read(() => undefined));
  const [claimed] = await clock.drive(store.claimIntents('f', 'object', clock.now(), 1));
  if (claimed === undefined) throw new Error('Nothing is to be written.');
  const { headers, body, method } = claimed;
  const wire = { url: 'https://target.example/api/objects', timeoutMs: 1, maxBytes: 1 };
  if (isApplied) await target.transport.send({ ...wire, method, headers, body });
  const message = 'the outcome of the write is not known';
  const review = {
    reason: 'unknown outcome',
    rule: 'r',
    message,
    fingerprint: 'f:unknown',
    mapped: undefined,
  };
  await clock.drive(store.settle(claimed, { kind: 'refused', unresolved: true, review }, clock.now()));
  const [open] = await openReviews(world);
  if (open === undefined) throw new Error('No review is open.');
  return { world, review: open };
}

function openReviews({ context }: World): Promise<readonly Review[]> {
  return context.store.listReviews({ state: 'open', limit: 10 });
}

/** The decision, and the service once more until it has no more to do. */
async function decide(
  { world, review }: { readonly world: World; readonly review: Review },
  decision: ReviewDecision,
  options: WorldOptions,
): Promise<World> {
  const { store } = world.context;
  expect(await store.decideReview(review.id, decision, 'ada', world.clock.now())).toBe(true);
  const next = createWorld(() => respond(200, { rows: ONE }), {
    keyLastsMs: 9 * DAY,
    ...options,
    context: world.context,
    target: world.target,
  });
  await next.once();
  return next;
}

function keysOf(world: World): ReadonlySet<string | undefined> {
  const writes = world.target.transport.requests.filter(({ method }) => method === 'POST');
  return new Set(writes.map(({ headers }) => headers['idempotency-key']));
}

test.each([1, 2, 3] as const)(
  'at tier %i a retry of an unknown write makes one object, whether it was applied or not',
  async (tier) => {
    for (const isApplied of [true, false]) {
      const parked = await parkUnknown({ tier }, isApplied);
      const world = await decide(parked, { kind: 'retry' }, { tier });
      expect(world.target.objects).toEqual([{ ref: 'r0', name: 'name 0' }]);
      expect(await world.states()).toEqual({ delivered: 1 });
      expect(keysOf(world).size).toBe(1);
    }
  },
);

test('at tier 2 an edit of an unknown write ends up in the one object', async () => {
  for (const isApplied of [true, false]) {
    const world = await decide(
      await parkUnknown({ tier: 2 }, isApplied),
      { kind: 'edit', payload: EDITED },
      {},
    );
    expect(world.target.objects).toEqual([{ ref: 'r0', name: 'edited' }]);
    expect(await world.states()).toEqual({ delivered: 2 });
  }
});

/** A create is never repeated, so the edit comes too late where the write before it was applied. */
function creating(tier: 1 | 3): Partial<AnyFlow> {
  const [target] = createTestFlow({ tier, keyLastsMs: 9 * DAY }).targets;
  return { targets: [{ ...target, mode: 'create' }], later: { changed: 'ignore', left: 'ignore' } };
}

test.each([1, 3] as const)(
  'at tier %i an edit of an unknown create has the old one found out, and makes no second object',
  async (tier) => {
    const options = { tier, flow: creating(tier) };
    const parked = await parkUnknown(options, true);
    const world = await decide(parked, { kind: 'edit', payload: EDITED }, options);
    expect(world.target.objects).toEqual([{ ref: 'r0', name: 'name 0' }]);
    expect(await world.states()).toEqual({ delivered: 1, review: 1 });
    expect(await openReviews(world)).toMatchObject([{ reason: 'created before', unresolved: undefined }]);
  },
);

test.each([
  ['applied', { delivered: 1 }, 1],
  ['not-applied', { delivered: 1 }, 1],
] as const)('at tier 5 what a person has seen at the target decides: %s', async (kind, states, objects) => {
  const options = { tier: 5 } as const;
  const parked = await parkUnknown(options, kind === 'applied');
  const outcome = kind === 'applied' ? ({ kind, remoteId: 't-r0' } as const) : ({ kind } as const);
  const world = await decide(parked, { kind: 'retry', outcome }, options);
  expect(world.target.objects).toHaveLength(objects);
  expect(await world.states()).toEqual(states);
});

test('at tier 5 a retry without a statement waits for a person again, and sends nothing', async () => {
  const options = { tier: 5 } as const;
  const parked = await parkUnknown(options, true);
  const world = await decide(parked, { kind: 'retry' }, options);
  expect(world.target.objects).toHaveLength(1);
  expect(await openReviews(world)).toMatchObject([
    { reason: 'unknown outcome', unresolved: { target: 'object' } },
  ]);
});

const REVIEW: Review = {
  id: 7,
  flow: 'f',
  key: 'a',
  reason: 'unknown outcome',
  rule: 'flows.f.to.object',
  message: 'unknown',
  fingerprint: 'x',
  openedAtMs: 0,
  state: 'open',
  resolution: undefined,
  mapped: undefined,
  payload: '{}',
  unresolved: { target: 'object', firstSentAtMs: 0 },
};

test.each([
  [0, {}, 'retry', 0, true],
  [2, {}, 'edit', 0, true],
  [2, {}, 'discard', 0, true],
  [3, {}, 'edit', 0, true],
  [3, {}, 'discard', 0, true],
  [1, {}, 'retry', DAY - 1, true],
  [1, {}, 'edit', DAY - 1, true],
  [1, {}, 'retry', DAY, false],
  [1, {}, 'discard', 0, false],
  [1, { lookUp: true }, 'retry', DAY, true],
  [5, {}, 'retry', 0, false],
  [5, {}, 'edit', 0, false],
  [5, {}, 'discard', 0, false],
] as const)(
  'at tier %i (%o) a person who decides %s after %i ms needs no look at the target: %s',
  (tier, options, kind, nowMs, isFree) => {
    const flow = createTestFlow({ tier, keyLastsMs: DAY, ...options });
    const decision = { kind, payload: '{}', reason: 'a test' } as ReviewDecision;
    const obstacle = findObstacle(flow, REVIEW, decision, nowMs);
    if (isFree) expect(obstacle).toBeUndefined();
    else expect(obstacle).toContain('--applied <id of the object> or --not-applied');
    expect(
      findObstacle(flow, REVIEW, { ...decision, outcome: { kind: 'not-applied' } }, nowMs),
    ).toBeUndefined();
  },
);

test('nothing can be stated of a write that never went out, and nothing is sent by a flow that is gone', () => {
  const flow = createTestFlow({});
  const stated = { kind: 'retry', outcome: { kind: 'not-applied' } } as const;
  expect(findObstacle(flow, { ...REVIEW, unresolved: undefined }, stated, 0)).toContain('leave --applied');
  expect(findObstacle(undefined, REVIEW, { kind: 'retry' }, 0)).toContain('is not part of this version');
  expect(findObstacle(undefined, REVIEW, { kind: 'discard', reason: 'gone' }, 0)).toBeUndefined();
});

test.each([
  ['write', 0, false, true],
  ['write', 2, false, true],
  ['write', 1, false, false],
  ['write', 3, false, false],
  ['write', 5, false, false],
  ['create', 2, false, false],
  ['create', 5, true, true],
] as const)(
  'an edit goes again to a target by %s of tier %i, with an update %s: %s',
  (mode, tier, hasUpdate, isRewritten) => {
    const flow = createTestFlow({ tier: 2 });
    const [target] = flow.targets;
    const one = { ...target, mode, tier, ...(hasUpdate ? { update: { tier: 0 } } : {}) };
    expect(listRewritten({ ...flow, targets: [one] } as unknown as AnyFlow)).toEqual(
      isRewritten ? ['object'] : [],
    );
  },
);

test.each([
  [1, 'ignore', true],
  [5, 'review', true],
  [1, 'update', false],
  [3, 'ignore', false],
  [0, 'ignore', false],
] as const)(
  'an edit of what may have been applied at tier %i, where changes are for %s, would repeat it: %s',
  (tier, changed, isRefused) => {
    const flow = createTestFlow({ tier, keyLastsMs: DAY, flow: { later: { changed, left: 'ignore' } } });
    const edit = { kind: 'edit', payload: '{}' } as const;
    const applied = { ...edit, outcome: { kind: 'applied', remoteId: 'o1' } } as const;
    const expected = isRefused ? expect.stringContaining('would make a second object') : undefined;
    expect(findObstacle(flow, REVIEW, edit, 0)).toEqual(expected);
    expect(findObstacle(flow, REVIEW, applied, 0)).toEqual(expected);
    const notApplied = { ...edit, outcome: { kind: 'not-applied' } } as const;
    expect(findObstacle(flow, REVIEW, notApplied, 0)).toBeUndefined();
    expect(findObstacle(flow, REVIEW, { kind: 'retry', outcome: applied.outcome }, 0)).toBeUndefined();
  },
);
