import { MAYBE } from './marks.ts';
import { dropBatch } from './sqlite-batches.ts';
import { forgetContent, settleIntent } from './sqlite-delivery.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import type { ClaimedIntent, Settlement } from './store.ts';

/** The reason of an item that waits for its next target. */
export const GOES_ON = 'goes on to the next target';

/** Writes down that the target took these. One statement a table for all that are confirmed in the same turn. */
export interface Confirmer {
  /** Resolves once the confirmation is on the disk. */
  confirm(intent: ClaimedIntent, confirmed: Confirmed, nowMs: number): Promise<void>;
}

type Confirmed = Extract<Settlement, { readonly kind: 'confirmed' }>;

interface Confirmation {
  readonly intent: ClaimedIntent;
  readonly confirmed: Confirmed;
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
    confirm(intent, confirmed, nowMs) {
      open ??= begin();
      open.group.push({ intent, confirmed, nowMs });
      return open.done;
    },
  };
}

const IS_LATEST =
  'EXISTS (SELECT 1 FROM keys k WHERE k.flow = items.flow AND k.key = items.key AND k.item_id = items.id)';

/** Inside a transaction. */
function confirmIntents(db: SqliteDatabase, group: readonly Confirmation[]): void {
  const nowMs = Math.max(...group.map((entry) => entry.nowMs));
  const ids = JSON.stringify(group.map(({ intent }) => intent.id));
  const listItems = (more: boolean): string =>
    JSON.stringify(
      group.filter(({ confirmed }) => goesOn(confirmed) === more).map(({ intent }) => intent.itemId),
    );
  const remoteIds = JSON.stringify(
    Object.fromEntries(group.map(({ intent, confirmed }) => [intent.id, confirmed.remoteId ?? null])),
  );
  db.run(
    "UPDATE intents SET state = 'confirmed', body = NULL, answered_at = ?, detail = NULL WHERE id IN (SELECT value FROM json_each(?))",
    nowMs,
    ids,
  );
  db.run(
    "UPDATE items SET state = 'delivered', reason = NULL, changed_at = ?, payload = NULL, found = NULL WHERE id IN (SELECT value FROM json_each(?))",
    nowMs,
    listItems(false),
  );
  if (group.some(({ confirmed }) => goesOn(confirmed)))
    db.run(
      `UPDATE items SET state = iif(${IS_LATEST}, 'queued', 'superseded'), payload = iif(${IS_LATEST}, payload, NULL),
       reason = iif(${IS_LATEST}, ?, 'a newer version came'), not_before = 0, deferrals = 0, aged_ms = 0, stale = 0, changed_at = ? WHERE id IN (SELECT value FROM json_each(?))`,
      group.some(({ confirmed }) => confirmed.changesNext === true)
        ? 'what it found is changed next'
        : GOES_ON,
      nowMs,
      listItems(true),
    );
  db.run(
    `INSERT INTO deliveries (flow, key, target, item_id, remote_id, confirmed_hash, attempted_hash, confirmed_at)
     SELECT n.flow, n.key, n.target, n.item_id, c.value, n.hash, n.hash, ? FROM json_each(?) c JOIN intents n ON n.id = CAST(c.key AS INTEGER) WHERE true
     ON CONFLICT (flow, key, target) DO UPDATE SET item_id = excluded.item_id, remote_id = COALESCE(excluded.remote_id, remote_id),
     confirmed_hash = excluded.confirmed_hash, attempted_hash = excluded.attempted_hash, confirmed_at = excluded.confirmed_at`,
    nowMs,
    remoteIds,
  );
  for (const { intent, confirmed } of group) {
    // What goes out behind one that may have been applied counts as put off before: see `keepAge`.
    if (intent.deferrals > 0) forgetMaybe(db, intent);
    if (confirmed.adopted === true) forgetContent(db, intent);
    if (confirmed.changesNext === true) reopen(db, intent);
    dropBatch(db, intent);
  }
}

function goesOn({ more, changesNext }: Confirmed): boolean {
  return more === true || changesNext === true;
}

/** What may have been applied before is what was confirmed now. */
export function forgetMaybe(db: SqliteDatabase, { flow, key }: Pick<ClaimedIntent, 'flow' | 'key'>): void {
  db.run('DELETE FROM deliveries WHERE flow = ? AND key = ? AND target = ?', flow, key, MAYBE);
}

/** The object is the record's, and does not hold this version of it yet. */
function reopen(db: SqliteDatabase, { flow, key, target }: ClaimedIntent): void {
  db.run('UPDATE deliveries SET item_id = NULL WHERE flow = ? AND key = ? AND target = ?', flow, key, target);
}

/** Two records must not share one object: checked where it is written down, so that no other write comes in between. */
export function adoptObject(
  db: SqliteDatabase,
  intent: ClaimedIntent,
  confirmed: Confirmed,
  nowMs: number,
): void {
  const linked = db.get(
    'SELECT 1 AS one FROM deliveries WHERE flow = ? AND target = ? AND remote_id = ? AND key <> ? LIMIT 1',
    intent.flow,
    intent.target,
    confirmed.remoteId ?? null,
    intent.key,
  );
  if (linked === undefined || confirmed.ifLinked === undefined)
    confirmIntents(db, [{ intent, confirmed, nowMs }]);
  else
    settleIntent(
      db,
      intent,
      { kind: 'refused', review: confirmed.ifLinked, unresolved: intent.wasUnknown },
      nowMs,
    );
}
