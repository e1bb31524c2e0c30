import { createHmac, randomBytes } from 'node:crypto';
import { operatorError } from '../errors.ts';
import { addCount } from './sqlite-attach.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import type { IntakeReport, ItemState, TakenRecord } from './store.ts';

/** Keyed digests of what was erased: with them a record is known again, without the key nobody can read it out of them. */
export interface Tombstones {
  /** The name under which what is left of a record is counted. Inside a transaction. */
  name(flow: string, key: string): Tombstone;
  /** The digest that stands for one version of an erased record. */
  digestVersion(stone: Tombstone, version: string, hash: string): string;
  /** Every name that the record may have been erased under. */
  find(flow: string, key: string): readonly Tombstone[];
  /** Takes in what is living by `takeIn`, and counts what was erased as erased. Inside a transaction. */
  takeIn(
    flow: string,
    records: readonly TakenRecord[],
    nowMs: number,
    takeIn: (living: readonly TakenRecord[]) => IntakeReport,
  ): IntakeReport;
}

/** `key`: made with MORTISE_KEY; `salt`: with a random number that lies in the store. */
type MadeWith = 'key' | 'salt';

export interface Tombstone {
  readonly madeWith: MadeWith;
  readonly digest: string;
  /** Stands where the key stood. */
  readonly name: string;
}

const SALT = 'tombstone-salt';

/** @param key a secret made of MORTISE_KEY; undefined where there is none @throws OperatorError where tombstones need one */
export function createTombstones(db: SqliteDatabase, key: string | undefined): Tombstones {
  let salt: string | undefined;
  const readSalt = (): string => {
    salt ??= readOrMakeSalt(db);
    return salt;
  };
  const stone = (madeWith: MadeWith, flow: string, recordKey: string): Tombstone => {
    const digest = hmac(madeWith === 'key' ? requireKey(key) : readSalt(), [flow, recordKey]);
    return { madeWith, digest, name: `erased:${digest}` };
  };
  const kinds = (flow: string): MadeWith[] =>
    db
      .all('SELECT DISTINCT made_with FROM tombstones WHERE flow = ?', flow)
      .map((row) => (row['made_with'] === 'key' ? 'key' : 'salt'));
  const digestVersion = ({ madeWith }: Tombstone, version: string, hash: string): string =>
    hmac(madeWith === 'key' ? requireKey(key) : readSalt(), [version, hash]);
  if (db.get("SELECT 1 AS one FROM tombstones WHERE made_with = 'key' LIMIT 1") !== undefined)
    requireKey(key);
  return {
    name: (flow, recordKey) => stone(key === undefined ? 'salt' : 'key', flow, recordKey),
    digestVersion,
    find: (flow, recordKey) =>
      kinds(flow)
        .map((madeWith) => stone(madeWith, flow, recordKey))
        .filter(
          ({ digest }) =>
            db.get('SELECT 1 AS one FROM tombstones WHERE flow = ? AND digest = ?', flow, digest) !==
            undefined,
        ),
    takeIn(flow, records, nowMs, takeIn) {
      const any = db.get('SELECT 1 AS one FROM tombstones WHERE flow = ? LIMIT 1', flow);
      if (any === undefined) return takeIn(records);
      const living: TakenRecord[] = [];
      const counts = { taken: 0, rereads: 0 };
      for (const record of records) {
        const [found] = this.find(flow, record.key);
        if (found === undefined) living.push(record);
        else if (countErased(db, flow, found.name, digestVersion(found, record.version, record.hash), nowMs))
          counts.taken += 1;
        else counts.rereads += 1;
      }
      return addErased(db, flow, takeIn(living), counts);
    },
  };
}

function requireKey(key: string | undefined): string {
  if (key !== undefined) return key;
  throw operatorError(
    'Records were erased while MORTISE_KEY was set, and only with that key are they known when they come again. Set the same MORTISE_KEY again.',
  );
}

function readOrMakeSalt(db: SqliteDatabase): string {
  const made = randomBytes(32).toString('base64');
  db.run('INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING', SALT, made);
  return String(db.get('SELECT value FROM meta WHERE name = ?', SALT)?.['value']);
}

function hmac(secret: string, parts: readonly string[]): string {
  return createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64url');
}

/** @returns false where this version was counted before */
function countErased(
  db: SqliteDatabase,
  flow: string,
  name: string,
  version: string,
  nowMs: number,
): boolean {
  const inserted = db.run(
    "INSERT INTO items (flow, key, version, hash, state, taken_at, changed_at) VALUES (?, ?, ?, '', 'erased', ?, ?) ON CONFLICT (flow, key, version, hash) DO NOTHING",
    flow,
    name,
    version,
    nowMs,
    nowMs,
  );
  return inserted > 0;
}

function addErased(
  db: SqliteDatabase,
  flow: string,
  report: IntakeReport,
  { taken, rereads }: { readonly taken: number; readonly rereads: number },
): IntakeReport {
  addCount(db, flow, 'taken', taken);
  addCount(db, flow, 'rereads', rereads);
  const states = new Map<ItemState, number>(report.states);
  if (taken > 0) states.set('erased', taken);
  return { ...report, taken: report.taken + taken, rereads: report.rereads + rereads, states };
}
