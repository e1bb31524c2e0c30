import { forgetMaybe } from './sqlite-confirm.ts';
import { BY_PERSON, EDITED } from './sqlite-prepare.ts';
import type { Row, SqliteDatabase } from './sqlite-database.ts';
import { writeAudit } from './sqlite-people.ts';
import { LIVE } from './sqlite-schema.ts';
import type { ReviewDecision } from './review-decision.ts';

/** What is decided, and about what. */
interface Case {
  readonly itemId: number;
  readonly flow: string;
  readonly key: string;
  /** No newer version waits. */
  readonly isLatest: boolean;
  /** The write of unknown outcome that the person was asked about. */
  readonly parked: Row | undefined;
  readonly decision: ReviewDecision;
  readonly nowMs: number;
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
  const found = openCase(db, row, decision, nowMs);
  const resolution = describeResolution(found);
  db.run(
    "UPDATE reviews SET state = 'closed', closed_at = ?, resolution = ? WHERE id = ?",
    nowMs,
    resolution,
    id,
  );
  writeAudit(db, nowMs, actor, `review ${decision.kind}`, `${found.flow}/${found.key}`, resolution);
  if (isResolvedFirst(found)) resolveFirst(db, found);
  else {
    settleParked(db, found);
    moveItem(db, found);
  }
  return true;
}

function openCase(db: SqliteDatabase, row: Row, decision: ReviewDecision, nowMs: number): Case {
  const [itemId, flow, key] = [Number(row['item_id']), String(row['flow']), String(row['key'])];
  const latest = db.get('SELECT item_id FROM keys WHERE flow = ? AND key = ?', flow, key);
  const parked = db.get(
    `SELECT id, target FROM intents WHERE flow = ? AND key = ? AND ${LIVE} AND state = 'parked' AND item_id = ?`,
    flow,
    key,
    itemId,
  );
  return { itemId, flow, key, isLatest: Number(latest?.['item_id']) === itemId, parked, decision, nowMs };
}

/**
 * Whoever puts a record back without saying what came of its write does not know it either. Then the engine finds out,
 * by the write's tier and with the bytes and the key of that write; other bytes would be another object to the target.
 */
function isResolvedFirst({ parked, decision }: Case): boolean {
  return parked !== undefined && decision.kind !== 'discard' && decision.outcome === undefined;
}

function describeResolution(found: Case): string {
  const { decision } = found;
  const what = decision.kind === 'discard' ? `discarded: ${decision.reason}` : decision.kind;
  if (isResolvedFirst(found)) return `${what}; the outcome of the write is found out first`;
  if (found.parked === undefined || decision.outcome === undefined) return what;
  return decision.outcome.kind === 'applied'
    ? `${what}; the write was applied as ${decision.outcome.remoteId ?? 'an object without an id'}`
    : `${what}; ${NOT_APPLIED}`;
}

const NOT_APPLIED = 'the write was not applied';

/**
 * Whoever is mistaken the first time is saved by the key, which is that of the write. Who says it once more has seen
 * that under this key the target only repeats its answer: then the write gets another one.
 */
function isSaidAgain(db: SqliteDatabase, itemId: number): boolean {
  const row = db.get(
    "SELECT count(*) AS n FROM reviews WHERE item_id = ? AND state = 'closed' AND resolution LIKE '%; ' || ?",
    itemId,
    NOT_APPLIED,
  );
  return Number(row?.['n']) > 1;
}

/** The write is due again, as one whose outcome is not known. An edited record waits behind it, as a newer version does. */
function resolveFirst(db: SqliteDatabase, found: Case): void {
  const { itemId, decision, isLatest, parked, nowMs } = found;
  const writes = decision.kind === 'edit' && isLatest ? splitItem(db, itemId, nowMs) : itemId;
  db.run(
    "UPDATE items SET state = 'unknown', reason = ?, changed_at = ? WHERE id = ?",
    'its outcome is found out',
    nowMs,
    writes,
  );
  db.run(
    "UPDATE intents SET state = 'unknown', item_id = ?, lane = 'retry', not_before = ?, deferrals = 0, aged_ms = 0, probes = 0 WHERE id = ?",
    writes,
    nowMs,
    parked?.['id'] ?? null,
  );
  if (writes !== itemId) moveItem(db, found);
}

/** What was written and what is to be written are two from now on, both counted as taken in. @returns the former */
function splitItem(db: SqliteDatabase, itemId: number, nowMs: number): number {
  const written = db.insert(
    `INSERT INTO items (flow, key, version, hash, state, edit_generation, taken_at, changed_at)
     SELECT flow, key, version, hash || '#' || edit_generation, 'unknown', edit_generation, taken_at, ? FROM items WHERE id = ?`,
    nowMs,
    itemId,
  );
  db.run(
    `INSERT INTO counters (flow, name, count) SELECT flow, 'taken', 1 FROM items WHERE id = ? ON CONFLICT (flow, name) DO UPDATE SET count = count + 1`,
    itemId,
  );
  return written;
}

/** A person knows what came of the write, or gives the record up. */
function settleParked(db: SqliteDatabase, { parked, decision, itemId, flow, key, nowMs }: Case): void {
  if (parked === undefined) return;
  forgetMaybe(db, { flow, key });
  const { outcome } = decision;
  const state = outcome?.kind === 'applied' ? 'confirmed' : 'refused';
  db.run(
    'UPDATE intents SET state = ?, body = NULL, answered_at = ? WHERE id = ?',
    state,
    nowMs,
    parked['id'] ?? null,
  );
  if (outcome?.kind === 'not-applied' && isSaidAgain(db, itemId))
    db.run('UPDATE items SET edit_generation = edit_generation + 1 WHERE id = ?', itemId);
  if (outcome?.kind !== 'applied') return;
  // What the object holds is not known, so the next write is not "unchanged".
  db.run(
    `INSERT INTO deliveries (item_id, remote_id, confirmed_at, flow, key, target) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (flow, key, target) DO UPDATE
     SET item_id = excluded.item_id, remote_id = COALESCE(excluded.remote_id, remote_id), confirmed_hash = NULL, confirmed_at = excluded.confirmed_at`,
    decision.kind === 'edit' ? null : itemId,
    outcome.remoteId ?? null,
    nowMs,
    flow,
    key,
    parked['target'] ?? null,
  );
}

function moveItem(db: SqliteDatabase, { decision, itemId, flow, key, isLatest, nowMs }: Case): void {
  if (decision.kind === 'discard') {
    db.run(
      "UPDATE items SET state = 'discarded', payload = NULL, reason = ?, changed_at = ? WHERE id = ?",
      decision.reason,
      nowMs,
      itemId,
    );
    return;
  }
  if (!isLatest) {
    // A newer version has waited for this decision; it goes out instead.
    db.run(
      "UPDATE items SET state = 'superseded', payload = NULL, reason = 'a newer version came', changed_at = ? WHERE id = ?",
      nowMs,
      itemId,
    );
    return;
  }
  const edited = decision.kind === 'edit';
  // What these hold of it is of before.
  const rewrites = decision.kind === 'edit' ? (decision.rewrites ?? []) : [];
  if (rewrites.length > 0)
    db.run(
      'UPDATE deliveries SET item_id = NULL WHERE flow = ? AND key = ? AND item_id = ? AND target IN (SELECT value FROM json_each(?))',
      flow,
      key,
      itemId,
      JSON.stringify(rewrites),
    );
  db.run(
    "UPDATE items SET state = 'queued', payload = COALESCE(?, payload), edit_generation = edit_generation + ?, reason = ?, lane = ?, found = NULL, not_before = 0, deferrals = 0, aged_ms = 0, changed_at = ? WHERE id = ?",
    edited ? decision.payload : null,
    edited ? 1 : 0,
    edited ? EDITED : BY_PERSON,
    laneOf(decision.paced),
    nowMs,
    itemId,
  );
}

/**
 * One record goes out with the new ones. Of many that are put back at once each goes out behind everything that is new,
 * in the lane of retries: the rates of the target pace them, and the flow halts when they fail alike again.
 */
function laneOf(paced: boolean | undefined): 'live' | 'retry' {
  return paced === true ? 'retry' : 'live';
}

/** Inside a transaction. */
export function retryDeadRow(
  db: SqliteDatabase,
  itemId: number,
  by: { readonly actor: string; readonly paced: boolean },
  nowMs: number,
): boolean {
  const row = db.get("SELECT flow, key FROM items WHERE id = ? AND state = 'dead'", itemId);
  if (row === undefined) return false;
  db.run(
    "UPDATE items SET state = 'queued', reason = ?, lane = ?, found = NULL, not_before = 0, deferrals = 0, aged_ms = 0, changed_at = ? WHERE id = ?",
    BY_PERSON,
    laneOf(by.paced),
    nowMs,
    itemId,
  );
  writeAudit(db, nowMs, by.actor, 'dead retry', `${row['flow']}/${row['key']}`, null);
  return true;
}
