import type { ClaimBook } from './claim-book.ts';
import { countOf, countState } from './intake-tally.ts';
import type { Tally } from './intake-tally.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import type { Judgement, PlannedIntent, ReviewEntry } from './store.ts';

/** After these, the payload is of no more use. */
export const FINISHED: ReadonlySet<string> = new Set([
  'delivered',
  'unchanged',
  'seen',
  'ignored',
  'skipped',
  'superseded',
  'discarded',
]);

interface ItemName {
  readonly itemId: number;
  readonly flow: string;
  readonly key: string;
  readonly version: string;
}

/** What hangs on a judgement: its write, its review, its mark. Inside a transaction. */
export function attach(
  db: SqliteDatabase,
  item: ItemName,
  judgement: Judgement,
  nowMs: number,
  tally: Tally,
): void {
  countState(tally, judgement.state);
  if (judgement.intent !== undefined) insertIntent(db, item, judgement.intent, tally.claims);
  if (judgement.review !== undefined) {
    insertReview(db, item, judgement.review, nowMs);
    countOf(tally.reviews, judgement.review.fingerprint);
  }
  if (judgement.state === 'dead') countOf(tally.dead, judgement.cause ?? judgement.reason ?? '');
  if (judgement.mark !== undefined) {
    db.run(
      'INSERT OR IGNORE INTO deliveries (flow, key, target, confirmed_at) VALUES (?, ?, ?, ?)',
      item.flow,
      item.key,
      judgement.mark,
      nowMs,
    );
  }
}

function insertIntent(
  db: SqliteDatabase,
  item: ItemName,
  intent: PlannedIntent,
  claims: ClaimBook | undefined,
): void {
  const isClaimed = claims?.takes(intent.target) === true;
  const id = db.insert(
    'INSERT INTO intents (item_id, flow, key, version, target, idempotency_key, operation, method, path, headers, body, hash, updates, state, attempts, first_sent_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    item.itemId,
    item.flow,
    item.key,
    item.version,
    intent.target,
    intent.idempotencyKey,
    intent.operation,
    intent.method,
    intent.path,
    JSON.stringify(intent.headers),
    intent.body ?? null,
    intent.hash,
    intent.updates === true ? 1 : 0,
    isClaimed ? 'sending' : 'planned',
    isClaimed ? 1 : 0,
    isClaimed ? claims.nowMs : null,
  );
  if (isClaimed) claims.note(id, intent, item);
}

export function insertReview(db: SqliteDatabase, item: ItemName, review: ReviewEntry, nowMs: number): void {
  db.run(
    'INSERT INTO reviews (item_id, flow, key, reason, rule, message, fingerprint, mapped, opened_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    item.itemId,
    item.flow,
    item.key,
    review.reason,
    review.rule,
    review.message,
    review.fingerprint,
    review.mapped ?? null,
    nowMs,
  );
}

export function addCount(db: SqliteDatabase, flow: string, name: string, amount: number): void {
  if (amount === 0) return;
  db.run(
    'INSERT INTO counters (flow, name, count) VALUES (?, ?, ?) ON CONFLICT (flow, name) DO UPDATE SET count = count + excluded.count',
    flow,
    name,
    amount,
  );
}
