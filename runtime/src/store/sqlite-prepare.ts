import type { Lane } from '../http/lane.ts';
import { createTally, mergeTally } from './intake-tally.ts';
import { MAYBE } from './marks.ts';
import { attach, FINISHED } from './sqlite-attach.ts';
import { GOES_ON } from './sqlite-confirm.ts';
import type { Row, SqliteDatabase } from './sqlite-database.ts';
import { knowKey } from './sqlite-known.ts';
import { LIVE, OPEN } from './sqlite-schema.ts';
import type { IntakeReport, Judgement, JudgeQueued, PutOff, Queued, QueuedItem } from './store.ts';

/** The reason of an item that a person put back. */
export const BY_PERSON = 'put back by a person';
/** And of one that a person has changed before. */
export const EDITED = 'edited by a person';
/** The reason of an item that a lifted halt put back. */
export const LIFTED = 'the halt was lifted';

const COLUMNS =
  'i.id, i.flow, i.key, i.version, i.hash, i.payload, i.edit_generation, i.by_person, i.lane, i.state, i.reason, i.taken_at, i.found, i.deferrals, i.aged_ms, i.stale';
/** A key whose older outcome is open stays where it is. */
const FREE = `i.flow = ? AND i.${OPEN} AND i.state = 'queued' AND NOT EXISTS (SELECT 1 FROM intents n WHERE n.flow = i.flow AND n.key = i.key AND n.${LIVE})`;

export function listQueuedItems(db: SqliteDatabase, flow: string, nowMs: number, limit: number): Queued[] {
  const rows = db.all(
    `SELECT ${COLUMNS} FROM items i WHERE ${FREE} AND i.not_before <= ? ORDER BY i.id LIMIT ?`,
    flow,
    nowMs,
    limit,
  );
  return rows.map((row) => ({ item: readQueued(row), known: knowKey(db, flow, String(row['key']), row) }));
}

export function findNextQueuedMs(db: SqliteDatabase, flow: string): number | undefined {
  const row = db.get(`SELECT min(i.not_before) AS at FROM items i WHERE ${FREE}`, flow);
  return row === undefined || row['at'] === null ? undefined : Number(row['at']);
}

/** Judges what was put back, oldest first. Inside a transaction. */
export function prepareQueuedItems(
  db: SqliteDatabase,
  flow: string,
  limit: number,
  judge: JudgeQueued,
  nowMs: number,
): IntakeReport {
  const [total, first, onward] = [createTally(), createTally(), createTally()];
  const tallies = { first, onward, again: createTally() };
  const rows = db.all(
    `SELECT ${COLUMNS} FROM items i WHERE ${FREE} AND i.not_before <= ? ORDER BY i.id LIMIT ?`,
    flow,
    nowMs,
    limit,
  );
  for (const row of rows) {
    const item = readQueued(row);
    const known = knowKey(db, flow, item.key, row);
    const judgement = judge(item, known);
    if (judgement === undefined) continue;
    const keep = FINISHED.has(judgement.state) ? null : item.payload;
    db.run(
      'UPDATE items SET state = ?, reason = ?, payload = ?, found = ?, by_person = ?, changed_at = ? WHERE id = ?',
      judgement.state,
      judgement.reason ?? null,
      keep,
      keep === null ? null : (judgement.found ?? null),
      item.edited ? 2 : item.byPerson ? 1 : 0,
      nowMs,
      item.itemId,
    );
    if (judgement.putOff !== undefined) putOff(db, item.itemId, judgement.putOff);
    attach(db, item, judgement, nowMs, tallies[findStage(row, judgement)]);
    if (item.remakes > 0 || known.delivered.some(({ target }) => target === MAYBE)) keepAge(db, item);
    if (row['lane'] !== 'live') putInLane(db, item.itemId, String(row['lane']), nowMs);
  }
  for (const tally of Object.values(tallies)) mergeTally(total, tally);
  return { ...total, judged: { first, onward } };
}

/** What is put back to be tried again is no further record: it has been counted when it was judged first. */
function findStage(row: Row, { state }: Judgement): 'first' | 'onward' | 'again' {
  const { reason } = row;
  if (isByPerson(row) || reason === LIFTED) return 'again';
  // Of what is looked up again only the end is new.
  if (Number(row['stale']) > 0 && state === 'waiting') return 'again';
  return reason === GOES_ON ? 'onward' : 'first';
}

function isByPerson(row: Row): boolean {
  return row['reason'] === BY_PERSON || row['reason'] === EDITED || Number(row['by_person']) > 0;
}

function readQueued(row: Row): QueuedItem {
  return {
    itemId: Number(row['id']),
    flow: String(row['flow']),
    key: String(row['key']),
    version: String(row['version']),
    hash: String(row['hash']),
    payload: String(row['payload']),
    editGeneration: Number(row['edit_generation']),
    byPerson: isByPerson(row),
    edited: row['reason'] === EDITED || row['by_person'] === 2,
    remakes: Number(row['stale']),
    takenAtMs: Number(row['taken_at']),
    lane: String(row['lane']) as Lane,
    found: row['found'] === null ? undefined : String(row['found']),
    deferrals: Number(row['deferrals']),
    agedMs: Number(row['aged_ms']),
  };
}

/** It has been tried for as long as the write before it, and counts as put off, so that `forgetMaybe` knows it. */
function keepAge(db: SqliteDatabase, { itemId, flow, key, deferrals, agedMs }: QueuedItem): void {
  db.run(
    `UPDATE intents SET deferrals = ?, aged_ms = ? WHERE flow = ? AND key = ? AND ${LIVE} AND item_id = ?`,
    Math.max(1, deferrals),
    agedMs,
    flow,
    key,
    itemId,
  );
}

function putOff(db: SqliteDatabase, itemId: number, { untilMs, agedMs, counts }: PutOff): void {
  db.run(
    'UPDATE items SET not_before = ?, aged_ms = ?, deferrals = deferrals + ? WHERE id = ?',
    untilMs,
    agedMs,
    counts ? 1 : 0,
    itemId,
  );
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
