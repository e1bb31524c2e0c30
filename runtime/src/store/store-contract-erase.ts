import { expect, test } from 'vitest';
import { claimOne, sampleRecord, sampleReview, take, toReview, write } from '../testing/sample-records.ts';
import type { ContractStore } from './contract-store.ts';
import type { EraseEnd } from './erasure-store.ts';
import { readStates } from './store-contract-versions.ts';
import type { Store } from './store.ts';

const NOW = 5_000_000;

function erase(store: Store, key: string, forget = false, flow?: string): Promise<EraseEnd> {
  return store.erase({ key, forget, actor: 'ada', ...(flow === undefined ? {} : { flow }) }, NOW);
}

const never = (): never => expect.unreachable('what was erased is not judged');

export function testErasure(create: () => ContractStore): void {
  test('what was erased is counted, and is not delivered when it comes again', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), write('a'));
    await store.settle(await claimOne(store, NOW), { kind: 'confirmed', remoteId: 'r' }, NOW);
    await take(store, sampleRecord('a', '2'), toReview());
    await take(store, sampleRecord('b', '1'), write('b'));
    expect(await erase(store, 'a')).toMatchObject({
      kind: 'erased',
      flows: ['f'],
      records: 2,
      truncated: true,
    });
    expect(await readStates(store)).toEqual({ erased: 2, waiting: 1 });
    expect(await store.listReviews({ state: 'all', limit: 10 })).toEqual([]);
    await take(store, sampleRecord('a', '2'), never);
    expect(await readStates(store)).toEqual({ erased: 2, waiting: 1 });
    await take(store, sampleRecord('a', '3'), never);
    await take(store, sampleRecord('a', '3'), never);
    expect(await readStates(store)).toEqual({ erased: 3, waiting: 1 });
    expect((await store.counts(['f']))[0]).toMatchObject({ takenIn: 4, rereads: 2 });
    expect(await erase(store, 'a')).toEqual({ kind: 'erased before', flows: ['f'], truncated: true });
    expect(await erase(store, 'never seen')).toEqual({ kind: 'none' });
  });

  test('what was erased and forgotten is new when it comes again, and can be erased again', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), write('a'));
    expect(await erase(store, 'a', true)).toMatchObject({ kind: 'erased', records: 1, lifted: 0 });
    await take(store, sampleRecord('a', '1'), write('again'));
    expect(await readStates(store)).toEqual({ erased: 1, waiting: 1 });
    expect(await erase(store, 'a')).toMatchObject({ kind: 'erased', records: 1 });
    expect(await erase(store, 'a', true)).toMatchObject({ kind: 'erased', records: 0, lifted: 1 });
    await take(store, sampleRecord('a', '1'), write('third'));
    expect((await claimOne(store, NOW)).body).toBe('third');
    expect(await readStates(store)).toEqual({ erased: 2, sending: 1 });
  });

  test('the same key of another flow stays', async () => {
    const { store } = create();
    for (const flow of ['f', 'g'])
      await store.takeIn(
        flow,
        [sampleRecord('a', '1')],
        { watermarkMs: undefined, firstDone: false, open: undefined },
        write(flow),
      );
    await erase(store, 'a', false, 'f');
    expect((await store.counts(['f', 'g'])).map(({ states }) => states)).toEqual([
      { erased: 1 },
      { waiting: 1 },
    ]);
  });

  test.each(['sending', 'unknown', 'parked'] as const)(
    'nothing is erased while a write of the record is %s',
    async (state) => {
      const { store } = create();
      await take(store, sampleRecord('a', '1'), write('a'));
      const intent = await claimOne(store, NOW);
      const later = {
        kind: 'later',
        applied: 'unknown',
        atMs: 0,
        agedMs: 0,
        counts: true,
        reason: 'cut',
      } as const;
      if (state === 'unknown') await store.settle(intent, later, NOW);
      if (state === 'parked')
        await store.settle(intent, { kind: 'refused', unresolved: true, review: sampleReview() }, NOW);
      expect(await erase(store, 'a')).toEqual({
        kind: 'unresolved',
        flow: 'f',
        state,
        review: state === 'parked' ? 1 : undefined,
      });
      expect(await readStates(store)).toEqual({ [state === 'parked' ? 'review' : state]: 1 });
    },
  );

  test('a halt no longer quotes what was erased', async () => {
    const { store } = create();
    const message = '451 {"message":"Ada is on a list"}';
    await take(store, sampleRecord('a', '1'), write('a'));
    const intent = await claimOne(store, NOW);
    await store.settle(intent, { kind: 'refused', review: { ...sampleReview(), message } }, NOW);
    await store.setPause({
      name: 'flow:f',
      kind: 'halt',
      untilMs: undefined,
      reason: `flows.f.calls[0]: ${message}`,
      sinceMs: NOW,
    });
    await erase(store, 'a');
    expect(await store.listPauses()).toMatchObject([{ reason: 'flows.f.calls[0]: erased' }]);
  });

  test('a backfill does not bring back what was erased', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', '1'), () => ({ state: 'skipped' }));
    await erase(store, 'a');
    const backfill = await store.requestBackfill(
      { flow: 'f', kind: 'backfill', sinceMs: 0, actor: 'ada' },
      NOW,
    );
    const page = { id: backfill?.id ?? 0, flow: 'f', records: [sampleRecord('a', '1')], open: undefined };
    await store.takeInBackfill({ ...page, askedAtMs: NOW }, never);
    expect(await readStates(store)).toEqual({ erased: 1 });
  });
}
