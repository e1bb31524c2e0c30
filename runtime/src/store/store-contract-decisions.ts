import { expect, test } from 'vitest';
import { claimOne, sampleRecord, sampleReview, take, toReview, write } from '../testing/sample-records.ts';
import type { ContractStore } from './contract-store.ts';
import type { ReviewDecision } from './review-decision.ts';
import { readStates } from './store-contract-versions.ts';
import type { ClaimedIntent, KnownKey, Review, Store } from './store.ts';

const NOW = 3_000_000;

/** Takes a record in whose write then is of unknown outcome, and waits for a person. */
async function parkUnknown(store: Store): Promise<Review> {
  await take(store, sampleRecord('a', '1'), write('old'));
  const settlement = { kind: 'refused', unresolved: true, review: sampleReview('unknown outcome') } as const;
  await store.settle(await claimOne(store, NOW), settlement, NOW);
  return onlyReview(store);
}

async function onlyReview(store: Store): Promise<Review> {
  const [review] = await store.listReviews({ state: 'open', limit: 10 });
  if (review === undefined) throw new Error('No review is open.');
  return review;
}

async function prepare(store: Store, body: string): Promise<KnownKey | undefined> {
  let known: KnownKey | undefined;
  await store.prepareQueued('f', 10, (_item, found) => {
    known = found;
    return write(body)();
  });
  return known;
}

/** What a person decides of a write that may have reached the target. */
export function testDecisions(create: () => ContractStore): void {
  test('a review says whether its write may have reached the target', async () => {
    const { store } = create();
    const { id } = await parkUnknown(store);
    expect(await store.findReview(id)).toMatchObject({
      unresolved: { target: 'contact', firstSentAtMs: NOW },
    });
    await take(store, sampleRecord('b', '1'), toReview());
    expect((await store.listReviews({ state: 'open', limit: 10 }))[1]?.unresolved).toBeUndefined();
  });

  test('what a person edits is known from what they put back as it is, until it ends', async () => {
    const { store } = create();
    const look = async (): Promise<unknown> => {
      const [queued] = await store.listQueued('f', NOW, 10);
      return [queued?.item.byPerson, queued?.item.edited];
    };
    const decide = async (decision: ReviewDecision): Promise<void> => {
      const [review] = await store.listReviews({ state: 'open', limit: 10 });
      await store.decideReview(review?.id ?? 0, decision, 'ada', NOW);
    };
    const putOff = { untilMs: NOW, agedMs: 0, counts: true };
    await take(store, sampleRecord('a', '1'), toReview());
    await decide({ kind: 'retry' });
    expect(await look()).toEqual([true, false]);
    await store.prepareQueued('f', 10, toReview());
    await decide({ kind: 'edit', payload: '{}' });
    expect(await look()).toEqual([true, true]);
    // A look-up that is put off does not make it forgotten.
    await store.prepareQueued('f', 10, () => ({ state: 'queued', reason: 'the look-up waits', putOff }));
    expect(await look()).toEqual([true, true]);
  });

  test('a retry has the outcome found out, with the same bytes and the same key', async () => {
    const { store } = create();
    const { id } = await parkUnknown(store);
    expect(await store.decideReview(id, { kind: 'retry' }, 'ada', NOW)).toBe(true);
    expect(await readStates(store)).toEqual({ unknown: 1 });
    await store.prepareQueued('f', 10, () => expect.unreachable('it is not known yet'));
    const again = await claimOne(store, NOW);
    expect(again).toMatchObject({ body: 'old', idempotencyKey: 'key-old', wasUnknown: true, attempts: 2 });
    expect(again).toMatchObject({ firstSentAtMs: NOW, agedMs: 0, deferrals: 0 });
  });

  test.each(['confirmed', 'refused'] as const)(
    'an edit waits until the write before it is known to be %s, and then goes out',
    async (kind) => {
      const { store } = create();
      const { id } = await parkUnknown(store);
      await store.decideReview(id, { kind: 'edit', payload: '{"edited":true}' }, 'ada', NOW);
      expect(await readStates(store)).toEqual({ unknown: 1, queued: 1 });
      await store.prepareQueued('f', 10, () => expect.unreachable('the old write may have been applied'));
      const old = await claimOne(store, NOW);
      expect(old).toMatchObject({ body: 'old', wasUnknown: true });
      await settle(store, old, kind);
      // What the source gives once more is the version that was edited.
      await take(store, sampleRecord('a', '1'), () => expect.unreachable('it is known'));
      const known = await prepare(store, 'edited');
      expect(known?.delivered.map(({ remoteId }) => remoteId)).toEqual(kind === 'confirmed' ? ['r1'] : []);
      expect(await claimOne(store, NOW)).toMatchObject({ body: 'edited', wasUnknown: false });
      expect(await readStates(store)).toEqual(
        kind === 'confirmed' ? { delivered: 1, sending: 1 } : { superseded: 1, sending: 1 },
      );
    },
  );

  test('a person who knows that it was applied names the object, and nothing is sent for it', async () => {
    const { store } = create();
    const { id } = await parkUnknown(store);
    const outcome = { kind: 'applied', remoteId: 'seen' } as const;
    await store.decideReview(id, { kind: 'retry', outcome }, 'ada', NOW);
    expect(await store.claimIntents('f', 'contact', NOW, 10)).toEqual([]);
    const known: KnownKey[] = [];
    await store.prepareQueued('f', 10, ({ itemId }, found) => {
      known.push(found);
      expect(found.delivered).toMatchObject([{ remoteId: 'seen', confirmedHash: undefined, itemId }]);
      return { state: 'delivered' };
    });
    expect(known).toHaveLength(1);
    expect(await readStates(store)).toEqual({ delivered: 1 });
    expect((await store.findReview(id))?.resolution).toBe('retry; the write was applied as seen');
  });

  test('a person who knows that it was not applied has it judged anew', async () => {
    const { store } = create();
    const { id } = await parkUnknown(store);
    await store.decideReview(id, { kind: 'retry', outcome: { kind: 'not-applied' } }, 'ada', NOW);
    expect((await prepare(store, 'new'))?.delivered).toEqual([]);
    expect(await claimOne(store, NOW)).toMatchObject({ body: 'new', wasUnknown: false });
  });

  test.each([undefined, { kind: 'not-applied' }] as const)(
    'a newer version waits behind a write of unknown outcome until it is resolved: %o',
    async (outcome) => {
      const { store } = create();
      const { id } = await parkUnknown(store);
      const never = () => expect.unreachable('the first may have been applied');
      await take(store, sampleRecord('a', '2'), never);
      await take(store, sampleRecord('a', '3'), never);
      await store.prepareQueued('f', 10, () => expect.unreachable('nobody has decided yet'));
      expect(await readStates(store)).toEqual({ review: 1, superseded: 1, queued: 1 });
      expect(await store.listBlocked(10)).toMatchObject({
        count: 1,
        oldest: [{ flow: 'f', key: 'a', behind: 'parked' }],
      });
      await store.decideReview(id, { kind: 'retry', ...(outcome && { outcome }) }, 'ada', NOW);
      if (outcome === undefined) await settle(store, await claimOne(store, NOW), 'confirmed');
      await prepare(store, 'version 3');
      expect((await claimOne(store, NOW)).body).toBe('version 3');
      expect(await store.listBlocked(10)).toEqual({ count: 0, oldest: [] });
    },
  );

  test('many that are put back go out behind what is new, and one goes out with it', async () => {
    const { store } = create();
    for (const key of ['a', 'b', 'c']) await take(store, sampleRecord(key, '1'), toReview());
    const reviews = await store.listReviews({ state: 'open', fingerprint: 'f:blank', limit: 10 });
    for (const { id, key } of reviews)
      await store.decideReview(id, { kind: 'retry', paced: key !== 'c' }, 'ada', NOW);
    await store.prepareQueued('f', 10, ({ key }) => write(key)());
    await take(store, sampleRecord('d', '1'), write('d'));
    const claimed = await store.claimIntents('f', 'contact', NOW * 1_000_000, 10);
    expect(claimed.map(({ body, lane }) => `${body} ${lane}`)).toEqual([
      'c live',
      'd live',
      'a retry',
      'b retry',
    ]);
  });

  test('reviews and dead letters are found by what they have in common', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), toReview('one'));
    await take(store, sampleRecord('b', '1'), toReview('two'));
    await take(store, sampleRecord('c', '1'), () => ({ state: 'dead', reason: 'Quota 100% used' }));
    await take(store, sampleRecord('d', '1'), () => ({ state: 'dead', reason: 'other' }));
    const reviews = await store.listReviews({ state: 'open', fingerprint: 'f:two', limit: 10 });
    expect(reviews.map(({ key }) => key)).toEqual(['b']);
    expect((await store.listDead({ like: 'quota 100%', limit: 10 })).map(({ key }) => key)).toEqual(['c']);
    expect((await store.listDead({ flow: 'g', limit: 10 })).map(({ key }) => key)).toEqual([]);
  });
}

function settle(store: Store, intent: ClaimedIntent, kind: 'confirmed' | 'refused'): Promise<void> {
  return store.settle(
    intent,
    kind === 'confirmed' ? { kind, remoteId: 'r1' } : { kind, review: sampleReview() },
    NOW,
  );
}
