import { expect, test } from 'vitest';
import { claimOne, sampleRecord, take, toReview, write } from '../testing/sample-records.ts';
import type { ContractStore } from './contract-store.ts';
import type { QueuedItem, Review, Store } from './store.ts';

const NOW = 2_000_000;
const BY_ADA = { actor: 'ada', paced: false };

async function onlyReview(store: Store): Promise<Review> {
  const [review] = await store.listReviews({ state: 'open', limit: 10 });
  if (review === undefined) throw new Error('No review is open.');
  return review;
}

/** Reviews, dead letters, pauses, tokens and quotas: what people and other processes touch. */
export function testPeopleContract(create: () => ContractStore): void {
  testReviews(create);
  testSettings(create);
}

function testReviews(create: () => ContractStore): void {
  test('a review that is retried puts its record back once, from another connection too', async () => {
    const { store, open } = create();
    const other = open();
    await take(store, sampleRecord('a', '1'), toReview());
    const { id, payload } = await onlyReview(other);
    expect(JSON.parse(payload ?? '')).toMatchObject({ id: 'a' });
    expect(await other.decideReview(id, { kind: 'retry' }, 'ada', NOW)).toBe(true);
    expect(await store.decideReview(id, { kind: 'retry' }, 'bob', NOW)).toBe(false);
    const items: QueuedItem[] = [];
    await store.prepareQueued('f', 10, (item) => {
      items.push(item);
      return write('a')();
    });
    expect(items).toMatchObject([{ key: 'a', editGeneration: 0, byPerson: true }]);
    expect((await store.counts(['f']))[0]?.states).toEqual({ waiting: 1 });
    await other.close();
  });

  test('an edit replaces the record and counts the edits', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), toReview());
    for (const generation of [1, 2]) {
      const { id } = await onlyReview(store);
      expect(
        await store.decideReview(id, { kind: 'edit', payload: `{"edit":${generation}}` }, 'ada', NOW),
      ).toBe(true);
      await store.prepareQueued('f', 10, (item) => {
        expect([item.payload, item.editGeneration]).toEqual([`{"edit":${generation}}`, generation]);
        return toReview()();
      });
    }
    expect(
      (await store.listReviews({ state: 'closed', limit: 10 })).map((review) => review.resolution),
    ).toEqual(['edit', 'edit']);
  });

  test('a discarded record is gone for good, with its reason', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), toReview());
    const { id } = await onlyReview(store);
    expect(await store.decideReview(id, { kind: 'discard', reason: 'a test' }, 'ada', NOW)).toBe(true);
    expect(await store.findReview(id)).toMatchObject({
      state: 'closed',
      resolution: 'discarded: a test',
      payload: undefined,
    });
    expect((await store.counts(['f']))[0]?.states).toEqual({ discarded: 1 });
    expect(await store.findReview(id + 1)).toBeUndefined();
  });

  test('a dead letter is put back once', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), write('a'));
    await store.settle(await claimOne(store, NOW), { kind: 'dead', reason: 'not taken' }, NOW);
    const [dead] = await store.listDead({ flow: 'f', limit: 10 });
    expect(dead).toMatchObject({ key: 'a', reason: 'not taken', changedAtMs: NOW });
    expect(await store.retryDead(dead?.itemId ?? 0, BY_ADA, NOW)).toBe(true);
    expect(await store.retryDead(dead?.itemId ?? 0, BY_ADA, NOW)).toBe(false);
    await store.prepareQueued('f', 10, write('a'));
    expect((await claimOne(store, NOW)).body).toBe('a');
  });
}

function testSettings(create: () => ContractStore): void {
  test('a pause is set, kept with its beginning, and lifted once', async () => {
    const { store, open } = create();
    const pause = { name: 'flow:f', kind: 'halt', untilMs: undefined, reason: 'first', sinceMs: 1 } as const;
    await store.setPause(pause);
    await store.setPause({ ...pause, reason: 'second', sinceMs: 9 });
    const other = open();
    expect(await other.listPauses()).toEqual([{ ...pause, reason: 'second' }]);
    expect(await other.clearPause('flow:f', 'ada', NOW)).toBe(true);
    expect(await store.clearPause('flow:f', 'ada', NOW)).toBe(false);
    expect(await store.listPauses()).toEqual([]);
    await other.close();
  });

  test('a token is only replaced by whoever knew the one before', async () => {
    const { store, open } = create();
    const other = open();
    const token = (generation: number) => ({ sealed: `sealed ${generation}`, seedHash: 's', generation });
    expect(await store.readToken('x')).toBeUndefined();
    expect(await store.writeToken('x', token(1), 0)).toBe(true);
    expect(await other.writeToken('x', token(2), 1)).toBe(true);
    expect(await store.writeToken('x', { ...token(2), sealed: 'late' }, 1)).toBe(false);
    expect(await store.readToken('x')).toEqual(token(2));
    await other.close();
  });

  test('the calls of a day add up, each system and day apart', async () => {
    const { store } = create();
    expect(await store.addUsage('x', 1, 0)).toBe(0);
    expect(
      await Promise.all([store.addUsage('x', 1, 50), store.addUsage('x', 1, 50), store.addUsage('x', 2, 1)]),
    ).toEqual([50, 100, 1]);
    expect(await store.addUsage('x', 1, -30)).toBe(70);
  });
}
