import { systemClock } from '../../../runtime/src/clock.ts';
import { firstClaim } from '../../../runtime/src/store/claim-book.ts';
import { createSqliteStore } from '../../../runtime/src/store/sqlite-store.ts';
import type { ClaimedIntent, Store } from '../../../runtime/src/store/store.ts';

/**
 * A store that costs nothing and keeps nothing, for one figure: what the engine could reach at best, whatever its store.
 * Each page is judged and claimed as the real one does it, and settled by forgetting it.
 */
export function createFreeStore(): Store {
  const waiting: ClaimedIntent[] = [];
  let ids = 0;
  return {
    ...createSqliteStore(':memory:', systemClock),
    async takeIn(flow, records, _pass, judge, claimFor) {
      // As long as a turn of the event loop, for no page is durable sooner.
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      const nowMs = systemClock.now();
      const planned = records.flatMap((record): ClaimedIntent[] => {
        const { intent } = judge(record, { latest: undefined, unresolved: false, delivered: [] });
        if (intent === undefined) return [];
        ids += 1;
        return [
          firstClaim(ids, intent, { itemId: ids, flow, key: record.key, version: record.version }, nowMs),
        ];
      });
      const [first] = planned;
      const isClaimed = first !== undefined && claimFor?.(first.target) === true;
      if (!isClaimed) waiting.push(...planned);
      return {
        taken: records.length,
        rereads: 0,
        states: new Map([['waiting', records.length]]),
        reviews: new Map(),
        claimed: isClaimed ? planned : [],
      };
    },
    claimIntents: (_flow, _target, _nowMs, limit) => Promise.resolve(waiting.splice(0, limit)),
    settle: () => Promise.resolve(),
    nextDueMs: () => Promise.resolve(waiting.length > 0 ? 0 : undefined),
    countLive: () => Promise.resolve(waiting.length),
  };
}
