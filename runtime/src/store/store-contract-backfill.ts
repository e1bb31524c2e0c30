import { expect, test } from 'vitest';
import { claimOne, NO_PASS, sampleRecord, take, toReview, write } from '../testing/sample-records.ts';
import type { Backfill, BackfillRequest } from './backfill.ts';
import type { ContractStore } from './contract-store.ts';
import { SEEN, UNREAD } from './marks.ts';
import { readStates } from './store-contract-versions.ts';
import type { IntakeReport, Judge, KnownKey, Store, TakenRecord } from './store.ts';

const NOW = 4_000_000;
const ASKED: BackfillRequest = { flow: 'f', kind: 'backfill', sinceMs: 0, actor: 'ada' };
const OPEN = { startedAtMs: 1, sinceMs: 0, newestMs: 7, serverMs: undefined };
/** After everything that the virtual clock of a store says. */
const LATER_MS = Date.UTC(2030, 0, 1);

async function request(store: Store, given: Partial<BackfillRequest> = {}): Promise<Backfill> {
  const backfill = await store.requestBackfill({ ...ASKED, ...given }, NOW);
  if (backfill === undefined) throw new Error('Another backfill is not over.');
  return backfill;
}

function readAgain(
  store: Store,
  { id, flow }: Backfill,
  records: readonly TakenRecord[],
  judge: Judge,
  askedAtMs = LATER_MS,
): Promise<IntakeReport | undefined> {
  return store.takeInBackfill({ id, flow, records, open: OPEN, askedAtMs }, judge);
}

async function deliver(store: Store, key: string, body = key): Promise<void> {
  await take(store, sampleRecord(key, '1'), write(body));
  await store.settle(await claimOne(store, LATER_MS), { kind: 'confirmed', remoteId: `r-${key}` }, NOW);
}

export function testBackfills(create: () => ContractStore): void {
  testRequests(create);
  testJudgingAgain(create);
}

function testRequests(create: () => ContractStore): void {
  test('a backfill is asked for in one process and found by another, once at a time', async () => {
    const { store, open } = create();
    const other = open();
    const { id } = await request(other, { sinceMs: 5 });
    expect(await store.findBackfill('f')).toMatchObject({ id, sinceMs: 5, state: 'waiting', askedBy: 'ada' });
    expect(await store.findBackfill('g')).toBeUndefined();
    expect(await store.requestBackfill(ASKED, NOW)).toBeUndefined();
    expect(await store.endBackfill(id, { state: 'done' }, NOW)).toBe(true);
    expect(await store.endBackfill(id, { state: 'cancelled' }, NOW)).toBe(false);
    const { id: second } = await request(store);
    expect((await other.listBackfills()).map((one) => [one.id, one.state])).toEqual([
      [id, 'done'],
      [second, 'waiting'],
    ]);
    await other.close();
  });

  test('its progress is stored with its pages, and the watermark of the normal reading is not', async () => {
    const { store } = create();
    const pass = { ...NO_PASS, watermarkMs: 9, firstDone: true };
    await store.savePass('f', pass);
    const backfill = await request(store);
    await readAgain(store, backfill, [sampleRecord('a', '1'), sampleRecord('b', '1')], write('x'));
    expect(await store.findBackfill('f')).toMatchObject({
      state: 'running',
      pages: 1,
      judged: 2,
      writes: 2,
      open: OPEN,
    });
    expect(await store.loadPass('f')).toEqual(pass);
  });

  test('one that was cancelled takes nothing in', async () => {
    const { store } = create();
    const backfill = await request(store);
    await store.endBackfill(backfill.id, { state: 'cancelled', actor: 'bob' }, NOW);
    expect(await readAgain(store, backfill, [sampleRecord('a', '1')], write('a'))).toBeUndefined();
    expect(await readStates(store)).toEqual({});
  });
}

function testJudgingAgain(create: () => ContractStore): void {
  test('what was delivered is judged again under a key of its own, and is left alone where nothing is new', async () => {
    const { store } = create();
    await deliver(store, 'a');
    await deliver(store, 'b');
    const known: KnownKey[] = [];
    const report = await readAgain(
      store,
      await request(store),
      [sampleRecord('a', '1'), sampleRecord('b', '1')],
      ({ key }, found) => {
        known.push(found);
        return key === 'a' ? { state: 'unchanged' } : write('b again')();
      },
    );
    expect(known.map(({ againAs }) => againAs)).toEqual([1, 1]);
    expect([report?.taken, report?.rereads, report?.states.get('waiting')]).toEqual([0, 2, 1]);
    expect(await readStates(store)).toEqual({ delivered: 1, waiting: 1 });
    const claimed = await claimOne(store, LATER_MS);
    expect(claimed).toMatchObject({ body: 'b again', lane: 'backfill' });
    await store.settle(claimed, { kind: 'confirmed', remoteId: 'r-b' }, NOW);
    expect(await readStates(store)).toEqual({ delivered: 2 });
  });

  test('what goes out again goes out behind what is new', async () => {
    const { store } = create();
    await deliver(store, 'a');
    const backfill = await request(store);
    await readAgain(store, backfill, [sampleRecord('a', '1'), sampleRecord('new', '1')], ({ key }) =>
      write(key)(),
    );
    await take(store, sampleRecord('live', '1'), write('live'));
    const claimed = await store.claimIntents('f', 'contact', LATER_MS, 10);
    expect(claimed.map(({ body, lane }) => `${body} ${lane}`)).toEqual([
      'live live',
      'a backfill',
      'new backfill',
    ]);
  });

  test.each(['waiting', 'sending', 'review', 'dead', 'discarded', 'seen'] as const)(
    'what is %s stays as it is',
    async (state) => {
      const { store } = create();
      if (state === 'review' || state === 'discarded') await take(store, sampleRecord('a', '1'), toReview());
      else if (state === 'dead' || state === 'seen')
        await take(store, sampleRecord('a', '1'), () => ({ state }));
      else await take(store, sampleRecord('a', '1'), write('a'));
      if (state === 'sending') await claimOne(store, NOW);
      const [review] = await store.listReviews({ state: 'open', limit: 1 });
      if (state === 'discarded')
        await store.decideReview(review?.id ?? 0, { kind: 'discard', reason: 'a test' }, 'ada', NOW);
      await readAgain(store, await request(store), [sampleRecord('a', '1')], () =>
        expect.unreachable('it is not judged'),
      );
      expect(await readStates(store)).toEqual({ [state]: 1 });
    },
  );

  test('without an order of versions, what was read before the newest came is not taken for newer', async () => {
    const { store } = create();
    await take(store, sampleRecord('a', 'W/"one"'), write('one'));
    await take(store, sampleRecord('a', 'W/"two"'), write('two'));
    const backfill = await request(store);
    const stale = [sampleRecord('a', 'W/"one"'), sampleRecord('a', 'W/"none"')];
    await readAgain(store, backfill, stale, write('stale'), 0);
    expect((await claimOne(store, NOW)).body).toBe('two');
    await readAgain(store, backfill, [sampleRecord('b', '2')], write('b2'));
    await readAgain(store, backfill, [sampleRecord('b', '1')], write('b1'));
    expect(await readStates(store)).toEqual({ superseded: 2, sending: 1, waiting: 1 });
  });

  test('a resync concerns what a target holds, and forgets what it confirmed', async () => {
    const { store } = create();
    await deliver(store, 'a');
    await deliver(store, 'b');
    await take(store, sampleRecord('seen', '1'), () => ({ state: 'seen', mark: SEEN }));
    await take(store, sampleRecord('unread', '1'), () => ({ ...toReview()(), mark: UNREAD }));
    const backfill = await request(store, { kind: 'resync', key: 'a' });
    const judged: string[] = [];
    const records = ['a', 'b', 'seen', 'unread', 'never'].map((key) => sampleRecord(key, '1'));
    await readAgain(store, backfill, records, ({ key }, known) => {
      judged.push(key);
      expect(known.delivered).toMatchObject([{ remoteId: 'r-a', confirmedHash: undefined }]);
      return write('a')();
    });
    await store.endBackfill(backfill.id, { state: 'done' }, NOW);
    await readAgain(store, await request(store, { kind: 'resync' }), records, ({ key }) => {
      judged.push(key);
      return { state: 'unchanged' };
    });
    expect(judged).toEqual(['a', 'b']);
    expect((await claimOne(store, LATER_MS)).body).toBe('a');
  });

  test('what is judged once more has been tried for no time', async () => {
    const { store } = create();
    const putOff = { untilMs: NOW + 7, agedMs: 50, counts: true };
    await take(store, sampleRecord('a', '1'), () => ({
      state: 'queued',
      reason: 'the look-up waits',
      putOff,
    }));
    // With what it takes now, and later.
    await store.prepareQueued('f', 10, () => ({ ...write('a')(), putOff }));
    await store.settle(await claimOne(store, LATER_MS), { kind: 'confirmed', remoteId: 'r-a' }, LATER_MS);
    await readAgain(store, await request(store), [sampleRecord('a', '1')], () => ({ state: 'queued' }));
    const [queued] = await store.listQueued('f', NOW, 10);
    expect(queued?.item).toMatchObject({ deferrals: 0, agedMs: 0 });
  });
}
