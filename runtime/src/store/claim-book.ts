import type { SqliteDatabase } from './sqlite-database.ts';
import type { ClaimedIntent, ClaimFor, PlannedIntent } from './store.ts';

/** The writes of one page that are claimed as they are planned: nothing of them is written twice, or read back. */
export interface ClaimBook {
  takes(target: string): boolean;
  /** @param id of the intent, which stands in the store as being sent */
  note(id: number, intent: PlannedIntent, of: ClaimedRecord): void;
  readonly nowMs: number;
  readonly claimed: readonly ClaimedIntent[];
}

interface ClaimedRecord {
  readonly itemId: number;
  readonly flow: string;
  readonly key: string;
  readonly version: string;
}

/** Nothing goes before what is due already. Inside a transaction. */
export function createClaimBook(
  db: SqliteDatabase,
  flow: string,
  claimFor: ClaimFor,
  nowMs: number,
): ClaimBook {
  const known = new Map<string, boolean>();
  const claimed: ClaimedIntent[] = [];
  return {
    takes(target) {
      const answer = known.get(target) ?? (claimFor(target) && !isAnyDue(db, flow, target, nowMs));
      known.set(target, answer);
      return answer;
    },
    note: (id, intent, of) => void claimed.push(firstClaim(id, intent, of, nowMs)),
    nowMs,
    claimed,
  };
}

/** A write that goes out for the first time. */
export function firstClaim(
  id: number,
  intent: PlannedIntent,
  of: ClaimedRecord,
  nowMs: number,
): ClaimedIntent {
  return {
    ...intent,
    ...of,
    id,
    wasUnknown: false,
    lane: 'live',
    attempts: 1,
    deferrals: 0,
    agedMs: 0,
    firstSentAtMs: nowMs,
    sentAtMs: undefined,
    probes: 0,
  };
}

/** Whether a write waits that may go out now. */
export function isAnyDue(db: SqliteDatabase, flow: string, target: string, nowMs: number): boolean {
  const due = db.get(
    "SELECT 1 AS one FROM intents WHERE flow = ? AND target = ? AND state IN ('planned', 'unknown') AND not_before <= ? LIMIT 1",
    flow,
    target,
    nowMs,
  );
  return due !== undefined;
}
