import type { SqliteDatabase } from './sqlite-database.ts';
import type { PassState } from './store.ts';

export function savePassState(db: SqliteDatabase, flow: string, pass: PassState, nowMs: number): void {
  const { watermarkMs, firstDone, open } = pass;
  const doneAtMs = open === undefined ? nowMs : null;
  db.run(
    `INSERT INTO passes (flow, watermark, first_done, started_at, since, newest, server, done_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (flow) DO UPDATE SET watermark = excluded.watermark, first_done = excluded.first_done, started_at = excluded.started_at,
     since = excluded.since, newest = excluded.newest, server = excluded.server, done_at = COALESCE(excluded.done_at, done_at)`,
    flow,
    watermarkMs ?? null,
    firstDone ? 1 : 0,
    open?.startedAtMs ?? null,
    open?.sinceMs ?? null,
    open?.newestMs ?? null,
    open?.serverMs ?? null,
    doneAtMs,
  );
}

export function loadPassState(db: SqliteDatabase, flow: string): PassState {
  const row = db.get('SELECT * FROM passes WHERE flow = ?', flow);
  if (row === undefined) return { watermarkMs: undefined, firstDone: false, open: undefined };
  const number = (name: string): number | undefined => (row[name] === null ? undefined : Number(row[name]));
  const startedAtMs = number('started_at');
  return {
    watermarkMs: number('watermark'),
    firstDone: row['first_done'] === 1,
    open:
      startedAtMs === undefined
        ? undefined
        : {
            startedAtMs,
            sinceMs: number('since') ?? 0,
            newestMs: number('newest'),
            serverMs: number('server'),
          },
  };
}
