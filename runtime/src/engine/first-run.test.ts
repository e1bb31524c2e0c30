import { expect, test } from 'vitest';
import { at, createWorld } from '../testing/fake-world.ts';
import type { Row } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';

/** What was there before the first run is history; one record of it cannot be read then, and somebody mends it later. */
function createMarking(changed: 'update' | 'ignore') {
  let list: readonly unknown[] = [
    { id: 'old', name: 'history', at: at(1) },
    { id: 'odd', name: 7, at: at(1) },
  ];
  const world = createWorld(() => respond(200, { rows: list }), {
    tier: 2,
    read: { changes: { field: (row: Row) => row.at, lookbackMs: 0, settleMs: 0, first: 'seen' } },
    flow: { later: { changed, left: 'ignore' } },
  });
  const mend = async (name: string, second: number): Promise<void> => {
    list = [{ id: 'odd', name, at: at(second) }];
    await world.once();
  };
  const decide = async (kind: 'retry' | 'discard'): Promise<void> => {
    const { store, clock } = world.context;
    const [review] = await store.listReviews({ state: 'open', limit: 2 });
    expect(review).toMatchObject({ reason: 'first run', rule: 'flows.f.from.changes.first' });
    const decision = kind === 'retry' ? { kind } : { kind, reason: 'billed by hand' };
    await store.decideReview(review?.id ?? 0, decision, 'ada', clock.now());
    await world.once();
  };
  return { world, mend, decide };
}

test.each(['update', 'ignore'] as const)(
  'of a record that could not be read in a first run that only marks, a person says whether it is history (changed: %s)',
  async (changed) => {
    const { world, mend, decide } = createMarking(changed);
    await world.once();
    expect(await world.states()).toEqual({ review: 1, seen: 1 });
    await mend('Ada', 2);
    await mend('Ada L.', 3);
    expect(await world.states()).toEqual({ review: 1, seen: 1, superseded: 2 });
    expect(world.target.objects).toEqual([]);
    await decide('retry');
    expect(world.target.objects.map(({ name }) => name)).toEqual(['Ada L.']);
    await mend('Ada Lovelace', 4);
    expect(world.target.objects.map(({ name }) => name)).toEqual([
      changed === 'update' ? 'Ada Lovelace' : 'Ada L.',
    ]);
  },
);

test('what a person leaves to history is asked about again when it changes', async () => {
  const { world, mend, decide } = createMarking('update');
  await world.once();
  await mend('Ada', 2);
  await decide('discard');
  expect(await world.states()).toEqual({ discarded: 1, seen: 1, superseded: 1 });
  await mend('Ada L.', 3);
  expect(await world.states()).toEqual({ discarded: 1, review: 1, seen: 1, superseded: 1 });
  expect(world.target.objects).toEqual([]);
});
