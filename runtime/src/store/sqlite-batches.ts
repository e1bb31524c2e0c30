import type { Row, SqliteDatabase } from './sqlite-database.ts';
import { LIVE } from './sqlite-schema.ts';
import type { ClaimedIntent, FrozenBatch } from './store.ts';

/** Keeps the bytes of one call, and who is in it. Inside a transaction. @returns the intents as they stand now */
export function saveBatchRow(
  db: SqliteDatabase,
  batch: FrozenBatch,
  intents: readonly ClaimedIntent[],
): readonly ClaimedIntent[] {
  // A number that no intent has had: SQLite would give that of a batch that is gone once more.
  const id = db.insert(
    `INSERT INTO batches (id, path, headers, body, count) VALUES (1 + max(
       coalesce((SELECT max(batch_id) FROM intents WHERE batch_id IS NOT NULL), 0), coalesce((SELECT max(id) FROM batches), 0)
     ), ?, ?, ?, ?)`,
    batch.path,
    JSON.stringify(batch.headers),
    batch.body,
    batch.count,
  );
  db.run(
    'UPDATE intents SET batch_id = ?, batch_index = c.key FROM json_each(?) c WHERE intents.id = c.value',
    id,
    JSON.stringify(intents.map((intent) => intent.id)),
  );
  return intents.map((intent, index) => ({ ...intent, batch: { ...batch, id, index } }));
}

export function readBatches(db: SqliteDatabase, intents: readonly Row[]): ReadonlyMap<number, FrozenBatch> {
  const ids = [
    ...new Set(intents.flatMap((row) => (row['batch_id'] === null ? [] : [Number(row['batch_id'])]))),
  ];
  if (ids.length === 0) return new Map();
  const rows = db.all(
    'SELECT * FROM batches WHERE id IN (SELECT value FROM json_each(?))',
    JSON.stringify(ids),
  );
  return new Map(rows.map((row) => [Number(row['id']), readBatch(row)]));
}

function readBatch(row: Row): FrozenBatch {
  return {
    path: String(row['path']),
    headers: JSON.parse(String(row['headers'])) as Record<string, string>,
    body: String(row['body']),
    count: Number(row['count']),
  };
}

/** What an intent's row says of the batch that it is in. */
export function readBatchOf(
  row: Row,
  batches: ReadonlyMap<number, FrozenBatch>,
): Pick<ClaimedIntent, 'batch' | 'batchMost'> {
  const most = row['batch_most'] === null ? {} : { batchMost: Number(row['batch_most']) };
  if (row['batch_id'] === null) return most;
  const id = Number(row['batch_id']);
  const batch = batches.get(id);
  return {
    ...most,
    batch: batch === undefined ? 'lost' : { ...batch, id, index: Number(row['batch_index']) },
  };
}

/** It was not applied, so its next call need not be the same. Inside a transaction. */
export function leaveBatch(db: SqliteDatabase, intent: ClaimedIntent): void {
  if (intent.batch !== undefined)
    db.run('UPDATE intents SET batch_id = NULL, batch_index = NULL WHERE id = ?', intent.id);
  dropBatch(db, intent);
}

/** The bytes are kept until the last record in them is out of doubt. Inside a transaction. */
export function dropBatch(db: SqliteDatabase, { batch }: ClaimedIntent): void {
  if (batch === undefined || batch === 'lost') return;
  db.run(
    `DELETE FROM batches WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM intents WHERE batch_id = ?1 AND ${LIVE})`,
    batch.id,
  );
}
