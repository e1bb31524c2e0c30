import type { EraseEnd, EraseRequest } from './erasure-store.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { writeAudit } from './sqlite-people.ts';
import { LIVE } from './sqlite-schema.ts';
import type { Tombstones } from './tombstones.ts';

/** Erases a record and empties the write-ahead log, in which what was overwritten would go on to stand. */
export async function eraseKey(
  db: SqliteDatabase,
  tombstones: Tombstones,
  request: EraseRequest,
  nowMs: number,
): Promise<EraseEnd> {
  const end = await db.write(() => eraseRows(db, tombstones, request, nowMs));
  // Also where it was erased before: that one may have ended before this.
  return end.kind === 'erased' || end.kind === 'erased before' ? { ...end, truncated: truncateLog(db) } : end;
}

/** Also waits for readers, as long as a lock is waited for. */
function truncateLog(db: SqliteDatabase): boolean {
  return db.get('PRAGMA wal_checkpoint(TRUNCATE)')?.['busy'] === 0;
}

/** Inside a transaction. */
function eraseRows(
  db: SqliteDatabase,
  tombstones: Tombstones,
  request: EraseRequest,
  nowMs: number,
): EraseEnd {
  const { key, forget } = request;
  const flows = listHolders(db, key, request.flow);
  for (const flow of flows) {
    const open = findUnresolved(db, flow, key);
    if (open !== undefined) return open;
  }
  let records = 0;
  for (const flow of flows) records += eraseFrom(db, tombstones, flow, request, nowMs);
  const erasedBefore = listFlows(db, request.flow).filter((flow) => tombstones.find(flow, key).length > 0);
  const lifted = forget ? liftTombstones(db, tombstones, request, nowMs) : 0;
  if (flows.length > 0 || lifted > 0)
    return {
      kind: 'erased',
      flows: flows.length > 0 ? flows : erasedBefore,
      records,
      lifted,
      truncated: false,
    };
  return erasedBefore.length > 0
    ? { kind: 'erased before', flows: erasedBefore, truncated: false }
    : { kind: 'none' };
}

function listHolders(db: SqliteDatabase, key: string, flow: string | undefined): string[] {
  const rows = ['items', 'keys', 'intents', 'deliveries', 'reviews', 'backfills'].flatMap((table) =>
    db.all(
      `SELECT DISTINCT flow FROM ${table} WHERE key = ?1 AND (?2 IS NULL OR flow = ?2)`,
      key,
      flow ?? null,
    ),
  );
  return [...new Set(rows.map((row) => String(row['flow'])))].toSorted();
}

function listFlows(db: SqliteDatabase, flow: string | undefined): string[] {
  return db
    .all('SELECT DISTINCT flow FROM tombstones WHERE ?1 IS NULL OR flow = ?1 ORDER BY flow', flow ?? null)
    .map((row) => String(row['flow']));
}

/** What may have reached the target must be known first: an erased record could never be told from a new one. */
function findUnresolved(
  db: SqliteDatabase,
  flow: string,
  key: string,
): Extract<EraseEnd, { readonly kind: 'unresolved' }> | undefined {
  const row = db.get(
    `SELECT n.state, (SELECT r.id FROM reviews r WHERE r.item_id = n.item_id AND r.state = 'open' LIMIT 1) AS review
     FROM intents n WHERE n.flow = ? AND n.key = ? AND n.${LIVE} AND n.state <> 'planned' LIMIT 1`,
    flow,
    key,
  );
  if (row === undefined) return undefined;
  return {
    kind: 'unresolved',
    flow,
    state: row['state'] as 'sending' | 'unknown' | 'parked',
    review: row['review'] === null ? undefined : Number(row['review']),
  };
}

/** @returns how many versions of the record there were */
function eraseFrom(
  db: SqliteDatabase,
  tombstones: Tombstones,
  flow: string,
  { key, forget, actor }: EraseRequest,
  nowMs: number,
): number {
  const stone = tombstones.name(flow, key);
  eraseTraces(db, flow, key);
  // Those that are still in a batch with it are then looked up, or a person is asked: its bytes cannot be sent again.
  const batches =
    'SELECT batch_id FROM intents WHERE flow = ?1 AND key = ?2 AND batch_id IS NOT NULL AND batch_id <> 0';
  db.run(`DELETE FROM batches WHERE id IN (${batches})`, flow, key);
  db.run(`UPDATE intents SET batch_id = 0 WHERE batch_id IN (${batches})`, flow, key);
  for (const table of ['reviews', 'intents', 'keys', 'deliveries', 'backfills'])
    db.run(`DELETE FROM ${table} WHERE flow = ? AND key = ?`, flow, key);
  const items = db.all('SELECT id, version, hash FROM items WHERE flow = ? AND key = ?', flow, key);
  for (const item of items) {
    const version = tombstones.digestVersion(stone, String(item['version']), String(item['hash']));
    db.run(
      "UPDATE items SET key = ?, version = ?, hash = '', payload = NULL, found = NULL, reason = NULL, state = 'erased', changed_at = ? WHERE id = ?",
      stone.name,
      // Of a record that was erased before and allowed again, the same version may be there already.
      isTaken(db, flow, stone.name, version) ? `${version}:${item['id']}` : version,
      nowMs,
      item['id'] ?? null,
    );
  }
  // A reason given by a person is free text, and may name the record.
  db.run(
    'UPDATE audit SET subject = ?, detail = NULL WHERE subject = ?',
    `${flow}/${stone.name}`,
    `${flow}/${key}`,
  );
  if (!forget)
    db.run(
      'INSERT INTO tombstones (flow, digest, made_with, erased_at) VALUES (?, ?, ?, ?) ON CONFLICT (flow, digest) DO NOTHING',
      flow,
      stone.digest,
      stone.madeWith,
      nowMs,
    );
  writeAudit(db, nowMs, actor, forget ? 'erase and forget' : 'erase', `${flow}/${stone.name}`, null);
  return items.length;
}

function isTaken(db: SqliteDatabase, flow: string, name: string, version: string): boolean {
  const row = db.get(
    "SELECT 1 AS one FROM items WHERE flow = ? AND key = ? AND version = ? AND hash = ''",
    flow,
    name,
    version,
  );
  return row !== undefined;
}

/** What alerts and halts have quoted of this record alone. */
function eraseTraces(db: SqliteDatabase, flow: string, key: string): void {
  const reasons = db.all(
    `SELECT DISTINCT reason FROM items i WHERE flow = ?1 AND key = ?2 AND reason IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM items o WHERE o.flow = ?1 AND o.key <> ?2 AND o.reason = i.reason)
     UNION SELECT message FROM reviews r WHERE flow = ?1 AND key = ?2
     AND NOT EXISTS (SELECT 1 FROM reviews o WHERE o.flow = ?1 AND o.key <> ?2 AND o.message = r.message)`,
    flow,
    key,
  );
  for (const row of reasons) {
    const reason = String(row['reason']);
    db.run(
      "UPDATE pauses SET reason = replace(reason, ?1, 'erased'), fingerprint = replace(fingerprint, ?1, 'erased') WHERE name = ?2",
      reason,
      `flow:${flow}`,
    );
    db.run(
      "UPDATE meta SET value = replace(value, ?, 'erased') WHERE name = 'alerts'",
      JSON.stringify(reason).slice(1, -1),
    );
  }
}

/** From then on the record is new when it comes again. */
function liftTombstones(
  db: SqliteDatabase,
  tombstones: Tombstones,
  { key, flow: only, actor }: EraseRequest,
  nowMs: number,
): number {
  let lifted = 0;
  for (const flow of listFlows(db, only)) {
    for (const stone of tombstones.find(flow, key)) {
      lifted += db.run('DELETE FROM tombstones WHERE flow = ? AND digest = ?', flow, stone.digest);
      writeAudit(db, nowMs, actor, 'tombstone lifted', `${flow}/${stone.name}`, null);
    }
  }
  return lifted;
}
