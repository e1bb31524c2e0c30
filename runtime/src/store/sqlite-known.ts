import type { Row, SqliteDatabase } from './sqlite-database.ts';
import { LIVE } from './sqlite-schema.ts';
import type { ItemState, KnownKey } from './store.ts';

/** What is known of a key whose latest item this is. */
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
