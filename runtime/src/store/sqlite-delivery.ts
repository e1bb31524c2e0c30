import { MAYBE } from './marks.ts';
import { insertReview } from './sqlite-attach.ts';
import { dropBatch, leaveBatch, readBatches, readBatchOf } from './sqlite-batches.ts';
import type { Row, SqliteDatabase } from './sqlite-database.ts';
import { LIVE } from './sqlite-schema.ts';
import type { ClaimedIntent, Settlement } from './store.ts';

/** Marks due intents as sending, oldest first, and remembers what was attempted. Inside a transaction. */
export function claimDueIntents(
  db: SqliteDatabase,
  at: { readonly flow: string; readonly target: string },
  nowMs: number,
  limit: number,
): ClaimedIntent[] {
  const rows = db.all(
    `SELECT id, item_id, flow, key, version, target, idempotency_key, operation, method, path, headers, body, hash, updates, state, lane, attempts, deferrals, aged_ms, first_sent_at, sent_at, probes, batch_id, batch_index, batch_most
     FROM intents WHERE flow = ? AND target = ? AND state IN ('planned', 'unknown') AND not_before <= ? ORDER BY not_before, id LIMIT ?`,
    at.flow,
    at.target,
    nowMs,
    limit,
  );
  const batches = readBatches(db, rows);
  const claimed = rows.map((row) => ({ ...readIntent(row, nowMs), ...readBatchOf(row, batches) }));
  const ids = JSON.stringify(claimed.map((intent) => intent.id));
  db.run(
    "UPDATE intents SET state = 'sending', attempts = attempts + 1, first_sent_at = COALESCE(first_sent_at, ?) WHERE id IN (SELECT value FROM json_each(?))",
    nowMs,
    ids,
  );
  const itemIds = JSON.stringify(claimed.map((intent) => intent.itemId));
  db.run(
    "UPDATE items SET state = 'sending', changed_at = ? WHERE id IN (SELECT value FROM json_each(?)) AND state <> 'superseded'",
    nowMs,
    itemIds,
  );
  // Whatever comes of it, the target may hold this body now; only a later confirmation makes it "unchanged".
  db.run(
    `UPDATE deliveries SET attempted_hash = n.hash FROM json_each(?) c JOIN intents n ON n.id = c.value
     WHERE deliveries.flow = n.flow AND deliveries.key = n.key AND deliveries.target = n.target`,
    ids,
  );
  return claimed;
}

function readIntent(row: Row, nowMs: number): ClaimedIntent {
  return {
    id: Number(row['id']),
    itemId: Number(row['item_id']),
    flow: String(row['flow']),
    key: String(row['key']),
    version: String(row['version']),
    target: String(row['target']),
    idempotencyKey: String(row['idempotency_key']),
    operation: String(row['operation']),
    method: String(row['method']),
    path: String(row['path']),
    headers: JSON.parse(String(row['headers'])) as Record<string, string>,
    body: row['body'] === null ? undefined : String(row['body']),
    hash: String(row['hash']),
    ...(row['updates'] === 1 ? { updates: true } : {}),
    wasUnknown: row['state'] === 'unknown',
    lane: row['lane'] as ClaimedIntent['lane'],
    attempts: Number(row['attempts']) + 1,
    deferrals: Number(row['deferrals']),
    agedMs: Number(row['aged_ms']),
    firstSentAtMs: row['first_sent_at'] === null ? nowMs : Number(row['first_sent_at']),
    sentAtMs: row['sent_at'] === null ? undefined : Number(row['sent_at']),
    probes: Number(row['probes']),
  };
}

/** Writes how an intent ended that was not confirmed, or when to go on. Inside a transaction. */
export function settleIntent(
  db: SqliteDatabase,
  intent: ClaimedIntent,
  settlement: Exclude<Settlement, { readonly kind: 'confirmed' }>,
  nowMs: number,
): void {
  const finish = (state: string, detail: string | null): void => {
    // A person may have the write of unknown outcome found out, which takes its very bytes.
    db.run(
      "UPDATE intents SET state = ?1, body = iif(?1 = 'parked', body, NULL), answered_at = ?2, detail = ?3 WHERE id = ?4",
      state,
      nowMs,
      detail,
      intent.id,
    );
    dropBatch(db, intent);
  };
  const move = (state: string, reason: string | null, keepPayload: boolean): void => {
    const payload = keepPayload ? '' : ', payload = NULL';
    db.run(
      `UPDATE items SET state = ?, reason = ?, changed_at = ?${payload} WHERE id = ?`,
      state,
      reason,
      nowMs,
      intent.itemId,
    );
  };
  // Of a record of which a newer version waits, only an outcome that may have reached the target still counts.
  const outdated = isOutdated(db, intent);
  const drop = (state: string, reason: string): void => {
    finish(state, reason);
    move('superseded', 'a newer version came', false);
  };
  switch (settlement.kind) {
    case 'refused':
      if (settlement.gone === true) forgetConfirmed(db, intent);
      if (outdated && settlement.unresolved !== true) return drop('refused', settlement.review.message);
      finish(settlement.unresolved === true ? 'parked' : 'refused', settlement.review.message);
      move('review', settlement.review.reason, true);
      insertReview(db, intent, settlement.review, nowMs);
      return;
    case 'skipped':
    case 'dead':
      if (settlement.gone === true) forgetConfirmed(db, intent);
      if (outdated) return drop('refused', settlement.reason);
      finish('refused', settlement.reason);
      move(settlement.kind, settlement.reason, settlement.kind === 'dead');
      return;
    case 'later': {
      if (outdated && settlement.applied === 'no') return drop('dropped', settlement.reason);
      if (settlement.looksAgain === true) {
        finish('dropped', settlement.reason);
        return putBackToLookUp(db, intent, settlement, nowMs);
      }
      const state = settlement.applied === 'no' ? 'planned' : 'unknown';
      db.run(
        'UPDATE intents SET state = ?, not_before = ?, deferrals = deferrals + ?, aged_ms = ?, detail = ?, sent_at = COALESCE(?, sent_at), probes = COALESCE(?, probes), batch_most = COALESCE(?, batch_most) WHERE id = ?',
        state,
        settlement.atMs,
        settlement.counts ? 1 : 0,
        settlement.agedMs,
        settlement.reason,
        settlement.sentAtMs ?? null,
        settlement.probes ?? null,
        settlement.batchMost ?? null,
        intent.id,
      );
      if (settlement.applied === 'no') leaveBatch(db, intent);
      move(state === 'planned' ? 'waiting' : 'unknown', settlement.reason, true);
    }
  }
}

/** How long it has been tried goes with it. Its next write is another one, also where only its headers are. */
function putBackToLookUp(
  db: SqliteDatabase,
  { itemId, flow, key, deferrals }: ClaimedIntent,
  { atMs, agedMs, counts, maybe }: Extract<Settlement, { readonly kind: 'later' }>,
  nowMs: number,
): void {
  if (maybe === true)
    db.run(
      'INSERT OR IGNORE INTO deliveries (flow, key, target, confirmed_at) VALUES (?, ?, ?, ?)',
      flow,
      key,
      MAYBE,
      nowMs,
    );
  db.run(
    "UPDATE items SET state = 'queued', reason = ?, found = NULL, stale = stale + 1, not_before = ?, deferrals = ?, aged_ms = ?, changed_at = ? WHERE id = ?",
    'looked up again: what its write was made of has changed',
    atMs,
    deferrals + (counts ? 1 : 0),
    agedMs,
    nowMs,
    itemId,
  );
}

/** Nobody knows whether the object holds what was sent, so the next write is not "unchanged". */
export function forgetContent(db: SqliteDatabase, { flow, key, target }: ClaimedIntent): void {
  db.run(
    'UPDATE deliveries SET confirmed_hash = NULL WHERE flow = ? AND key = ? AND target = ?',
    flow,
    key,
    target,
  );
}

/** What the target holds is no longer what was confirmed, so the next write is not "unchanged". */
export function forgetConfirmed(db: SqliteDatabase, intent: ClaimedIntent): void {
  db.run(
    'UPDATE deliveries SET confirmed_hash = NULL, item_id = NULL WHERE flow = ? AND key = ? AND target = ?',
    intent.flow,
    intent.key,
    intent.target,
  );
}

function isOutdated(db: SqliteDatabase, intent: ClaimedIntent): boolean {
  const row = db.get('SELECT item_id FROM keys WHERE flow = ? AND key = ?', intent.flow, intent.key);
  return row !== undefined && Number(row['item_id']) !== intent.itemId;
}

/** After a stop in the middle, nobody knows what the target saw. Inside a transaction. */
export function recoverSendingIntents(db: SqliteDatabase, nowMs: number): number {
  db.run(
    `UPDATE items SET state = 'unknown' WHERE id IN (SELECT item_id FROM intents WHERE ${LIVE} AND state = 'sending')`,
  );
  return db.run(
    `UPDATE intents SET state = 'unknown', not_before = 0, sent_at = ?, probes = 0 WHERE ${LIVE} AND state = 'sending'`,
    nowMs,
  );
}
