import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import { isOperatorError } from '../errors.ts';
import { NO_PASS, sampleRecord, take, write } from '../testing/sample-records.ts';
import { createVirtualClock } from '../testing/virtual-clock.ts';
import { compareVersions } from './compare-versions.ts';
import { copySqliteFile } from './copy-sqlite-file.ts';
import { takeEngineLock } from './engine-lock.ts';
import { openSqliteDatabase } from './sqlite-database.ts';
import { createSqliteStore } from './sqlite-store.ts';
import { testStoreContract } from './store-contract.ts';

const folders: string[] = [];

function createFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-store-'));
  folders.push(folder);
  return join(folder, 'deep', 'store.sqlite');
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

testStoreContract(() => {
  const file = createFile();
  const clock = createVirtualClock();
  return { store: createSqliteStore(file, clock), open: () => createSqliteStore(file, clock) };
});

test('a commit is on the disk: WAL with synchronous FULL', async () => {
  const db = openSqliteDatabase(createFile());
  expect(db.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
  expect(db.get('PRAGMA synchronous')).toEqual({ synchronous: 2 });
  await db.close();
});

test('what the store holds is for the user of the service alone, and so is what SQLite puts beside it', async () => {
  const file = createFile();
  const store = createSqliteStore(file, createVirtualClock());
  await store.writeMeta('name', 'value');
  for (const path of [file, `${file}-wal`]) expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await store.checkHealth()).toMatchObject({ isExposed: false });
  chmodSync(file, 0o644);
  expect(await store.checkHealth()).toMatchObject({ isExposed: true });
  await store.close();
});

test('a disk that is full is told in a sentence that says what to do, and takes nothing of what was written', async () => {
  const file = createFile();
  const db = openSqliteDatabase(file);
  const keep = (name: string) =>
    db.write(() => db.run('INSERT INTO meta (name, value) VALUES (?, ?)', name, 'x'.repeat(100_000)));
  db.get('PRAGMA max_page_count = 100');
  await keep('first');
  await expect(
    keep('second').then(() => Promise.all(['third', 'fourth', 'fifth'].map(keep))),
  ).rejects.toThrow(
    `The store ${file} cannot be written: database or disk is full. Make room on the disk, then start again: everything that was taken in is still there.`,
  );
  expect(db.all('SELECT name FROM meta ORDER BY rowid')[0]).toEqual({ name: 'first' });
  await db.close();
});

test('what was written is there after the store was opened again', async () => {
  const file = createFile();
  const store = createSqliteStore(file, createVirtualClock());
  await take(store, sampleRecord('a', '1'), write('one'));
  await store.close();
  const again = createSqliteStore(file, createVirtualClock());
  expect(await again.claimIntents('f', 'contact', 0, 10)).toMatchObject([{ key: 'a', body: 'one' }]);
  await again.close();
});

test('what was asked for before the store closes is still written', async () => {
  const file = createFile();
  const store = createSqliteStore(file, createVirtualClock());
  const writing = store.writeMeta('last', 'word');
  await store.close();
  await writing;
  const again = createSqliteStore(file, createVirtualClock());
  expect(await again.readMeta('last')).toBe('word');
  await again.close();
});

test('a store that a later version wrote is refused and left as it was', () => {
  const file = createFile();
  createSqliteStore(file, createVirtualClock());
  const db = new DatabaseSync(file);
  db.exec('PRAGMA user_version = 99');
  db.close();
  const before = readFileSync(file);
  expect(() => createSqliteStore(file, createVirtualClock())).toThrow('has schema 99');
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('a store that an earlier version wrote is brought up to date with what it holds', async () => {
  const file = createFile();
  const before = createSqliteStore(file, createVirtualClock());
  await before.takeIn('f', [sampleRecord('a', '1')], NO_PASS, () => ({ state: 'queued' }));
  await before.close();
  const db = new DatabaseSync(file);
  for (const column of ['found', 'not_before', 'deferrals', 'aged_ms', 'stale'])
    db.exec(`ALTER TABLE items DROP COLUMN ${column}`);
  db.exec('DROP INDEX intents_batch; DROP TABLE batches');
  for (const column of ['updates', 'batch_id', 'batch_index', 'batch_most'])
    db.exec(`ALTER TABLE intents DROP COLUMN ${column}`);
  db.exec('PRAGMA user_version = 2');
  db.close();
  const store = createSqliteStore(file, createVirtualClock());
  expect(await store.listQueued('f', 0, 10)).toMatchObject([{ item: { key: 'a', deferrals: 0, agedMs: 0 } }]);
  await store.close();
});

test('a file that is no store is refused with a sentence for the operator', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-store-'));
  folders.push(folder);
  try {
    createSqliteStore(folder, createVirtualClock());
    expect.unreachable();
  } catch (error) {
    expect(isOperatorError(error)).toBe(true);
  }
});

test('a second engine on the same store is refused, and may start once the first has ended', () => {
  const file = createFile();
  const lock = takeEngineLock(file);
  expect(() => takeEngineLock(file)).toThrow('Another engine runs on the store');
  lock.release();
  takeEngineLock(file).release();
});

test('a copy is made of a store that is open, and none of a store that is not there', async () => {
  const file = createFile();
  const store = createSqliteStore(file, createVirtualClock());
  await store.writeMeta('name', 'value');
  copySqliteFile(file, `${file}.copy`);
  copySqliteFile(`${file}.missing`, `${file}.none`);
  const copy = createSqliteStore(`${file}.copy`, createVirtualClock());
  expect(await copy.readMeta('name')).toBe('value');
  expect(() => readFileSync(`${file}.none`)).toThrow('ENOENT');
  await Promise.all([copy.close(), store.close()]);
});

test.each([
  ['1', '2', -1],
  ['10', '9', 1],
  ['9007199254740993', '9007199254740992', 1],
  ['2026-01-05T10:00:00Z', '2026-01-05T10:00:00+01:00', 1],
  ['2026-01-05T10:00:00.000Z', '2026-01-05T10:00:00Z', undefined],
  ['W/"abc"', 'W/"abd"', undefined],
  ['same', 'same', 0],
])('of the versions %s and %s the order is %s', (left, right, order) => {
  expect(compareVersions(left, right)).toBe(order);
});
