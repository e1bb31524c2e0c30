import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import {
  claimOne,
  sampleIntent,
  sampleRecord,
  sampleReview,
  take,
  write,
} from '../testing/sample-records.ts';
import { createVirtualClock } from '../testing/virtual-clock.ts';
import { createSqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

const NOW = 6_000_000;
const KEY = 'person-4711-of-the-crm';
const SECRETS = [KEY, 'Ada Lovelace', 'remote-id-of-ada', 'hash-of-ada', 'discarded on behalf of Ada'];

const folders: string[] = [];

function createFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-erase-'));
  folders.push(folder);
  return join(folder, 'store.sqlite');
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** What of the record stands in the store or its log. */
function findSecrets(file: string): string[] {
  const bytes = [file, `${file}-wal`]
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path).toString('latin1'))
    .join('');
  return SECRETS.filter((secret) => bytes.includes(secret));
}

/** Everything in which a record leaves something. */
async function leaveTraces(store: Store): Promise<void> {
  const record = (version: string) => ({
    ...sampleRecord(KEY, version, 'Ada Lovelace'),
    hash: `hash-of-ada-${version}`,
  });
  await take(store, record('1'), () => ({ state: 'waiting', intent: sampleIntent('Ada Lovelace') }));
  const sent = await claimOne(store, NOW);
  await store.settle(sent, { kind: 'confirmed', remoteId: 'remote-id-of-ada' }, NOW);
  const review = { ...sampleReview(), message: 'of Ada Lovelace', mapped: '{"name":"Ada Lovelace"}' };
  await take(store, record('2'), () => ({ state: 'review', reason: 'blank', review }));
  const [open] = await store.listReviews({ state: 'open', limit: 1 });
  const because = { kind: 'discard', reason: 'discarded on behalf of Ada' } as const;
  await store.decideReview(open?.id ?? 0, because, 'bob', NOW);
  await take(store, record('3'), () => ({ state: 'dead', reason: 'no "name" for Ada Lovelace' }));
  await store.writeMeta('alerts', JSON.stringify({ incidents: [{ message: 'no "name" for Ada Lovelace' }] }));
  await store.setPause({
    name: 'flow:f',
    kind: 'halt',
    untilMs: undefined,
    reason: 'ended alike: no "name" for Ada Lovelace',
    fingerprint: 'no "name" for Ada Lovelace',
    sinceMs: NOW,
  });
  await store.requestBackfill({ flow: 'f', kind: 'resync', sinceMs: 0, key: KEY, actor: 'bob' }, NOW);
}

test.each([
  ['a random number', undefined],
  ['MORTISE_KEY', 'a-secret-made-of-the-key'],
])(
  'an erased record stands nowhere in the bytes of the store; its tombstone is made with %s',
  async (_name, tombstoneKey) => {
    const file = createFile();
    const clock = createVirtualClock();
    const store = createSqliteStore(file, clock, tombstoneKey);
    const engine = createSqliteStore(file, clock, tombstoneKey);
    // Enough for trees of several levels, in which pages are split and shared.
    for (let page = 0; page < 20; page += 1) {
      const others = Array.from({ length: 50 }, (_, at) =>
        sampleRecord(`other-${page}-${at}`, '1', 'x'.repeat(99)),
      );
      const pass = { watermarkMs: undefined, firstDone: false, open: undefined };
      await engine.takeIn('f', others, pass, ({ key }) => write(key)());
      if (page === 10) await leaveTraces(noOthers(store));
    }
    expect(findSecrets(file)).toEqual(SECRETS);
    expect(await store.erase({ key: KEY, forget: false, actor: 'bob' }, NOW)).toMatchObject({
      kind: 'erased',
      records: 3,
      truncated: true,
    });
    expect(findSecrets(file)).toEqual([]);
    const [counts] = await engine.counts(['f']);
    expect(counts?.states).toEqual({ waiting: 1000, erased: 3 });
    expect(JSON.parse((await store.readMeta('alerts')) ?? '')).toEqual({
      incidents: [{ message: 'erased' }],
    });
    // The engine, in another process, does not take it in again.
    await take(engine, sampleRecord(KEY, '4'), () => expect.unreachable('it was erased'));
    expect(findSecrets(file)).toEqual([]);
    await Promise.all([store.close(), engine.close()]);
  },
);

/** Claims of this store take no other record's write. */
function noOthers(store: Store): Store {
  return {
    ...store,
    claimIntents: async (flow, target, nowMs) => {
      const claimed = await store.claimIntents(flow, target, nowMs, 10_000);
      for (const intent of claimed.filter(({ key }) => key !== KEY))
        await store.settle(
          intent,
          { kind: 'later', applied: 'no', atMs: 0, agedMs: 0, counts: false, reason: 'not this one' },
          nowMs,
        );
      return claimed.filter(({ key }) => key === KEY);
    },
  };
}

test('tombstones that were made with a key are not passed over without it', async () => {
  const file = createFile();
  const clock = createVirtualClock();
  const store = createSqliteStore(file, clock, 'a-secret-made-of-the-key');
  await take(store, sampleRecord(KEY, '1'), write('one'));
  await store.erase({ key: KEY, forget: false, actor: 'bob' }, NOW);
  await store.close();
  expect(() => createSqliteStore(file, clock)).toThrow('Set the same MORTISE_KEY again');
});

test('tombstones that were made without a key are found with one', async () => {
  const file = createFile();
  const clock = createVirtualClock();
  const before = createSqliteStore(file, clock);
  await take(before, sampleRecord(KEY, '1'), write('one'));
  await before.erase({ key: KEY, forget: false, actor: 'bob' }, NOW);
  await before.close();
  const after = createSqliteStore(file, clock, 'a-secret-made-of-the-key');
  await take(after, sampleRecord(KEY, '2'), () => expect.unreachable('it was erased'));
  expect((await after.counts(['f']))[0]?.states).toEqual({ erased: 2 });
  await after.close();
});
