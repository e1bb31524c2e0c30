import { expect, test } from 'vitest';
import type { WriteTier } from '../http/decide-call.ts';
import type { WireOutcome } from '../http/transport.ts';
import { createWorld } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';

/** Versions without an order, as ETags are: one that comes back is known and not the latest. */
function createTagged(tier: WriteTier) {
  let name = 'A';
  const world = createWorld(() => respond(200, { rows: [{ id: 'r0', name, at: `etag-${name}` }] }), {
    tier,
    read: { changes: { lookbackMs: 0, settleMs: 0, first: 'all' }, order: 'none' },
  });
  const become = async (next: string): Promise<void> => {
    name = next;
    await world.once();
  };
  return { world, become };
}

test('a record that is changed and changed back is written again, under a key of its own', async () => {
  const { world, become } = createTagged(1);
  const answers = new Map<string, WireOutcome>();
  let held = '';
  world.target.fault = ({ headers, body }) => {
    const key = headers['idempotency-key'] ?? '';
    const before = answers.get(key);
    if (before !== undefined) return before;
    held = (JSON.parse(body ?? '') as { readonly name: string }).name;
    answers.set(key, respond(200, { id: 't-r0' }));
    return answers.get(key);
  };
  for (const name of ['A', 'B', 'A', 'B', 'A']) await become(name);

  expect(held).toBe('A');
  expect(answers.size).toBe(5);
  expect(await world.states()).toEqual({ delivered: 2 });
});

test('what was not written in between is not written again', async () => {
  const { world, become } = createTagged(2);
  await become('A');
  world.target.fault = () => respond(422, {});
  await become('B');
  world.target.fault = undefined;
  const before = world.target.transport.requests.length;
  await become('A');

  // The refused try may have changed something, so the last attempt is not what was confirmed.
  expect(world.target.transport.requests.length).toBe(before + 1);
});

test('a write that a person must resolve keeps its review when its version comes back', async () => {
  const { world, become } = createTagged(5);
  const { store, clock } = world.context;
  world.target.fault = () => ({ kind: 'unknown', reason: 'timeout', detail: 'no answer' });
  await become('A');
  world.target.fault = undefined;
  await become('B');
  await become('A');
  const [review] = await store.listReviews({ state: 'open', limit: 1 });
  expect(review?.unresolved).toMatchObject({ target: 'object' });
  expect((await store.listBlocked(5)).count).toBe(1);

  const decision = { kind: 'retry', outcome: { kind: 'not-applied' } } as const;
  expect(await clock.drive(store.decideReview(review?.id ?? 0, decision, 'ada', clock.now()))).toBe(true);
  await world.once();

  expect(world.target.objects).toEqual([{ ref: 'r0', name: 'A' }]);
  expect(await store.listBlocked(5)).toEqual({ count: 0, oldest: [] });
  expect(await store.countOpenReviews('f')).toBe(0);
});

test('a target that has lost the object gets it again when the version before comes back', async () => {
  const { world, become } = createTagged(2);
  const written: string[] = [];
  let isGone = false;
  world.target.fault = ({ body }) => {
    const { name } = JSON.parse(body ?? '') as { readonly name: string };
    written.push(isGone ? `404 ${name}` : name);
    return isGone ? respond(404, {}) : respond(200, { id: 't' });
  };
  await become('A');
  isGone = true;
  await become('B');
  isGone = false;
  await become('A');

  expect(written).toEqual(['A', '404 B', 'A']);
});
