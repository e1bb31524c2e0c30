import { expect, test } from 'vitest';
import { NO_PASS, sampleIntent, sampleRecord } from '../testing/sample-records.ts';
import type { ContractStore } from './contract-store.ts';
import type { ClaimedIntent, FrozenBatch, Settlement, Store } from './store.ts';

const NOW = 1_000_000;
const BATCH: FrozenBatch = {
  path: '/batch',
  headers: { 'idempotency-key': 'all' },
  body: '[1,2,3]',
  count: 3,
};
const UNKNOWN = {
  kind: 'later',
  applied: 'unknown',
  atMs: NOW,
  agedMs: 0,
  counts: true,
  reason: 'cut',
} as const satisfies Settlement;

/** Several writes in one call, under one idempotency key. */
export function testBatches(create: () => ContractStore): void {
  test('what was sent in a batch and may have been applied is claimed with the very bytes of the batch', async () => {
    const { store } = create();
    const sent = await sendThree(store);
    await Promise.all(sent.map((intent) => store.settle(intent, UNKNOWN, NOW)));
    expect(await claim(store)).toMatchObject([
      { key: 'a', wasUnknown: true, batch: { ...BATCH, index: 0 } },
      { key: 'b', wasUnknown: true, batch: { ...BATCH, index: 1 } },
      { key: 'c', wasUnknown: true, batch: { ...BATCH, index: 2 } },
    ]);
  });

  test('a stop after some of a batch were confirmed leaves the others their places in it', async () => {
    const { store } = create();
    const [a, b] = await sendThree(store);
    if (a === undefined || b === undefined) return expect.unreachable();
    await store.settle(a, { kind: 'confirmed', remoteId: 'r1' }, NOW);
    expect(await store.recoverSending()).toBe(2);
    expect(await claim(store)).toMatchObject([
      { key: 'b', batch: { index: 1, body: '[1,2,3]' } },
      { key: 'c', batch: { index: 2, body: '[1,2,3]' } },
    ]);
  });

  test('what was not applied goes into any batch that is small enough', async () => {
    const { store } = create();
    for (const intent of await sendThree(store))
      await store.settle(intent, { ...UNKNOWN, applied: 'no', batchMost: 2 }, NOW);
    const again = await claim(store);
    expect(again.map(({ key, batchMost }) => [key, batchMost])).toEqual([
      ['a', 2],
      ['b', 2],
      ['c', 2],
    ]);
    expect(again.every(({ batch }) => batch === undefined)).toBe(true);
  });

  test('the bytes of a batch go with the erasure of one of its records: the others know that they are lost', async () => {
    const { store } = create();
    const [a, ...others] = await sendThree(store);
    if (a === undefined) return expect.unreachable();
    await store.settle(a, { kind: 'confirmed', remoteId: 'r1' }, NOW);
    for (const intent of others) await store.settle(intent, UNKNOWN, NOW);
    const end = await store.erase({ key: 'a', forget: false, actor: 'ada' }, NOW);
    expect(end.kind).toBe('erased');
    expect((await claim(store)).map(({ key, batch }) => [key, batch])).toEqual([
      ['b', 'lost'],
      ['c', 'lost'],
    ]);
  });

  test('a batch that comes later never takes the place of one whose bytes are gone', async () => {
    const { store } = create();
    const [a, ...others] = await sendThree(store);
    if (a === undefined) return expect.unreachable();
    await store.settle(a, { kind: 'confirmed', remoteId: 'r1' }, NOW);
    for (const intent of others) await store.settle(intent, { ...UNKNOWN, atMs: NOW + 1000 }, NOW);
    await store.erase({ key: 'a', forget: false, actor: 'ada' }, NOW);
    await store.takeIn('f', [sampleRecord('d', '1')], NO_PASS, () => ({
      state: 'waiting',
      intent: sampleIntent('d'),
    }));
    const later = await store.saveBatch({ ...BATCH, body: '[4]', count: 1 }, await claim(store));
    for (const intent of later) await store.settle(intent, UNKNOWN, NOW);

    const claimed = await store.claimIntents('f', 'contact', NOW + 1000, 10);
    expect(claimed.map(({ key, batch }) => [key, batch === 'lost' ? batch : batch?.body])).toEqual([
      ['d', '[4]'],
      ['b', 'lost'],
      ['c', 'lost'],
    ]);
  });
}

async function sendThree(store: Store): Promise<readonly ClaimedIntent[]> {
  for (const key of ['a', 'b', 'c'])
    await store.takeIn('f', [sampleRecord(key, '1')], NO_PASS, () => ({
      state: 'waiting',
      intent: sampleIntent(key),
    }));
  return store.saveBatch(BATCH, await claim(store));
}

function claim(store: Store): Promise<readonly ClaimedIntent[]> {
  return store.claimIntents('f', 'contact', NOW, 10);
}
