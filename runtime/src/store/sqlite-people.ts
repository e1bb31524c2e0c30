import type { Row, SqliteDatabase } from './sqlite-database.ts';
import { LIFTED } from './sqlite-prepare.ts';
import { LIVE, OPEN } from './sqlite-schema.ts';
import type { DeadLetter, Pause, Review, ReviewFilter } from './store.ts';

const PARKED = `FROM intents n WHERE n.flow = r.flow AND n.key = r.key AND n.${LIVE} AND n.state = 'parked' AND n.item_id = r.item_id LIMIT 1`;
const REVIEW_COLUMNS = `r.*, i.payload AS payload, (SELECT n.target ${PARKED}) AS parked_target, (SELECT n.first_sent_at ${PARKED}) AS parked_since`;

export function listReviewRows(db: SqliteDatabase, filter: ReviewFilter): Review[] {
  const rows = db.all(
    `SELECT ${REVIEW_COLUMNS} FROM reviews r JOIN items i ON i.id = r.item_id WHERE (?1 IS NULL OR r.flow = ?1) AND (?2 = 'all' OR r.state = ?2) AND (?4 IS NULL OR r.fingerprint = ?4) ORDER BY r.id LIMIT ?3`,
    filter.flow ?? null,
    filter.state,
    filter.limit,
    filter.fingerprint ?? null,
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
    unresolved:
      row['parked_target'] === null
        ? undefined
        : { target: String(row['parked_target']), firstSentAtMs: Number(row['parked_since'] ?? 0) },
  };
}

export function listDeadRows(
  db: SqliteDatabase,
  filter: { readonly flow?: string; readonly like?: string; readonly limit: number },
): DeadLetter[] {
  const rows = db.all(
    `SELECT * FROM items WHERE ${OPEN} AND state = 'dead' AND (?1 IS NULL OR flow = ?1) AND (?3 IS NULL OR instr(lower(reason), lower(?3)) > 0) ORDER BY id LIMIT ?2`,
    filter.flow ?? null,
    filter.limit,
    filter.like ?? null,
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
    `SELECT id FROM items WHERE flow = ?1 AND ${OPEN} AND state = 'dead' AND substr(reason, 1, length(?2)) = ?2`,
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
    "UPDATE items SET state = 'queued', reason = ?, found = NULL, not_before = 0, deferrals = 0, aged_ms = 0, changed_at = ? WHERE id IN (SELECT value FROM json_each(?))",
    LIFTED,
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
