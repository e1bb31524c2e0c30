import { insertReview } from './sqlite-intake.ts';
import type { Row, SqliteDatabase } from './sqlite-database.ts';
import type { ClaimedIntent, Settlement } from './store.ts';

/** Marks due intents as sending, oldest first, and remembers what was attempted. Inside a transaction. */
export function claimDueIntents(db: SqliteDatabase, flow: string, nowMs: number, limit: number): ClaimedIntent[] {
  const rows = db.all(
    `SELECT n.*, i.payload AS payload FROM intents n JOIN items i ON i.id = n.item_id
     WHERE n.flow = ? AND n.state IN ('planned', 'unknown') AND n.not_before <= ? ORDER BY n.not_before, n.id LIMIT ?`,
    flow, nowMs, limit,
  );
  return rows.map((row) => {
    const intent = readIntent(row, nowMs);
    db.run("UPDATE intents SET state = 'sending', attempts = attempts + 1, first_sent_at = COALESCE(first_sent_at, ?) WHERE id = ?", nowMs, intent.id);
    db.run("UPDATE items SET state = 'sending', changed_at = ? WHERE id = ? AND state <> 'superseded'", nowMs, intent.itemId);
    // Whatever comes of it, the target may hold this body now; only a later confirmation makes it "unchanged".
    db.run(
      'INSERT INTO deliveries (flow, key, target, attempted_hash) VALUES (?, ?, ?, ?) ON CONFLICT (flow, key) DO UPDATE SET attempted_hash = excluded.attempted_hash',
      flow, intent.key, intent.target, intent.hash,
    );
    return intent;
  });
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
    wasUnknown: row['state'] === 'unknown',
    attempts: Number(row['attempts']) + 1,
    deferrals: Number(row['deferrals']),
    agedMs: Number(row['aged_ms']),
    firstSentAtMs: row['first_sent_at'] === null ? nowMs : Number(row['first_sent_at']),
    payload: row['payload'] === null ? undefined : String(row['payload']),
  };
}

/** Writes how an intent ended, or when to go on. Inside a transaction. */
export function settleIntent(db: SqliteDatabase, intent: ClaimedIntent, settlement: Settlement, nowMs: number): void {
  const finish = (state: string, detail: string | null): void => {
    db.run('UPDATE intents SET state = ?, body = NULL, answered_at = ?, detail = ? WHERE id = ?', state, nowMs, detail, intent.id);
  };
  const move = (state: string, reason: string | null, keepPayload: boolean): void => {
    const payload = keepPayload ? '' : ', payload = NULL';
    db.run(`UPDATE items SET state = ?, reason = ?, changed_at = ?${payload} WHERE id = ?`, state, reason, nowMs, intent.itemId);
  };
  switch (settlement.kind) {
    case 'confirmed':
      finish('confirmed', null);
      move('delivered', null, false);
      db.run(
        'UPDATE deliveries SET target = ?, remote_id = COALESCE(?, remote_id), confirmed_hash = ?, confirmed_at = ? WHERE flow = ? AND key = ?',
        intent.target, settlement.remoteId ?? null, intent.hash, nowMs, intent.flow, intent.key,
      );
      return;
    case 'refused':
      finish('refused', settlement.review.message);
      move('review', settlement.review.reason, true);
      insertReview(db, intent, settlement.review, nowMs);
      return;
    case 'skipped':
    case 'dead':
      finish('refused', settlement.reason);
      move(settlement.kind, settlement.reason, settlement.kind === 'dead');
      return;
    case 'later': {
      const state = settlement.applied === 'no' ? 'planned' : 'unknown';
      db.run(
        'UPDATE intents SET state = ?, not_before = ?, deferrals = deferrals + ?, aged_ms = ?, detail = ? WHERE id = ?',
        state, settlement.atMs, settlement.counts ? 1 : 0, settlement.agedMs, settlement.reason, intent.id,
      );
      move(state === 'planned' ? 'waiting' : 'unknown', settlement.reason, true);
    }
  }
}

/** After a stop in the middle, nobody knows what the target saw. Inside a transaction. */
export function recoverSendingIntents(db: SqliteDatabase): number {
  db.run("UPDATE items SET state = 'unknown' WHERE id IN (SELECT item_id FROM intents WHERE state = 'sending')");
  return db.run("UPDATE intents SET state = 'unknown', not_before = 0 WHERE state = 'sending'");
}
