import { createClaimBook } from './claim-book.ts';
import { compareVersions } from './compare-versions.ts';
import { countState, createTally } from './intake-tally.ts';
import type { Tally } from './intake-tally.ts';
import { addCount, attach, FINISHED } from './sqlite-attach.ts';
import type { Row, SqliteDatabase } from './sqlite-database.ts';
import { knowKey } from './sqlite-known.ts';
import { LIVE } from './sqlite-schema.ts';
import type { ClaimFor, IntakeReport, ItemState, Judge, Judgement, KnownKey, TakenRecord } from './store.ts';

/** A newer version takes the place of these: nothing of them was sent, or a person would only see it outdated. */
const SUPERSEDABLE: ReadonlySet<string> = new Set(['queued', 'waiting', 'review', 'dead']);

export interface TakenPage {
  readonly flow: string;
  readonly records: readonly TakenRecord[];
  readonly judge: Judge;
  readonly claimFor?: ClaimFor | undefined;
}

/** Takes one page in: each new (key, version, hash) once, judged, with its intent or its review. Inside a transaction. */
export function takeInPage(db: SqliteDatabase, page: TakenPage, nowMs: number): IntakeReport {
  const { flow, records, judge, claimFor } = page;
  const tally = createTally(claimFor && createClaimBook(db, flow, claimFor, nowMs));
  for (const record of records) takeInRecord(db, flow, record, judge, nowMs, tally);
  addCount(db, flow, 'taken', tally.taken);
  addCount(db, flow, 'rereads', tally.rereads);
  return { ...tally, claimed: tally.claims?.claimed ?? [] };
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
  const isApart = known !== undefined && !isOlder && isUnresolved(db, flow, record.key, known);
  if (known === undefined || isApart) tally.taken += 1;
  else tally.rereads += 1;
  if (isOlder) {
    insertItem(db, { flow, record, state: 'superseded', reason: 'an older version', generation: 0, nowMs });
    countState(tally, 'superseded');
    return;
  }
  // What was before holds again, by a write of its own: a target that knows the first one would only repeat its answer.
  const generation = known === undefined ? 0 : readGeneration(db, known) + 1;
  const again = known === undefined ? {} : { againAs: generation };
  const state = latest === undefined ? NEW_KEY : { ...knowKey(db, flow, record.key, latest), ...again };
  // What a person must resolve stays with them, and this version behind it.
  if (latest !== undefined && !(state.unresolved && latest['state'] === 'review'))
    supersede(db, flow, record.key, latest, nowMs);
  // Until the outcome of the older version is known, this one waits: it is judged by prepareQueued.
  const judgement: Judgement = state.unresolved
    ? { state: 'queued', reason: 'an older version is being resolved' }
    : judge(record, state);
  const entry: Entry = { flow, record, ...startOf(judgement, tally), generation, nowMs };
  if (isApart) putAside(db, known);
  const itemId = known === undefined || isApart ? insertItem(db, entry) : reviveItem(db, known, entry);
  if (latest === undefined)
    db.run('INSERT INTO keys (flow, key, item_id) VALUES (?, ?, ?)', flow, record.key, itemId);
  else db.run('UPDATE keys SET item_id = ? WHERE flow = ? AND key = ?', itemId, flow, record.key);
  if (entry.state === 'sending' && state.delivered.length > 0) noteAttempt(db, entry, judgement);
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

/** One item as it is written down. */
interface Entry {
  readonly flow: string;
  readonly record: TakenRecord;
  readonly state: ItemState;
  readonly reason: string | undefined;
  /** How often this version has come back, or was edited. */
  readonly generation: number;
  readonly nowMs: number;
}

/** What is claimed as it is planned is being sent at once. */
function startOf(
  { state, reason, intent }: Judgement,
  { claims }: Tally,
): { readonly state: ItemState; readonly reason: string | undefined } {
  const isClaimed = intent !== undefined && claims?.takes(intent.target) === true;
  return { state: isClaimed ? 'sending' : state, reason };
}

/** Whatever comes of it, the target may hold this body then. */
function noteAttempt(db: SqliteDatabase, { flow, record }: Entry, { intent }: Judgement): void {
  if (intent === undefined) return;
  db.run(
    'UPDATE deliveries SET attempted_hash = ? WHERE flow = ? AND key = ? AND target = ?',
    intent.hash,
    flow,
    record.key,
    intent.target,
  );
}

/** A write of this item may have been applied, and nobody has found out yet. */
function isUnresolved(db: SqliteDatabase, flow: string, key: string, itemId: number): boolean {
  const row = db.get(
    `SELECT 1 AS one FROM intents WHERE flow = ? AND key = ? AND ${LIVE} AND state <> 'planned' AND item_id = ? LIMIT 1`,
    flow,
    key,
    itemId,
  );
  return row !== undefined;
}

function readGeneration(db: SqliteDatabase, itemId: number): number {
  return Number(db.get('SELECT edit_generation FROM items WHERE id = ?', itemId)?.['edit_generation'] ?? 0);
}

/** What was written and what is to be written are two: the former keeps its write and its review until they are resolved. */
function putAside(db: SqliteDatabase, itemId: number): void {
  db.run("UPDATE items SET hash = hash || '##' || id || '#' || edit_generation WHERE id = ?", itemId);
}

/** A record that was changed and changed back: what it was before holds again, and no target counts as reached by it. */
function reviveItem(db: SqliteDatabase, itemId: number, entry: Entry): number {
  const { flow, record, state, reason, generation, nowMs } = entry;
  const payload = FINISHED.has(state) ? null : record.payload;
  db.run(
    `UPDATE items SET state = ?, reason = ?, payload = ?, edit_generation = ?, by_person = 0, lane = 'live', found = NULL,
     not_before = 0, deferrals = 0, aged_ms = 0, taken_at = ?, changed_at = ? WHERE id = ?`,
    state,
    reason ?? null,
    payload,
    generation,
    nowMs,
    nowMs,
    itemId,
  );
  db.run('UPDATE deliveries SET item_id = NULL WHERE flow = ? AND key = ?', flow, record.key);
  return itemId;
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

function insertItem(db: SqliteDatabase, entry: Entry): number {
  const { flow, record, state, reason, generation, nowMs } = entry;
  const payload = FINISHED.has(state) ? null : record.payload;
  return db.insert(
    'INSERT INTO items (flow, key, version, hash, payload, state, reason, edit_generation, taken_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    flow,
    record.key,
    record.version,
    record.hash,
    payload,
    state,
    reason ?? null,
    generation,
    nowMs,
    nowMs,
  );
}
