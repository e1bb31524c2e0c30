import { expect, test } from 'vitest';
import {
  claimOne,
  sampleIntent,
  sampleRecord,
  sampleReview,
  take,
  toReview,
  write,
} from '../testing/sample-records.ts';
import type { ContractStore } from './contract-store.ts';
import type { ItemState, KnownKey, Store } from './store.ts';

const NOW = 1_000_000;

/** Of the flow `f`. What was taken in must be the sum of the states, whenever one looks. */
export async function readStates(store: Store): Promise<Readonly<Partial<Record<ItemState, number>>>> {
  const [counts] = await store.counts(['f']);
  const sum = Object.values(counts?.states ?? {}).reduce((total, count) => total + count, 0);
  expect(sum).toBe(counts?.takenIn);
  return counts?.states ?? {};
}

/** What becomes of an older version when a newer one comes. */
export function testSupersession(create: () => ContractStore): void {
  test('an older version is superseded at once, and nothing of it is written', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '2026-01-05T10:00:00Z'), write('new'));
    await take(store, sampleRecord('a', '2026-01-05T09:00:00Z'), write('old'));
    expect(await readStates(store)).toEqual({ waiting: 1, superseded: 1 });
    expect((await claimOne(store, NOW)).body).toBe('new');
  });

  test('a newer version supersedes one that waits, is in review, or is dead', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), write('old'));
    await take(store, sampleRecord('b', '1'), toReview());
    await take(store, sampleRecord('c', '1'), () => ({ state: 'dead', reason: 'not kept' }));
    for (const key of ['a', 'b', 'c']) await take(store, sampleRecord(key, '2'), write(`${key}2`));
    expect(await readStates(store)).toEqual({ waiting: 3, superseded: 3 });
    expect((await store.claimIntents('f', 'contact', NOW, 10)).map((intent) => intent.body)).toEqual([
      'a2',
      'b2',
      'c2',
    ]);
    expect(await store.listDead({ limit: 10 })).toEqual([]);
    const reviews = await store.listReviews({ flow: 'f', state: 'all', limit: 10 });
    expect(reviews.map(({ state, resolution }) => [state, resolution])).toEqual([
      ['closed', 'fixed at source'],
    ]);
  });

  test.each(['sending', 'unknown'] as const)(
    'a newer version waits behind one that is %s, and is judged after it',
    async (state) => {
      const { store } = create();
      await take(store, sampleRecord('a', '1'), write('old'));
      const old = await claimOne(store, NOW);
      if (state === 'unknown')
        await store.settle(
          old,
          { kind: 'later', applied: 'unknown', atMs: NOW + 5, agedMs: 0, counts: true, reason: 'timeout' },
          NOW,
        );
      await take(store, sampleRecord('a', '2'), () => expect.unreachable('it is not judged yet'));
      expect(await readStates(store)).toEqual({ [state]: 1, queued: 1 });
      expect((await store.prepareQueued('f', 10, () => expect.unreachable('still not'))).states.size).toBe(0);
      const resolved = state === 'unknown' ? await claimOne(store, NOW + 5) : old;
      expect(resolved.wasUnknown).toBe(state === 'unknown');
      await store.settle(resolved, { kind: 'confirmed', remoteId: '7' }, NOW + 6);
      let known: KnownKey | undefined;
      await store.prepareQueued('f', 10, (item, found) => {
        expect(item.version).toBe('2');
        known = found;
        return { state: 'waiting', intent: sampleIntent('new') };
      });
      expect(known?.delivered[0]).toEqual({
        target: 'contact',
        itemId: 1,
        remoteId: '7',
        confirmedHash: 'hash-old',
        attemptedHash: 'hash-old',
      });
      expect((await claimOne(store, NOW + 7)).body).toBe('new');
    },
  );

  test.each(['refused', 'dead', 'later'] as const)(
    'a version that ended as %s while a newer one came gives way to it',
    async (kind) => {
      const { store } = create();
      await take(store, sampleRecord('a', '1'), write('old'));
      const old = await claimOne(store, NOW);
      await take(store, sampleRecord('a', '2'), write('new'));
      if (kind === 'refused') await store.settle(old, { kind, review: sampleReview() }, NOW);
      else if (kind === 'dead') await store.settle(old, { kind, reason: 'no' }, NOW);
      else
        await store.settle(
          old,
          { kind, applied: 'no', atMs: NOW + 9_000_000, agedMs: 0, counts: true, reason: 'busy' },
          NOW,
        );
      await store.prepareQueued('f', 10, write('new'));
      expect(await readStates(store)).toEqual({ superseded: 1, waiting: 1 });
      expect((await claimOne(store, NOW)).body).toBe('new');
      expect(await store.countOpenReviews('f')).toBe(0);
    },
  );
}
