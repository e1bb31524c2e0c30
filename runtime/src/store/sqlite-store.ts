import type { Clock } from '../clock.ts';
import { saveBatchRow } from './sqlite-batches.ts';
import { adoptObject, createConfirmer } from './sqlite-confirm.ts';
import { openSqliteDatabase } from './sqlite-database.ts';
import type { Row, SqliteDatabase } from './sqlite-database.ts';
import { claimDueIntents, recoverSendingIntents, settleIntent } from './sqlite-delivery.ts';
import { isAnyDue } from './claim-book.ts';
import { takeInPage } from './sqlite-intake.ts';
import { findNextQueuedMs, listQueuedItems, prepareQueuedItems } from './sqlite-prepare.ts';
import { loadPassState, savePassState } from './sqlite-passes.ts';
import { listTroubleRows, readFreshnessRow } from './sqlite-trouble.ts';
import {
  findReviewRow,
  listDeadRows,
  listReviewRows,
  retryFingerprint,
  writeAudit,
} from './sqlite-people.ts';
import { createBackfills } from './sqlite-backfill.ts';
import { decideReviewRow, retryDeadRow } from './sqlite-decide.ts';
import { eraseKey } from './sqlite-erase.ts';
import { checkStoreHealth, listBlockedKeys, listWaitingRows } from './sqlite-inspect.ts';
import { LIVE, OPEN } from './sqlite-schema.ts';
import { createTombstones } from './tombstones.ts';
import type { ClaimFor, FlowCounts, ItemState, Judge, Pause, Store, TakenRecord } from './store.ts';

/**
 * The embedded store: one SQLite file. @param tombstoneKey a secret with which erased records are known again; where
 * there is none, a random number in the store takes its place @throws OperatorError where the file cannot be used
 */
export function createSqliteStore(file: string, clock: Clock, tombstoneKey?: string): Store {
  const db = openSqliteDatabase(file);
  const confirmer = createConfirmer(db);
  const tombstones = createTombstones(db, tombstoneKey);
  const takeInLiving = (flow: string, records: readonly TakenRecord[], judge: Judge, claimFor?: ClaimFor) =>
    tombstones.takeIn(flow, records, clock.now(), (living) =>
      takeInPage(db, { flow, records: living, judge, claimFor }, clock.now()),
    );
  return {
    loadPass: (flow) => Promise.resolve(loadPassState(db, flow)),
    savePass: (flow, pass) => db.write(() => savePassState(db, flow, pass, clock.now())),
    takeIn: (flow, records, pass, judge, claimFor) =>
      db.write(() => {
        const report = takeInLiving(flow, records, judge, claimFor);
        savePassState(db, flow, pass, clock.now());
        return report;
      }),
    prepareQueued: (flow, limit, judge) => {
      const waiting = db.get(
        `SELECT 1 AS one FROM items WHERE flow = ? AND ${OPEN} AND state = 'queued' LIMIT 1`,
        flow,
      );
      if (waiting === undefined)
        return Promise.resolve({ taken: 0, rereads: 0, states: new Map(), reviews: new Map() });
      return db.write(() => prepareQueuedItems(db, flow, limit, judge, clock.now()));
    },
    listQueued: (flow, nowMs, limit) => Promise.resolve(listQueuedItems(db, flow, nowMs, limit)),
    nextQueuedMs: (flow) => Promise.resolve(findNextQueuedMs(db, flow)),
    recoverSending: () => db.write(() => recoverSendingIntents(db, clock.now())),
    claimIntents: (flow, target, nowMs, limit) => {
      // SQLite takes a negative limit for none.
      if (limit <= 0) return Promise.resolve([]);
      return isAnyDue(db, flow, target, nowMs)
        ? db.write(() => claimDueIntents(db, { flow, target }, nowMs, limit))
        : Promise.resolve([]);
    },
    saveBatch: (batch, intents) => db.write(() => saveBatchRow(db, batch, intents)),
    settle: (intent, settlement, nowMs) =>
      settlement.kind === 'confirmed' && settlement.ifLinked === undefined
        ? confirmer.confirm(intent, settlement, nowMs)
        : db.write(() =>
            settlement.kind === 'confirmed'
              ? adoptObject(db, intent, settlement, nowMs)
              : settleIntent(db, intent, settlement, nowMs),
          ),
    nextDueMs: (flow, target) => {
      const row = db.get(
        "SELECT min(not_before) AS at FROM intents WHERE flow = ? AND target = ? AND state IN ('planned', 'unknown')",
        flow,
        target,
      );
      return Promise.resolve(row?.['at'] === null || row === undefined ? undefined : Number(row['at']));
    },
    countLive: (flow) =>
      Promise.resolve(
        countOf(
          db,
          `SELECT (SELECT count(*) FROM intents WHERE flow = ?1 AND ${LIVE} AND state <> 'parked') + (SELECT count(*) FROM items WHERE flow = ?1 AND ${OPEN} AND state = 'queued') AS n`,
          flow,
        ),
      ),
    countOpenReviews: (flow) =>
      Promise.resolve(
        countOf(db, "SELECT count(*) AS n FROM reviews WHERE flow = ? AND state = 'open'", flow),
      ),
    counts: (flows) => Promise.resolve(flows.map((flow) => countFlow(db, flow))),
    listFlows: () =>
      Promise.resolve(
        db
          .all("SELECT flow FROM counters WHERE name = 'taken' ORDER BY flow")
          .map((row) => String(row['flow'])),
      ),
    listReviews: (filter) => Promise.resolve(listReviewRows(db, filter)),
    findReview: (id) => Promise.resolve(findReviewRow(db, id)),
    decideReview: (id, decision, actor, nowMs) =>
      db.write(() => decideReviewRow(db, id, decision, actor, nowMs)),
    listDead: (filter) => Promise.resolve(listDeadRows(db, filter)),
    retryDead: (itemId, by, nowMs) => db.write(() => retryDeadRow(db, itemId, by, nowMs)),
    listTrouble: () => Promise.resolve(listTroubleRows(db)),
    readFreshness: (flow) => Promise.resolve(readFreshnessRow(db, flow)),
    findLinkedKey: (flow, target, remoteId) => {
      const row = db.get(
        'SELECT key FROM deliveries WHERE flow = ? AND target = ? AND remote_id = ? LIMIT 1',
        flow,
        target,
        remoteId,
      );
      return Promise.resolve(row === undefined ? undefined : String(row['key']));
    },
    ...createBackfills(db, clock, takeInLiving),
    erase: (request, nowMs) => eraseKey(db, tombstones, request, nowMs),
    listBlocked: (limit) => Promise.resolve(listBlockedKeys(db, limit)),
    listWaiting: () => Promise.resolve(listWaitingRows(db)),
    checkHealth: () => checkStoreHealth(db, file),
    ...createSettings(db),
    close: () => db.close(),
  };
}

type Settings = Pick<
  Store,
  | 'listPauses'
  | 'setPause'
  | 'clearPause'
  | 'readToken'
  | 'writeToken'
  | 'readMeta'
  | 'writeMeta'
  | 'addUsage'
>;

/** What is not about records: pauses, tokens, quotas. */
function createSettings(db: SqliteDatabase): Settings {
  return {
    listPauses: () => Promise.resolve(db.all('SELECT * FROM pauses ORDER BY name').map(readPause)),
    setPause: (pause) =>
      db.write(() => {
        db.run(
          // A pause that had ended begins anew; one that goes on keeps its beginning.
          `INSERT INTO pauses (name, kind, until, reason, fingerprint, since) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, until = excluded.until,
           reason = excluded.reason, fingerprint = excluded.fingerprint, since = CASE WHEN until < excluded.since THEN excluded.since ELSE since END`,
          pause.name,
          pause.kind,
          pause.untilMs ?? null,
          pause.reason,
          pause.fingerprint ?? null,
          pause.sinceMs,
        );
      }),
    clearPause: (name, actor, nowMs) =>
      db.write(() => {
        const pause = db.get('SELECT * FROM pauses WHERE name = ?', name);
        if (pause === undefined) return false;
        db.run('DELETE FROM pauses WHERE name = ?', name);
        const again = retryFingerprint(db, readPause(pause), nowMs);
        writeAudit(db, nowMs, actor, 'resume', name, again === 0 ? null : `${again} records are tried again`);
        return true;
      }),
    readToken: (system) => {
      const row = db.get('SELECT * FROM tokens WHERE system = ?', system);
      const token = row && {
        sealed: String(row['sealed']),
        seedHash: String(row['seed_hash']),
        generation: Number(row['generation']),
      };
      return Promise.resolve(token);
    },
    writeToken: (system, token, expected) =>
      db.write(() => {
        const row = db.get('SELECT generation FROM tokens WHERE system = ?', system);
        if (Number(row?.['generation'] ?? 0) !== expected) return false;
        db.run(
          'INSERT INTO tokens (system, sealed, seed_hash, generation) VALUES (?, ?, ?, ?) ON CONFLICT (system) DO UPDATE SET sealed = excluded.sealed, seed_hash = excluded.seed_hash, generation = excluded.generation',
          system,
          token.sealed,
          token.seedHash,
          token.generation,
        );
        return true;
      }),
    readMeta: (name) => {
      const row = db.get('SELECT value FROM meta WHERE name = ?', name);
      return Promise.resolve(row === undefined ? undefined : String(row['value']));
    },
    writeMeta: (name, value) =>
      db.write(
        () =>
          void db.run(
            'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
            name,
            value,
          ),
      ),
    addUsage: (system, day, count) =>
      db.write(() => {
        db.run(
          'INSERT INTO usage (system, day, count) VALUES (?, ?, ?) ON CONFLICT (system, day) DO UPDATE SET count = count + excluded.count',
          system,
          day,
          count,
        );
        return countOf(db, 'SELECT count AS n FROM usage WHERE system = ? AND day = ?', system, day);
      }),
  };
}

function countOf(db: SqliteDatabase, sql: string, ...values: (string | number)[]): number {
  return Number(db.get(sql, ...values)?.['n'] ?? 0);
}

function countFlow(db: SqliteDatabase, flow: string): FlowCounts {
  const rows = db.all('SELECT state, count(*) AS n FROM items WHERE flow = ? GROUP BY state', flow);
  const counters = new Map(
    db
      .all('SELECT name, count FROM counters WHERE flow = ?', flow)
      .map((row) => [String(row['name']), Number(row['count'])]),
  );
  return {
    flow,
    takenIn: counters.get('taken') ?? 0,
    rereads: counters.get('rereads') ?? 0,
    states: Object.fromEntries(rows.map((row) => [row['state'] as ItemState, Number(row['n'])])),
  };
}

function readPause(row: Row): Pause {
  return {
    name: String(row['name']),
    kind: row['kind'] === 'halt' ? 'halt' : 'pause',
    untilMs: row['until'] === null ? undefined : Number(row['until']),
    reason: String(row['reason']),
    ...(row['fingerprint'] === null ? {} : { fingerprint: String(row['fingerprint']) }),
    sinceMs: Number(row['since']),
  };
}
