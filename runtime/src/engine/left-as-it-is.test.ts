import { expect, test } from 'vitest';
import { at, createWorld } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';

test.each(['retry', 'edit'] as const)(
  'a change that a person wants written (%s) where the object is looked up and left as it is comes back to them',
  async (kind) => {
    let row = { id: 'r0', name: 'first', at: at(1) };
    const world = createWorld(() => respond(200, { rows: [row] }), {
      tier: 3,
      flow: { later: { changed: 'review', left: 'ignore' } },
    });
    await world.once();
    row = { id: 'r0', name: 'changed', at: at(2) };
    await world.once();
    const { store, clock } = world.context;
    const [review] = await store.listReviews({ state: 'open', limit: 1 });
    expect(review?.reason).toBe('changed');
    const decision =
      kind === 'edit' ? { kind, payload: JSON.stringify({ ...row, name: 'edited' }) } : { kind };
    await store.decideReview(review?.id ?? 0, decision, 'ada', clock.now());
    await world.once();
    expect(world.target.objects.map(({ name }) => name)).toEqual(['first']);
    expect(await world.states()).toEqual({ delivered: 1, review: 1 });
    expect(await store.listReviews({ state: 'open', limit: 2 })).toMatchObject([
      { reason: 'created before' },
    ]);
  },
);
