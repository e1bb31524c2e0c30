import type { SqliteDatabase } from './sqlite-database.ts';
import { LIVE, OPEN } from './sqlite-schema.ts';
import type { Freshness, Trouble } from './store.ts';

/** Open reviews by fingerprint, and dead letters by flow. */
export function listTroubleRows(db: SqliteDatabase): Trouble[] {
  const reviews = db.all(
    "SELECT flow, fingerprint, min(reason) AS reason, count(*) AS n, min(opened_at) AS since FROM reviews WHERE state = 'open' GROUP BY flow, fingerprint ORDER BY since, fingerprint",
  );
  const dead = db.all(
    `SELECT flow, min(reason) AS reason, count(*) AS n, min(changed_at) AS since FROM items WHERE ${OPEN} AND state = 'dead' GROUP BY flow ORDER BY since`,
  );
  return [
    ...reviews.map((row) => ({
      kind: 'review' as const,
      flow: String(row['flow']),
      fingerprint: String(row['fingerprint']),
      reason: String(row['reason']),
      count: Number(row['n']),
      sinceMs: Number(row['since']),
    })),
    ...dead.map((row) => ({
      kind: 'dead-letter' as const,
      flow: String(row['flow']),
      fingerprint: '',
      reason: String(row['reason']),
      count: Number(row['n']),
      sinceMs: Number(row['since']),
    })),
  ];
}

export function readFreshnessRow(db: SqliteDatabase, flow: string): Freshness {
  const pass = db.get('SELECT done_at FROM passes WHERE flow = ?', flow);
  const live = db.get(
    `SELECT min(i.taken_at) AS at FROM intents n JOIN items i ON i.id = n.item_id WHERE n.flow = ? AND n.${LIVE} AND n.state <> 'parked'`,
    flow,
  );
  const queued = db.get(
    `SELECT min(taken_at) AS at FROM items WHERE flow = ? AND ${OPEN} AND state = 'queued'`,
    flow,
  );
  const times = [live, queued].flatMap((row) =>
    row?.['at'] === null || row === undefined ? [] : [Number(row['at'])],
  );
  const done = pass?.['done_at'];
  return {
    lastPassMs: done === null || done === undefined ? undefined : Number(done),
    oldestLiveMs: times.length === 0 ? undefined : Math.min(...times),
  };
}
