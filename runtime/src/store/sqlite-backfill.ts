import type { Clock } from '../clock.ts';
import type { Backfill, BackfillEnd, BackfillRequest } from './backfill.ts';
import { compareVersions } from './compare-versions.ts';
import { createTally, mergeTally } from './intake-tally.ts';
import type { Tally } from './intake-tally.ts';
import { MAYBE, SEEN, UNREAD } from './marks.ts';
import { addCount, attach } from './sqlite-attach.ts';
import { knowKey } from './sqlite-known.ts';
import { putInLane } from './sqlite-prepare.ts';
import type { Row, SqliteDatabase } from './sqlite-database.ts';
import { writeAudit } from './sqlite-people.ts';
import type { BackfillPage, BackfillStore, IntakeReport, Judge, TakenRecord } from './store.ts';

/** And no mark. */
const IS_TARGET = `target NOT IN ('${SEEN}', '${UNREAD}', '${MAYBE}')`;

/**
 * What is judged once more. Whatever is under way, waits for a person, was discarded or erased stays as it is; so does
 * what was only marked as seen, because a first run that must not bill history must not do so later either.
 */
const JUDGED_AGAIN: ReadonlySet<string> = new Set(['delivered', 'unchanged', 'ignored', 'skipped']);
/** With these, the item keeps the state that it has: nothing is done. */
const NOTHING_NEW: ReadonlySet<string> = new Set(['delivered', 'unchanged', 'ignored', 'skipped', 'seen']);

/** @param takeIn how a record that is not known is taken in; inside a transaction */
export function createBackfills(
  db: SqliteDatabase,
  clock: Clock,
  takeIn: (flow: string, records: readonly TakenRecord[], judge: Judge) => IntakeReport,
): BackfillStore {
  return {
    requestBackfill: (request, nowMs) => db.write(() => requestBackfillRow(db, request, nowMs)),
    listBackfills: () => Promise.resolve(listBackfillRows(db)),
    findBackfill: (flow) => Promise.resolve(findBackfillRow(db, flow)),
    takeInBackfill: (page, judge) =>
      db.write(() => {
        const takeInNew = (record: TakenRecord) => takeIn(page.flow, [record], judge);
        return takeInBackfillPage(db, page, judge, takeInNew, clock.now());
      }),
    endBackfill: (id, end, nowMs) => db.write(() => endBackfillRow(db, id, end, nowMs)),
  };
}

/** Inside a transaction. */
function requestBackfillRow(
  db: SqliteDatabase,
  request: BackfillRequest,
  nowMs: number,
): Backfill | undefined {
  const { flow, kind, sinceMs, key, actor } = request;
  if (findBackfillRow(db, flow) !== undefined) return undefined;
  db.run(
    'INSERT INTO backfills (flow, kind, key, since, asked_by, asked_at) VALUES (?, ?, ?, ?, ?, ?)',
    flow,
    kind,
    key ?? null,
    sinceMs,
    actor,
    nowMs,
  );
  if (kind === 'resync')
    db.run(
      `UPDATE deliveries SET confirmed_hash = NULL WHERE flow = ?1 AND (?2 IS NULL OR key = ?2) AND ${IS_TARGET}`,
      flow,
      key ?? null,
    );
  const since = sinceMs === 0 ? 'everything' : `since ${new Date(sinceMs).toISOString()}`;
  writeAudit(db, nowMs, actor, kind, key === undefined ? flow : `${flow}/${key}`, since);
  return findBackfillRow(db, flow);
}

function findBackfillRow(db: SqliteDatabase, flow: string): Backfill | undefined {
  const row = db.get('SELECT * FROM backfills WHERE flow = ? AND ended_at IS NULL', flow);
  return row === undefined ? undefined : readBackfill(row);
}

function listBackfillRows(db: SqliteDatabase): Backfill[] {
  return db
    .all(
      `SELECT * FROM backfills b WHERE ended_at IS NULL
       OR id = (SELECT max(id) FROM backfills WHERE flow = b.flow AND ended_at IS NOT NULL) ORDER BY id`,
    )
    .map(readBackfill);
}

/** Inside a transaction. */
function endBackfillRow(db: SqliteDatabase, id: number, end: BackfillEnd, nowMs: number): boolean {
  const ended = db.run(
    'UPDATE backfills SET state = ?, reason = ?, ended_at = ? WHERE id = ? AND ended_at IS NULL',
    end.state,
    end.reason ?? null,
    nowMs,
    id,
  );
  if (ended === 0) return false;
  const row = db.get('SELECT flow, kind FROM backfills WHERE id = ?', id);
  if (end.actor !== undefined)
    writeAudit(db, nowMs, end.actor, `${row?.['kind']} ${end.state}`, String(row?.['flow']), null);
  return true;
}

/** Inside a transaction. */
function takeInBackfillPage(
  db: SqliteDatabase,
  page: BackfillPage,
  judge: Judge,
  takeIn: (record: TakenRecord) => IntakeReport,
  nowMs: number,
): IntakeReport | undefined {
  const row = db.get('SELECT * FROM backfills WHERE id = ? AND ended_at IS NULL', page.id);
  if (row === undefined) return undefined;
  const total = createTally();
  let judged = 0;
  for (const record of page.records) {
    if (!isAskedFor(db, readBackfill(row), record)) continue;
    judged += 1;
    judgeAgain(db, { page, judge, takeIn, nowMs }, record, total);
  }
  // What `takeIn` has read again, it has counted by itself.
  addCount(db, page.flow, 'rereads', total.rereads);
  noteProgress(db, page, judged, total);
  return total;
}

/** A resync concerns what the targets hold; a record may be asked for alone. */
function isAskedFor(db: SqliteDatabase, { flow, kind, key }: Backfill, record: TakenRecord): boolean {
  if (key !== undefined && record.key !== key) return false;
  if (kind === 'backfill') return true;
  const held = db.get(
    `SELECT 1 AS one FROM deliveries WHERE flow = ? AND key = ? AND ${IS_TARGET} AND confirmed_at IS NOT NULL LIMIT 1`,
    flow,
    record.key,
  );
  return held !== undefined;
}

interface Judging {
  readonly page: BackfillPage;
  readonly judge: Judge;
  readonly takeIn: (record: TakenRecord) => IntakeReport;
  readonly nowMs: number;
}

function judgeAgain(db: SqliteDatabase, judging: Judging, record: TakenRecord, total: Tally): void {
  const { page, judge, takeIn, nowMs } = judging;
  const { flow } = page;
  const latest = db.get(
    'SELECT i.id, i.version, i.hash, i.state, i.edit_generation, i.changed_at FROM keys k JOIN items i ON i.id = k.item_id WHERE k.flow = ? AND k.key = ?',
    flow,
    record.key,
  );
  const isSame = latest?.['version'] === record.version && latest['hash'] === record.hash;
  if (latest === undefined || (!isSame && !isOutrun(latest, record, page.askedAtMs))) {
    mergeTally(total, takeIn(record));
    if (latest !== undefined && isOlder(latest, record, page.askedAtMs)) total.older += 1;
    putBehind(db, flow, record.key, nowMs);
    return;
  }
  const known = knowKey(db, flow, record.key, latest);
  if (!isSame || known.unresolved || !JUDGED_AGAIN.has(String(latest['state']))) {
    total.rereads += 1;
    return;
  }
  const generation = Number(latest['edit_generation']) + 1;
  const judgement = judge(record, { ...known, againAs: generation });
  total.rereads += 1;
  if (NOTHING_NEW.has(judgement.state)) return;
  const itemId = Number(latest['id']);
  db.run(
    'UPDATE items SET state = ?, reason = ?, payload = ?, edit_generation = ?, by_person = 0, found = NULL, not_before = 0, deferrals = 0, aged_ms = 0, changed_at = ? WHERE id = ?',
    judgement.state,
    judgement.reason ?? null,
    record.payload,
    generation,
    nowMs,
    itemId,
  );
  // Each target is held against what it should hold now, and none counts as reached by this version.
  db.run('UPDATE deliveries SET item_id = NULL WHERE flow = ? AND key = ?', flow, record.key);
  attach(db, { itemId, flow, key: record.key, version: record.version }, judgement, nowMs, total);
  putBehind(db, flow, record.key, nowMs);
}

/** A newer one was taken in before the page was asked for: the source has gone back. */
function isOlder(latest: Row, record: TakenRecord, askedAtMs: number): boolean {
  const order = compareVersions(record.version, String(latest['version'])) ?? 0;
  return order < 0 && Number(latest['changed_at']) < askedAtMs;
}

/** Without an order of versions, the read that began earlier loses. */
function isOutrun(latest: Row, record: TakenRecord, askedAtMs: number): boolean {
  const order = compareVersions(record.version, String(latest['version'])) ?? 0;
  return order === 0 && Number(latest['changed_at']) >= askedAtMs;
}

/** What was read again goes out behind everything that is new. */
function putBehind(db: SqliteDatabase, flow: string, key: string, nowMs: number): void {
  const latest = db.get('SELECT item_id FROM keys WHERE flow = ? AND key = ?', flow, key);
  if (latest !== undefined) putInLane(db, Number(latest['item_id']), 'backfill', nowMs);
}

function noteProgress(db: SqliteDatabase, page: BackfillPage, judged: number, total: Tally): void {
  const { open } = page;
  db.run(
    `UPDATE backfills SET state = 'running', started_at = ?, from_value = ?, newest = ?, server = ?,
     pages = pages + 1, judged = judged + ?, writes = writes + ?, reviews = reviews + ? WHERE id = ?`,
    open?.startedAtMs ?? null,
    open?.sinceMs ?? null,
    open?.newestMs ?? null,
    open?.serverMs ?? null,
    judged,
    total.states.get('waiting') ?? 0,
    total.states.get('review') ?? 0,
    page.id,
  );
}

function readBackfill(row: Row): Backfill {
  const number = (name: string): number | undefined => (row[name] === null ? undefined : Number(row[name]));
  const text = (name: string): string | undefined => (row[name] === null ? undefined : String(row[name]));
  const startedAtMs = number('started_at');
  const open = {
    startedAtMs: startedAtMs ?? 0,
    sinceMs: number('from_value') ?? 0,
    newestMs: number('newest'),
    serverMs: number('server'),
  };
  return {
    id: Number(row['id']),
    flow: String(row['flow']),
    kind: row['kind'] === 'resync' ? 'resync' : 'backfill',
    sinceMs: Number(row['since']),
    key: text('key'),
    askedBy: String(row['asked_by']),
    askedAtMs: Number(row['asked_at']),
    state: row['state'] as Backfill['state'],
    reason: text('reason'),
    endedAtMs: number('ended_at'),
    pages: Number(row['pages']),
    judged: Number(row['judged']),
    writes: Number(row['writes']),
    reviews: Number(row['reviews']),
    open: startedAtMs === undefined ? undefined : open,
  };
}
