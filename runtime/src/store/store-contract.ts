import { expect, test } from 'vitest';
import {
  claimOne,
  NO_PASS,
  sampleIntent,
  sampleRecord,
  sampleReview,
  take,
  write,
} from '../testing/sample-records.ts';
import type { ContractStore } from './contract-store.ts';
import type { KnownDelivery } from './store.ts';
import { readStates, testSupersession } from './store-contract-versions.ts';
import { testBatches } from './store-contract-batches.ts';
import { testBackfills } from './store-contract-backfill.ts';
import { testClaims } from './store-contract-claims.ts';
import { testFound } from './store-contract-found.ts';
import { testDecisions } from './store-contract-decisions.ts';
import { testErasure } from './store-contract-erase.ts';
import { testPeopleContract } from './store-contract-people.ts';

const NOW = 1_000_000;

/** What every store must do, whatever it is made of. */
export function testStoreContract(create: () => ContractStore): void {
  testIntake(create);
  testSupersession(create);
  testDelivery(create);
  testClaims(create);
  testFound(create);
  testBatches(create);
  testPeopleContract(create);
  testDecisions(create);
  testBackfills(create);
  testErasure(create);
}

function testIntake(create: () => ContractStore): void {
  test('a record is taken in once by key, version and hash, and re-reads are counted apart', async () => {
    const { store } = create();
    const records = [sampleRecord('a', '1'), sampleRecord('b', '1'), sampleRecord('a', '1')];
    const first = await store.takeIn('f', records, NO_PASS, () => ({ state: 'skipped' }));
    const second = await store.takeIn('f', records, NO_PASS, () => ({ state: 'skipped' }));
    expect([first.taken, first.rereads, second.taken, second.rereads]).toEqual([2, 1, 0, 3]);
    await take(store, sampleRecord('a', '1', 'other bytes'), () => ({ state: 'skipped' }));
    expect(await store.counts(['f'])).toEqual([
      { flow: 'f', takenIn: 3, rereads: 4, states: { skipped: 3 } },
    ]);
  });

  test('the flows of a store know nothing of each other', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), write('one'));
    expect(
      (await store.takeIn('g', [sampleRecord('a', '1')], NO_PASS, () => ({ state: 'skipped' }))).taken,
    ).toBe(1);
    expect(await store.claimIntents('g', 'contact', NOW, 10)).toEqual([]);
    expect(await store.countLive('f')).toBe(1);
  });

  test('a page and the cursor that goes with it are stored together', async () => {
    const { store } = create();
    const pass = {
      watermarkMs: 5,
      firstDone: true,
      open: { startedAtMs: 1, sinceMs: 2, newestMs: 3, serverMs: 4 },
    };
    await store.takeIn('f', [sampleRecord('a', '1')], pass, () => ({ state: 'seen' }));
    expect(await store.loadPass('f')).toEqual(pass);
    expect(await store.loadPass('g')).toEqual(NO_PASS);
  });

  test('a judge that throws takes its page and its cursor back, and spoils nothing that is written with it', async () => {
    const { store } = create();
    const pass = { ...NO_PASS, watermarkMs: 7 };
    const broken = store.takeIn('f', [sampleRecord('a', '1'), sampleRecord('b', '1')], pass, ({ key }) => {
      if (key === 'b') throw new Error('no judgement');
      return { state: 'waiting', intent: sampleIntent('a') };
    });
    const other = store.takeIn('g', [sampleRecord('c', '1')], pass, write('c'));
    const meta = store.writeMeta('name', 'value');
    await expect(broken).rejects.toThrow('no judgement');
    await Promise.all([other, meta]);
    expect(await store.loadPass('f')).toEqual(NO_PASS);
    expect(await readStates(store)).toEqual({});
    expect(await store.countLive('f')).toBe(0);
    expect(await store.countLive('g')).toBe(1);
    expect(await store.readMeta('name')).toBe('value');
  });
}

function testDelivery(create: () => ContractStore): void {
  test('a claim marks its intents as sending, once, and remembers what was attempted', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), write('one'));
    const [claimed, again] = await Promise.all([
      store.claimIntents('f', 'contact', NOW, 10),
      store.claimIntents('f', 'contact', NOW, 10),
    ]);
    expect(claimed).toMatchObject([
      { body: 'one', attempts: 1, deferrals: 0, wasUnknown: false, firstSentAtMs: NOW },
    ]);
    expect(again).toEqual([]);
    expect(await readStates(store)).toEqual({ sending: 1 });
  });

  test('what was under way when the engine stopped is unknown, and due at once', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), write('one'));
    await claimOne(store, NOW);
    expect(await store.recoverSending()).toBe(1);
    expect(await readStates(store)).toEqual({ unknown: 1 });
    expect(await claimOne(store, NOW + 1)).toMatchObject({
      wasUnknown: true,
      attempts: 2,
      firstSentAtMs: NOW,
      body: 'one',
      idempotencyKey: 'key-one',
    });
  });

  test('each kind of settlement leaves its state', async () => {
    const { store } = create();
    for (const key of ['confirmed', 'refused', 'skipped', 'dead', 'no', 'unknown'])
      await take(store, sampleRecord(key, '1'), write(key));
    for (const intent of await store.claimIntents('f', 'contact', NOW, 10)) {
      const { key } = intent;
      if (key === 'confirmed') await store.settle(intent, { kind: key, remoteId: undefined }, NOW);
      else if (key === 'refused') await store.settle(intent, { kind: key, review: sampleReview() }, NOW);
      else if (key === 'skipped' || key === 'dead')
        await store.settle(intent, { kind: key, reason: 'why' }, NOW);
      else
        await store.settle(
          intent,
          {
            kind: 'later',
            applied: key === 'no' ? 'no' : 'unknown',
            atMs: NOW + 10,
            agedMs: 10,
            counts: true,
            reason: 'why',
          },
          NOW,
        );
    }
    expect(await readStates(store)).toEqual({
      delivered: 1,
      review: 1,
      skipped: 1,
      dead: 1,
      waiting: 1,
      unknown: 1,
    });
    expect(await store.nextDueMs('f', 'contact')).toBe(NOW + 10);
    expect(await store.countLive('f')).toBe(2);
    expect(await store.claimIntents('f', 'contact', NOW + 9, 10)).toEqual([]);
    const due = await store.claimIntents('f', 'contact', NOW + 10, 10);
    expect(due.map(({ key, wasUnknown, deferrals, agedMs }) => [key, wasUnknown, deferrals, agedMs])).toEqual(
      [
        ['no', false, 1, 10],
        ['unknown', true, 1, 10],
      ],
    );
  });

  test('what is known of a key tells what was confirmed from what was attempted', async () => {
    const { store } = create();
    const known: (KnownDelivery | undefined)[] = [];
    const judge =
      (body: string) => (_record: unknown, key: { readonly delivered: readonly KnownDelivery[] }) => {
        known.push(key.delivered[0]);
        return { state: 'waiting', intent: sampleIntent(body) } as const;
      };
    await take(store, sampleRecord('a', '1'), judge('one'));
    await store.settle(await claimOne(store, NOW), { kind: 'confirmed', remoteId: 'r1' }, NOW);
    await take(store, sampleRecord('a', '2'), judge('two'));
    await store.settle(await claimOne(store, NOW), { kind: 'refused', review: sampleReview() }, NOW);
    await take(store, sampleRecord('a', '3'), judge('one'));
    expect(known).toEqual([
      undefined,
      { target: 'contact', itemId: 1, remoteId: 'r1', confirmedHash: 'hash-one', attemptedHash: 'hash-one' },
      { target: 'contact', itemId: 1, remoteId: 'r1', confirmedHash: 'hash-one', attemptedHash: 'hash-two' },
    ]);
  });
}
