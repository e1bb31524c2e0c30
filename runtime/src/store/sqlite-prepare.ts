import { createTally } from './intake-tally.ts';
import { attach, FINISHED } from './sqlite-attach.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { knowKey } from './sqlite-known.ts';
import { LIVE, OPEN } from './sqlite-schema.ts';
import type { IntakeReport, Judgement, KnownKey, QueuedItem } from './store.ts';

/** The reason of an item that a person put back. */
export const BY_PERSON = 'put back by a person';

/** Judges what was put back, oldest first; a key whose older outcome is open stays where it is. Inside a transaction. */
export function prepareQueuedItems(
  db: SqliteDatabase,
  flow: string,
  limit: number,
  judge: (item: QueuedItem, known: KnownKey) => Judgement,
  nowMs: number,
): IntakeReport {
  const tally = createTally();
  const rows = db.all(
    `SELECT i.id, i.key, i.version, i.hash, i.payload, i.edit_generation, i.by_person, i.lane, i.state, i.reason FROM items i WHERE i.flow = ? AND i.${OPEN} AND i.state = 'queued'
     AND NOT EXISTS (SELECT 1 FROM intents n WHERE n.flow = i.flow AND n.key = i.key AND n.${LIVE}) ORDER BY i.id LIMIT ?`,
    flow,
    limit,
  );
  for (const row of rows) {
    const item = {
      itemId: Number(row['id']),
      flow,
      key: String(row['key']),
      version: String(row['version']),
    };
    const queued: QueuedItem = {
      ...item,
      hash: String(row['hash']),
      payload: String(row['payload']),
      editGeneration: Number(row['edit_generation']),
      byPerson: row['reason'] === BY_PERSON || row['by_person'] === 1,
    };
    const judgement = judge(queued, knowKey(db, flow, item.key, row));
    const keep = FINISHED.has(judgement.state) ? null : queued.payload;
    db.run(
      'UPDATE items SET state = ?, reason = ?, payload = ?, by_person = ?, changed_at = ? WHERE id = ?',
      judgement.state,
      judgement.reason ?? null,
      keep,
      queued.byPerson ? 1 : 0,
      nowMs,
      item.itemId,
    );
    attach(db, item, judgement, nowMs, tally);
    if (row['lane'] !== 'live') putInLane(db, item.itemId, String(row['lane']), nowMs);
  }
  return tally;
}

/** What has a moment before which it waits goes out behind everything that is new, which has none. */
export function putInLane(db: SqliteDatabase, itemId: number, lane: string, nowMs: number): void {
  db.run('UPDATE items SET lane = ? WHERE id = ?', lane, itemId);
  db.run(
    `UPDATE intents SET lane = ?, not_before = ? WHERE (flow, key) = (SELECT flow, key FROM items WHERE id = ?3) AND ${LIVE} AND state = 'planned' AND item_id = ?3 AND attempts = 0`,
    lane,
    nowMs,
    itemId,
  );
}
