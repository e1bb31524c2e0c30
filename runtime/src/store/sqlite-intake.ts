import { compareVersions } from './compare-versions.ts';
import type { Row, SqliteDatabase } from './sqlite-database.ts';
import { LIVE, OPEN } from './sqlite-schema.ts';
import type {
  IntakeReport,
  ItemState,
  Judgement,
  KnownKey,
  PlannedIntent,
  QueuedItem,
  ReviewEntry,
  TakenRecord,
} from './store.ts';

/** A newer version takes the place of these: nothing of them was sent, or a person would only see it outdated. */
const SUPERSEDABLE: ReadonlySet<string> = new Set(['queued', 'waiting', 'review', 'dead']);
/** After these, the payload is of no more use. */
const FINISHED: ReadonlySet<string> = new Set([
  'delivered',
  'unchanged',
  'seen',
  'ignored',
  'skipped',
  'superseded',
  'discarded',
]);

/** The reason of an item that a person put back. */
export const BY_PERSON = 'put back by a person';

export interface Tally {
  taken: number;
  rereads: number;
  readonly states: Map<ItemState, number>;
  readonly reviews: Map<string, number>;
}

/** Takes one page in: each new (key, version, hash) once, judged, with its intent or its review. Inside a transaction. */
export function takeInPage(
  db: SqliteDatabase,
  flow: string,
  records: readonly TakenRecord[],
  judge: (record: TakenRecord, known: KnownKey) => Judgement,
  nowMs: number,
): IntakeReport {
  const tally: Tally = { taken: 0, rereads: 0, states: new Map(), reviews: new Map() };
  for (const record of records) takeInRecord(db, flow, record, judge, nowMs, tally);
  addCount(db, flow, 'taken', tally.taken);
  addCount(db, flow, 'rereads', tally.rereads);
  return tally;
}

function takeInRecord(
  db: SqliteDatabase,
  flow: string,
  record: TakenRecord,
  judge: (record: TakenRecord, known: KnownKey) => Judgement,
  nowMs: number,
  tally: Tally,
): void {
  const latest = db.get(
    'SELECT i.id, i.version, i.hash, i.state FROM keys k JOIN items i ON i.id = k.item_id WHERE k.flow = ? AND k.key = ?',
    flow,
    record.key,
  );
  const known = latest === undefined ? undefined : findKnown(db, flow, record, latest);
  const isOlder =
    latest !== undefined && (compareVersions(record.version, String(latest['version'])) ?? 1) < 0;
  if (known !== undefined && (isOlder || known === Number(latest?.['id']))) {
    tally.rereads += 1;
    return;
  }
  if (known === undefined) tally.taken += 1;
  else tally.rereads += 1;
  if (isOlder) {
    insertItem(db, flow, record, 'superseded', 'an older version', nowMs);
    count(tally, 'superseded');
    return;
  }
  const state = latest === undefined ? NEW_KEY : knowKey(db, flow, record.key, latest);
  // What a person must resolve stays with them, and this version behind it.
  if (latest !== undefined && !(state.unresolved && latest['state'] === 'review'))
    supersede(db, flow, record.key, latest, nowMs);
  // Until the outcome of the older version is known, this one waits: it is judged by prepareQueued.
  const judgement: Judgement = state.unresolved
    ? { state: 'queued', reason: 'an older version is being resolved' }
    : judge(record, state);
  const itemId =
    known === undefined
      ? insertItem(db, flow, record, judgement.state, judgement.reason, nowMs)
      : reviveItem(db, known, record, judgement, nowMs);
  if (latest === undefined)
    db.run('INSERT INTO keys (flow, key, item_id) VALUES (?, ?, ?)', flow, record.key, itemId);
  else db.run('UPDATE keys SET item_id = ? WHERE flow = ? AND key = ?', itemId, flow, record.key);
  attach(db, { itemId, flow, key: record.key, version: record.version }, judgement, nowMs, tally);
}

const NEW_KEY: KnownKey = { latest: undefined, unresolved: false, delivered: [] };

/** The item that holds this very version with these very bytes. */
function findKnown(db: SqliteDatabase, flow: string, record: TakenRecord, latest: Row): number | undefined {
  if (latest['version'] === record.version && latest['hash'] === record.hash) return Number(latest['id']);
  const row = db.get(
    'SELECT id FROM items WHERE flow = ? AND key = ? AND version = ? AND hash = ?',
    flow,
    record.key,
    record.version,
    record.hash,
  );
  return row === undefined ? undefined : Number(row['id']);
}

/** A record that was changed and changed back: what it was before holds again. */
function reviveItem(
  db: SqliteDatabase,
  itemId: number,
  record: TakenRecord,
  judgement: Judgement,
  nowMs: number,
): number {
  const payload = FINISHED.has(judgement.state) ? null : record.payload;
  db.run(
    'UPDATE items SET state = ?, reason = ?, payload = ?, changed_at = ? WHERE id = ?',
    judgement.state,
    judgement.reason ?? null,
    payload,
    nowMs,
    itemId,
  );
  return itemId;
}

export function knowKey(db: SqliteDatabase, flow: string, key: string, latest: Row): KnownKey {
  const live = db.get(
    `SELECT 1 AS one FROM intents WHERE flow = ? AND key = ? AND ${LIVE} AND state <> 'planned'`,
    flow,
    key,
  );
  const deliveries = db.all(
    'SELECT target, item_id, remote_id, confirmed_hash, attempted_hash FROM deliveries WHERE flow = ? AND key = ? AND confirmed_at IS NOT NULL',
    flow,
    key,
  );
  return {
    latest: { version: String(latest['version']), state: latest['state'] as ItemState },
    unresolved: live !== undefined,
    delivered: deliveries.map((row) => ({
      target: String(row['target']),
      itemId: row['item_id'] === null ? undefined : Number(row['item_id']),
      remoteId: text(row['remote_id']),
      confirmedHash: text(row['confirmed_hash']),
      attemptedHash: text(row['attempted_hash']),
    })),
  };
}

function text(value: string | number | null | undefined): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

function supersede(db: SqliteDatabase, flow: string, key: string, latest: Row, nowMs: number): void {
  if (!SUPERSEDABLE.has(String(latest['state']))) return;
  const id = Number(latest['id']);
  db.run(
    "UPDATE items SET state = 'superseded', payload = NULL, reason = 'a newer version came', changed_at = ? WHERE id = ?",
    nowMs,
    id,
  );
  db.run(
    `UPDATE intents SET state = 'dropped', body = NULL WHERE flow = ? AND key = ? AND ${LIVE} AND state = 'planned' AND item_id = ?`,
    flow,
    key,
    id,
  );
  db.run(
    "UPDATE reviews SET state = 'closed', closed_at = ?, resolution = 'fixed at source' WHERE item_id = ? AND state = 'open'",
    nowMs,
    id,
  );
}

function insertItem(
  db: SqliteDatabase,
  flow: string,
  record: TakenRecord,
  state: ItemState,
  reason: string | undefined,
  nowMs: number,
): number {
  const payload = FINISHED.has(state) ? null : record.payload;
  return db.insert(
    'INSERT INTO items (flow, key, version, hash, payload, state, reason, taken_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    flow,
    record.key,
    record.version,
    record.hash,
    payload,
    state,
    reason ?? null,
    nowMs,
    nowMs,
  );
}

interface ItemName {
  readonly itemId: number;
  readonly flow: string;
  readonly key: string;
  readonly version: string;
}

export function attach(
  db: SqliteDatabase,
  item: ItemName,
  judgement: Judgement,
  nowMs: number,
  tally: Tally,
): void {
  count(tally, judgement.state);
  if (judgement.intent !== undefined) insertIntent(db, item, judgement.intent);
  if (judgement.review !== undefined) {
    insertReview(db, item, judgement.review, nowMs);
    tally.reviews.set(
      judgement.review.fingerprint,
      (tally.reviews.get(judgement.review.fingerprint) ?? 0) + 1,
    );
  }
  if (judgement.state === 'seen') {
    db.run(
      'INSERT OR IGNORE INTO deliveries (flow, key, target, confirmed_at) VALUES (?, ?, ?, ?)',
      item.flow,
      item.key,
      '',
      nowMs,
    );
  }
}

function insertIntent(db: SqliteDatabase, item: ItemName, intent: PlannedIntent): void {
  db.run(
    "INSERT INTO intents (item_id, flow, key, version, target, idempotency_key, operation, method, path, headers, body, hash, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned')",
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
  );
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

function count(tally: Tally, state: ItemState): void {
  tally.states.set(state, (tally.states.get(state) ?? 0) + 1);
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

/** Judges what was put back, oldest first; a key whose older outcome is open stays where it is. Inside a transaction. */
export function prepareQueuedItems(
  db: SqliteDatabase,
  flow: string,
  limit: number,
  judge: (item: QueuedItem, known: KnownKey) => Judgement,
  nowMs: number,
): IntakeReport {
  const tally: Tally = { taken: 0, rereads: 0, states: new Map(), reviews: new Map() };
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
