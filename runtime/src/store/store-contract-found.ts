import { expect, test } from 'vitest';
import {
  claimOne,
  sampleIntent,
  sampleRecord,
  sampleReview,
  take,
  write,
} from '../testing/sample-records.ts';
import type { ContractStore } from './contract-store.ts';
import { MAYBE } from './marks.ts';
import { readStates } from './store-contract-versions.ts';
import type { KnownKey, Settlement } from './store.ts';

const NOW = 1_000_000;
const FOUND: Extract<Settlement, { readonly kind: 'confirmed' }> = {
  kind: 'confirmed',
  remoteId: '7',
  adopted: true,
  changesNext: true,
  ifLinked: sampleReview('linked elsewhere'),
};

const LOOK_AGAIN: Extract<Settlement, { readonly kind: 'later' }> = {
  kind: 'later',
  applied: 'no',
  atMs: NOW,
  agedMs: 40,
  counts: true,
  looksAgain: true,
  reason: '412',
};

/** An object that was at the target before the record was ever sent, and is changed next. */
export function testFound(create: () => ContractStore): void {
  test('a record whose object was there before is judged once more, and does not count as delivered', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), write('create'));
    await store.settle(await claimOne(store, NOW), FOUND, NOW);
    expect(await readStates(store)).toEqual({ queued: 1 });
    expect(await store.countLive('f')).toBe(1);
    let known: KnownKey | undefined;
    await store.prepareQueued('f', 10, (_item, found) => {
      known = found;
      return { state: 'waiting', intent: { ...sampleIntent('update'), updates: true } };
    });
    expect(known?.delivered).toEqual([
      {
        target: 'contact',
        itemId: undefined,
        remoteId: '7',
        confirmedHash: undefined,
        attemptedHash: 'hash-create',
      },
    ]);
    await store.settle(await claimOne(store, NOW), { kind: 'confirmed', remoteId: undefined }, NOW);
    expect(await readStates(store)).toEqual({ delivered: 1 });
    expect(await store.findLinkedKey('f', 'contact', '7')).toBe('a');
  });

  test('where a newer version has come meanwhile, the object is changed to that', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), write('create'));
    const old = await claimOne(store, NOW);
    await take(store, sampleRecord('a', '2'), write('newer'));
    await store.settle(old, FOUND, NOW);
    expect(await readStates(store)).toEqual({ superseded: 1, queued: 1 });
    const judged: string[] = [];
    await store.prepareQueued('f', 10, ({ version }, { delivered }) => {
      judged.push(`${version} of ${delivered[0]?.remoteId}`);
      return { state: 'waiting', intent: sampleIntent('newer') };
    });
    expect(judged).toEqual(['2 of 7']);
  });

  test('what is looked up again is mapped anew, and has been tried for as long as before', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), write('of then'));
    const old = await claimOne(store, NOW);
    await store.settle(old, { ...LOOK_AGAIN, atMs: NOW + 5 }, NOW);
    expect(await readStates(store)).toEqual({ queued: 1 });
    expect(await store.countLive('f')).toBe(1);
    expect(await store.listQueued('f', NOW, 10)).toEqual([]);
    expect(await store.nextQueuedMs('f')).toBe(NOW + 5);
    const [queued] = await store.listQueued('f', NOW + 5, 10);
    expect(queued?.item).toMatchObject({ found: undefined, deferrals: 1, agedMs: 40 });
    await store.prepareQueued('f', 10, () => ({ state: 'waiting', intent: sampleIntent('of now') }));
    expect(await claimOne(store, NOW + 5)).toMatchObject({
      hash: 'hash-of now',
      wasUnknown: false,
      deferrals: 1,
      agedMs: 40,
    });
  });

  test('it has been tried for as long as before, also where its look-ups were put off, and is another write', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), write('of then'));
    await store.settle(await claimOne(store, NOW), LOOK_AGAIN, NOW);
    const putOff = { untilMs: NOW, agedMs: 50, counts: true };
    await store.prepareQueued('f', 10, (item) => {
      expect(item).toMatchObject({ editGeneration: 0, remakes: 1 });
      return { state: 'queued', reason: 'the look-up waits', putOff };
    });
    await store.prepareQueued('f', 10, () => ({ state: 'waiting', intent: sampleIntent('of now') }));
    expect(await claimOne(store, NOW)).toMatchObject({ deferrals: 2, agedMs: 50 });
  });

  test('what may have been applied is known until a write of the record is confirmed, be it of a newer version', async () => {
    const { store } = create();
    const marks = async (): Promise<readonly string[]> => {
      const [queued] = await store.listQueued('f', NOW, 10);
      return queued?.known.delivered.map(({ target }) => target) ?? [];
    };
    await take(store, sampleRecord('a', '1'), write('of then'));
    await store.settle(await claimOne(store, NOW), { ...LOOK_AGAIN, maybe: true }, NOW);
    expect(await marks()).toEqual([MAYBE]);
    await take(store, sampleRecord('a', '2'), () => ({ state: 'queued' }));
    expect(await marks()).toEqual([MAYBE]);
    await store.prepareQueued('f', 10, () => ({ state: 'waiting', intent: sampleIntent('newer') }));
    await store.settle(await claimOne(store, NOW), { kind: 'confirmed', remoteId: '7' }, NOW);
    await take(store, sampleRecord('a', '3'), () => ({ state: 'queued' }));
    expect(await marks()).toEqual(['contact']);
  });

  test('what goes on to its next target has been tried there for no time', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), write('of then'));
    await store.settle(await claimOne(store, NOW), LOOK_AGAIN, NOW);
    await store.prepareQueued('f', 10, () => ({ state: 'waiting', intent: sampleIntent('of now') }));
    const intent = await claimOne(store, NOW);
    await store.settle(intent, { kind: 'confirmed', remoteId: '7', more: true }, NOW);
    const [queued] = await store.listQueued('f', NOW, 10);
    expect(queued?.item).toMatchObject({ deferrals: 0, agedMs: 0 });
  });

  test('what is adopted and not changed has been reached, and nobody knows what it holds', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), write('create'));
    const intent = await claimOne(store, NOW);
    await store.settle(intent, { ...FOUND, changesNext: false, more: true }, NOW);
    const [queued] = await store.listQueued('f', NOW, 10);
    expect(queued?.known.delivered).toMatchObject([
      { target: 'contact', itemId: queued?.item.itemId, confirmedHash: undefined },
    ]);
  });

  test('what is looked up again gives way to a newer version', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), write('of then'));
    const old = await claimOne(store, NOW);
    await take(store, sampleRecord('a', '2'), write('newer'));
    await store.settle(old, LOOK_AGAIN, NOW);
    expect(await readStates(store)).toEqual({ superseded: 1, queued: 1 });
  });

  test('an object of another record is not changed', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), write('create'));
    await store.settle(await claimOne(store, NOW), { kind: 'confirmed', remoteId: '7' }, NOW);
    await take(store, sampleRecord('b', '1'), write('create'));
    await store.settle(await claimOne(store, NOW), FOUND, NOW);
    expect(await readStates(store)).toEqual({ delivered: 1, review: 1 });
    expect(await store.findLinkedKey('f', 'contact', '7')).toBe('a');
  });
}
