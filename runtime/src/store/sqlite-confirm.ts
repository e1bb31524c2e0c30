import type { SqliteDatabase } from './sqlite-database.ts';
import type { ClaimedIntent } from './store.ts';

/** Writes down that the target took these. One statement a table for all that are confirmed in the same turn. */
export interface Confirmer {
  /** Resolves once the confirmation is on the disk. */
  confirm(intent: ClaimedIntent, remoteId: string | undefined, nowMs: number): Promise<void>;
}

interface Confirmation {
  readonly intent: ClaimedIntent;
  readonly remoteId: string | undefined;
  readonly nowMs: number;
}

export function createConfirmer(db: SqliteDatabase): Confirmer {
  let open: { readonly group: Confirmation[]; readonly done: Promise<void> } | undefined;
  const begin = (): NonNullable<typeof open> => {
    const group: Confirmation[] = [];
    const done = db.write(() => {
      open = undefined;
      confirmIntents(db, group);
    });
    return { group, done };
  };
  return {
    confirm(intent, remoteId, nowMs) {
      open ??= begin();
      open.group.push({ intent, remoteId, nowMs });
      return open.done;
    },
  };
}

/** Inside a transaction. */
function confirmIntents(db: SqliteDatabase, group: readonly Confirmation[]): void {
  const nowMs = Math.max(...group.map((entry) => entry.nowMs));
  const ids = JSON.stringify(group.map(({ intent }) => intent.id));
  const itemIds = JSON.stringify(group.map(({ intent }) => intent.itemId));
  const remoteIds = JSON.stringify(
    Object.fromEntries(group.map(({ intent, remoteId }) => [intent.id, remoteId ?? null])),
  );
  db.run(
    "UPDATE intents SET state = 'confirmed', body = NULL, answered_at = ?, detail = NULL WHERE id IN (SELECT value FROM json_each(?))",
    nowMs,
    ids,
  );
  db.run(
    "UPDATE items SET state = 'delivered', reason = NULL, changed_at = ?, payload = NULL WHERE id IN (SELECT value FROM json_each(?))",
    nowMs,
    itemIds,
  );
  db.run(
    `UPDATE deliveries SET target = n.target, remote_id = COALESCE(c.value, remote_id), confirmed_hash = n.hash, confirmed_at = ?
     FROM json_each(?) c JOIN intents n ON n.id = CAST(c.key AS INTEGER) WHERE deliveries.flow = n.flow AND deliveries.key = n.key`,
    nowMs,
    remoteIds,
  );
}
