import { expect, test } from 'vitest';
import { claimOne, NO_PASS, sampleIntent, sampleRecord, take, write } from '../testing/sample-records.ts';
import type { ContractStore } from './contract-store.ts';
import { readStates } from './store-contract-versions.ts';
import type { KnownDelivery, KnownKey, TakenRecord } from './store.ts';

const NOW = 1_000_000;
const always = (): boolean => true;

/** Writes that are claimed in the transaction that plans them. */
export function testClaims(create: () => ContractStore): void {
  test('a write that is claimed with its page stands as being sent, and nobody else can claim it', async () => {
    const { store } = create();
    const report = await store.takeIn('f', [sampleRecord('a', '1')], NO_PASS, write('one'), always);
    expect(report.claimed).toMatchObject([
      { key: 'a', body: 'one', attempts: 1, wasUnknown: false, idempotencyKey: 'key-one' },
    ]);
    expect(await readStates(store)).toEqual({ sending: 1 });
    expect(await store.claimIntents('f', 'contact', NOW * 2, 10)).toEqual([]);
    const [claimed] = report.claimed ?? [];
    if (claimed === undefined) return;
    await store.settle(claimed, { kind: 'confirmed', remoteId: 'r1' }, NOW);
    expect(await readStates(store)).toEqual({ delivered: 1 });
    expect(await store.findLinkedKey('f', 'contact', 'r1')).toBe('a');
  });

  test('a write that was claimed with its page is of unknown outcome after a stop', async () => {
    const { store } = create();
    await store.takeIn('f', [sampleRecord('a', '1')], NO_PASS, write('one'), always);
    expect(await store.recoverSending()).toBe(1);
    expect(await readStates(store)).toEqual({ unknown: 1 });
    expect(await claimOne(store, NOW * 2)).toMatchObject({ wasUnknown: true, attempts: 2, body: 'one' });
  });

  test('nothing is claimed with its page while something else waits, or where the target may not', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), write('one'));
    const behind = await store.takeIn('f', [sampleRecord('b', '1')], NO_PASS, write('two'), always);
    const refused = await store.takeIn('g', [sampleRecord('b', '1')], NO_PASS, write('two'), () => false);
    expect([behind.claimed, refused.claimed]).toEqual([[], []]);
    expect(await readStates(store)).toEqual({ waiting: 2 });
  });

  test('a change that is claimed with its page counts as attempted', async () => {
    const { store } = create();
    const known: (KnownDelivery | undefined)[] = [];
    const judge = (body: string) => (_record: TakenRecord, key: KnownKey) => {
      known.push(key.delivered[0]);
      return { state: 'waiting', intent: sampleIntent(body) } as const;
    };
    const first = await store.takeIn('f', [sampleRecord('a', '1')], NO_PASS, judge('one'), always);
    for (const intent of first.claimed ?? [])
      await store.settle(intent, { kind: 'confirmed', remoteId: 'r1' }, NOW);
    const second = await store.takeIn('f', [sampleRecord('a', '2')], NO_PASS, judge('two'), always);
    for (const intent of second.claimed ?? [])
      await store.settle(intent, { kind: 'skipped', reason: 'refused' }, NOW);
    await take(store, sampleRecord('a', '3'), judge('one'));
    expect(known.map((entry) => entry && [entry.confirmedHash, entry.attemptedHash])).toEqual([
      undefined,
      ['hash-one', 'hash-one'],
      ['hash-one', 'hash-two'],
    ]);
  });
}
