import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BlockedKey, BlockedKeys, StoreHealth, Waiting } from './inspect-store.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { LIVE, OPEN } from './sqlite-schema.ts';

const BLOCKED = `FROM items i WHERE i.${OPEN} AND i.state = 'queued'
  AND EXISTS (SELECT 1 FROM intents n WHERE n.flow = i.flow AND n.key = i.key AND n.${LIVE} AND n.state <> 'planned')`;

export function listBlockedKeys(db: SqliteDatabase, limit: number): BlockedKeys {
  const count = Number(db.get(`SELECT count(*) AS n ${BLOCKED}`)?.['n'] ?? 0);
  const rows = db.all(
    `SELECT i.flow, i.key, i.taken_at, (SELECT n.state FROM intents n WHERE n.flow = i.flow AND n.key = i.key AND n.${LIVE} AND n.state <> 'planned' LIMIT 1) AS behind
     ${BLOCKED} ORDER BY i.taken_at, i.id LIMIT ?`,
    limit,
  );
  const oldest = rows.map((row): BlockedKey => ({
    flow: String(row['flow']),
    key: String(row['key']),
    behind: row['behind'] as BlockedKey['behind'],
    sinceMs: Number(row['taken_at']),
  }));
  return { count, oldest };
}

export function listWaitingRows(db: SqliteDatabase): Waiting[] {
  const rows = db.all(
    `SELECT flow, target, count(*) AS n FROM intents WHERE ${LIVE} AND state <> 'parked' GROUP BY flow, target
     UNION ALL SELECT flow, NULL, count(*) FROM items WHERE ${OPEN} AND state = 'queued' GROUP BY flow`,
  );
  return rows.map((row) => ({
    flow: String(row['flow']),
    target: row['target'] === null ? undefined : String(row['target']),
    count: Number(row['n']),
  }));
}

/** @param file the path of the store, or `:memory:` */
export async function checkStoreHealth(db: SqliteDatabase, file: string): Promise<StoreHealth> {
  const pages = Number(db.get('PRAGMA page_count')?.['page_count']);
  const size = Number(db.get('PRAGMA page_size')?.['page_size']);
  const isFile = existsSync(file);
  return {
    integrity: String(db.get('PRAGMA quick_check(1)')?.['quick_check']),
    writing: await tryWriting(db),
    bytes: pages * size,
    logBytes: isFile && existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0,
    freeBytes: isFile ? readFreeBytes(file) : undefined,
    // Windows knows no such bits.
    isExposed: isFile && process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0,
  };
}

async function tryWriting(db: SqliteDatabase): Promise<string> {
  const name = 'doctor';
  try {
    await db.write(() => {
      db.run('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)', name, 'writing works');
      db.run('DELETE FROM meta WHERE name = ?', name);
    });
    return 'ok';
  } catch (error) {
    return (error as Error).message;
  }
}

function readFreeBytes(file: string): number {
  const { bavail, bsize } = statfsSync(dirname(file));
  return bavail * bsize;
}
