import { BY_PERSON } from './sqlite-intake.ts';
import type { Row, SqliteDatabase } from './sqlite-database.ts';
import { LIVE, OPEN } from './sqlite-schema.ts';
import type { DeadLetter, Pause, Review, ReviewDecision } from './store.ts';

const REVIEW_COLUMNS = 'r.*, i.payload AS payload';

export function listReviewRows(
  db: SqliteDatabase,
  filter: { readonly flow?: string; readonly state: 'open' | 'closed' | 'all'; readonly limit: number },
): Review[] {
  const rows = db.all(
    `SELECT ${REVIEW_COLUMNS} FROM reviews r JOIN items i ON i.id = r.item_id WHERE (?1 IS NULL OR r.flow = ?1) AND (?2 = 'all' OR r.state = ?2) ORDER BY r.id LIMIT ?3`,
    filter.flow ?? null,
    filter.state,
    filter.limit,
  );
  return rows.map(readReview);
}

export function findReviewRow(db: SqliteDatabase, id: number): Review | undefined {
  const row = db.get(
    `SELECT ${REVIEW_COLUMNS} FROM reviews r JOIN items i ON i.id = r.item_id WHERE r.id = ?`,
    id,
  );
  return row === undefined ? undefined : readReview(row);
}

function readReview(row: Row): Review {
  const text = (name: string): string | undefined => (row[name] === null ? undefined : String(row[name]));
  return {
    id: Number(row['id']),
    flow: String(row['flow']),
    key: String(row['key']),
    reason: String(row['reason']),
    rule: String(row['rule']),
    message: String(row['message']),
    fingerprint: String(row['fingerprint']),
    openedAtMs: Number(row['opened_at']),
    state: row['state'] === 'open' ? 'open' : 'closed',
    resolution: text('resolution'),
    mapped: text('mapped'),
    payload: text('payload'),
  };
}

/** Applies a person's decision once. Inside a transaction. */
export function decideReviewRow(
  db: SqliteDatabase,
  id: number,
  decision: ReviewDecision,
  actor: string,
  nowMs: number,
): boolean {
  const row = db.get(
    "SELECT r.item_id, r.key, r.flow FROM reviews r JOIN items i ON i.id = r.item_id WHERE r.id = ? AND r.state = 'open' AND i.state = 'review'",
    id,
  );
  if (row === undefined) return false;
  const itemId = Number(row['item_id']);
  const resolution = decision.kind === 'discard' ? `discarded: ${decision.reason}` : decision.kind;
  db.run(
    "UPDATE reviews SET state = 'closed', closed_at = ?, resolution = ? WHERE id = ?",
    nowMs,
    resolution,
    id,
  );
  // A write of unknown outcome is resolved by whoever decides it.
  db.run(
    `UPDATE intents SET state = 'refused' WHERE flow = ? AND key = ? AND ${LIVE} AND state = 'parked' AND item_id = ?`,
    row['flow'] ?? null,
    row['key'] ?? null,
    itemId,
  );
  if (decision.kind === 'discard') {
    db.run(
      "UPDATE items SET state = 'discarded', payload = NULL, reason = ?, changed_at = ? WHERE id = ?",
      decision.reason,
      nowMs,
      itemId,
    );
  } else if (
    db.get(
      'SELECT 1 AS one FROM keys WHERE flow = ? AND key = ? AND item_id = ?',
      row['flow'] ?? '',
      row['key'] ?? '',
      itemId,
    ) === undefined
  ) {
    // A newer version has waited for this decision; it goes out instead.
    db.run(
      "UPDATE items SET state = 'superseded', payload = NULL, reason = 'a newer version came', changed_at = ? WHERE id = ?",
      nowMs,
      itemId,
    );
  } else {
    const edited = decision.kind === 'edit';
    db.run(
      "UPDATE items SET state = 'queued', payload = COALESCE(?, payload), edit_generation = edit_generation + ?, reason = ?, changed_at = ? WHERE id = ?",
      edited ? decision.payload : null,
      edited ? 1 : 0,
      BY_PERSON,
      nowMs,
      itemId,
    );
  }
  writeAudit(db, nowMs, actor, `review ${decision.kind}`, `${row['flow']}/${row['key']}`, resolution);
  return true;
}

export function listDeadRows(
  db: SqliteDatabase,
  filter: { readonly flow?: string; readonly limit: number },
): DeadLetter[] {
  const rows = db.all(
    `SELECT * FROM items WHERE ${OPEN} AND state = 'dead' AND (?1 IS NULL OR flow = ?1) ORDER BY id LIMIT ?2`,
    filter.flow ?? null,
    filter.limit,
  );
  return rows.map((row) => ({
    itemId: Number(row['id']),
    flow: String(row['flow']),
    key: String(row['key']),
    version: String(row['version']),
    reason: String(row['reason'] ?? ''),
    changedAtMs: Number(row['changed_at']),
  }));
}

export function retryDeadRow(db: SqliteDatabase, itemId: number, actor: string, nowMs: number): boolean {
  const row = db.get("SELECT flow, key FROM items WHERE id = ? AND state = 'dead'", itemId);
  if (row === undefined) return false;
  db.run(
    "UPDATE items SET state = 'queued', reason = ?, changed_at = ? WHERE id = ?",
    BY_PERSON,
    nowMs,
    itemId,
  );
  writeAudit(db, nowMs, actor, 'dead retry', `${row['flow']}/${row['key']}`, null);
  return true;
}

/** What ended with the fingerprint of a halt is judged again once the halt is lifted. @returns how many */
export function retryFingerprint(db: SqliteDatabase, pause: Pause, nowMs: number): number {
  if (pause.kind !== 'halt' || pause.fingerprint === undefined) return 0;
  const flow = pause.name.replace(/^flow:/, '');
  const parked = db.all(
    `SELECT r.item_id AS id FROM reviews r JOIN items i ON i.id = r.item_id WHERE r.flow = ?1 AND r.state = 'open' AND r.fingerprint = ?2 AND i.state = 'review'
     AND NOT EXISTS (SELECT 1 FROM intents n WHERE n.flow = ?1 AND n.key = r.key AND n.${LIVE} AND n.state = 'parked')`,
    flow,
    pause.fingerprint,
  );
  const dead = db.all(
    `SELECT id FROM items WHERE flow = ? AND ${OPEN} AND state = 'dead' AND reason = ?`,
    flow,
    pause.fingerprint,
  );
  const ids = JSON.stringify([...parked, ...dead].map((row) => Number(row['id'])));
  db.run(
    "UPDATE reviews SET state = 'closed', closed_at = ?, resolution = 'halt lifted' WHERE state = 'open' AND item_id IN (SELECT value FROM json_each(?))",
    nowMs,
    ids,
  );
  return db.run(
    "UPDATE items SET state = 'queued', reason = 'the halt was lifted', changed_at = ? WHERE id IN (SELECT value FROM json_each(?))",
    nowMs,
    ids,
  );
}

export function writeAudit(
  db: SqliteDatabase,
  nowMs: number,
  actor: string,
  action: string,
  subject: string,
  detail: string | null,
): void {
  db.run(
    'INSERT INTO audit (at, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?)',
    nowMs,
    actor,
    action,
    subject,
    detail,
  );
}
