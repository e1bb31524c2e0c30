export const SCHEMA_VERSION = 5;

/** What makes a store of one version one of the next, by the version that it has. */
export const MIGRATIONS: Readonly<Record<number, string>> = {
  2: `ALTER TABLE items ADD COLUMN found TEXT;
ALTER TABLE items ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN deferrals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN aged_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE intents ADD COLUMN updates INTEGER NOT NULL DEFAULT 0;`,
  3: `CREATE TABLE batches (id INTEGER PRIMARY KEY, path TEXT NOT NULL, headers TEXT NOT NULL, body TEXT NOT NULL, count INTEGER NOT NULL) STRICT;
ALTER TABLE intents ADD COLUMN batch_id INTEGER;
ALTER TABLE intents ADD COLUMN batch_index INTEGER;
ALTER TABLE intents ADD COLUMN batch_most INTEGER;
CREATE INDEX intents_batch ON intents (batch_id) WHERE batch_id IS NOT NULL;`,
  4: 'ALTER TABLE items ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;',
};

/** The conditions of the partial indexes. SQLite takes such an index only where a query repeats its condition. */
export const OPEN = "state IN ('queued', 'dead')";
export const LIVE = "state IN ('planned', 'sending', 'unknown', 'parked')";

/**
 * items: each distinct (key, version, hash) that was taken in, with its state; `stale`: how often a write of it was made anew; `by_person`: 2 where
 * that person has changed it. keys: the latest item of each key.
 * intents: the exact bytes of each write, kept until its outcome is known. batches: those of a call for several records
 * under one idempotency key. deliveries: what the target holds of a key.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS items (
  id INTEGER PRIMARY KEY,
  flow TEXT NOT NULL, key TEXT NOT NULL, version TEXT NOT NULL, hash TEXT NOT NULL,
  payload TEXT, state TEXT NOT NULL, reason TEXT,
  edit_generation INTEGER NOT NULL DEFAULT 0, by_person INTEGER NOT NULL DEFAULT 0, lane TEXT NOT NULL DEFAULT 'live',
  found TEXT, not_before INTEGER NOT NULL DEFAULT 0, deferrals INTEGER NOT NULL DEFAULT 0, aged_ms INTEGER NOT NULL DEFAULT 0, stale INTEGER NOT NULL DEFAULT 0,
  taken_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
  UNIQUE (flow, key, version, hash)
) STRICT;
CREATE INDEX IF NOT EXISTS items_open ON items (flow, state) WHERE ${OPEN};
CREATE TABLE IF NOT EXISTS keys (
  flow TEXT NOT NULL, key TEXT NOT NULL, item_id INTEGER NOT NULL,
  PRIMARY KEY (flow, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS intents (
  id INTEGER PRIMARY KEY,
  item_id INTEGER NOT NULL REFERENCES items (id),
  flow TEXT NOT NULL, key TEXT NOT NULL, version TEXT NOT NULL, target TEXT NOT NULL,
  idempotency_key TEXT NOT NULL, operation TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, headers TEXT NOT NULL, body TEXT,
  hash TEXT NOT NULL, updates INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL, lane TEXT NOT NULL DEFAULT 'live',
  attempts INTEGER NOT NULL DEFAULT 0, deferrals INTEGER NOT NULL DEFAULT 0, aged_ms INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0, first_sent_at INTEGER, sent_at INTEGER, probes INTEGER NOT NULL DEFAULT 0, answered_at INTEGER, detail TEXT,
  batch_id INTEGER, batch_index INTEGER, batch_most INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS batches (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL, headers TEXT NOT NULL, body TEXT NOT NULL, count INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS intents_batch ON intents (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS intents_due ON intents (flow, target, not_before, id) WHERE state IN ('planned', 'unknown');
CREATE INDEX IF NOT EXISTS intents_live ON intents (flow, key) WHERE ${LIVE};
CREATE TABLE IF NOT EXISTS deliveries (
  flow TEXT NOT NULL, key TEXT NOT NULL, target TEXT NOT NULL,
  item_id INTEGER, remote_id TEXT, confirmed_hash TEXT, attempted_hash TEXT, confirmed_at INTEGER,
  PRIMARY KEY (flow, key, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS deliveries_remote ON deliveries (flow, target, remote_id) WHERE remote_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS reviews (
  id INTEGER PRIMARY KEY,
  item_id INTEGER NOT NULL REFERENCES items (id),
  flow TEXT NOT NULL, key TEXT NOT NULL, reason TEXT NOT NULL, rule TEXT NOT NULL, message TEXT NOT NULL,
  fingerprint TEXT NOT NULL, mapped TEXT, state TEXT NOT NULL DEFAULT 'open',
  opened_at INTEGER NOT NULL, closed_at INTEGER, resolution TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS reviews_open ON reviews (flow, id) WHERE state = 'open';
CREATE INDEX IF NOT EXISTS reviews_item ON reviews (item_id);
CREATE TABLE IF NOT EXISTS audit (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS passes (
  flow TEXT PRIMARY KEY, watermark INTEGER, first_done INTEGER NOT NULL DEFAULT 0,
  started_at INTEGER, since INTEGER, newest INTEGER, server INTEGER, done_at INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS backfills (
  id INTEGER PRIMARY KEY, flow TEXT NOT NULL, kind TEXT NOT NULL, key TEXT, since INTEGER NOT NULL,
  asked_by TEXT NOT NULL, asked_at INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', reason TEXT, ended_at INTEGER,
  started_at INTEGER, from_value INTEGER, newest INTEGER, server INTEGER,
  pages INTEGER NOT NULL DEFAULT 0, judged INTEGER NOT NULL DEFAULT 0, writes INTEGER NOT NULL DEFAULT 0, reviews INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS backfills_open ON backfills (flow) WHERE ended_at IS NULL;
CREATE TABLE IF NOT EXISTS tombstones (
  flow TEXT NOT NULL, digest TEXT NOT NULL, made_with TEXT NOT NULL, erased_at INTEGER NOT NULL, PRIMARY KEY (flow, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters (
  flow TEXT NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (flow, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pauses (
  name TEXT PRIMARY KEY, kind TEXT NOT NULL, until INTEGER, reason TEXT NOT NULL, fingerprint TEXT, since INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS tokens (
  system TEXT PRIMARY KEY, sealed TEXT NOT NULL, seed_hash TEXT NOT NULL, generation INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS usage (
  system TEXT NOT NULL, day INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (system, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`;
