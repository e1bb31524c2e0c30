import type { RunContext } from '../run-context.ts';
import type { ClaimedIntent, Settlement } from '../store/store.ts';

/** Settlements that become durable together, because each commit waits for the disk. */
export interface SettlementGroup {
  /** Resolves once the settlement is durable. */
  settle(intent: ClaimedIntent, settlement: Settlement): Promise<void>;
  /** Hands over what waits now, so that it shares the transaction of whatever is written in the same turn. */
  flush(): void;
}

/** A crash in between leaves these as unknown, and they are resolved by their tier: the same as a crash before the answer. */
const MOST = 256;

export function createSettlementGroup({ store, clock }: RunContext, longestWaitMs: number): SettlementGroup {
  let waiting: (() => void)[] = [];
  const flush = (): void => {
    const group = waiting;
    waiting = [];
    for (const hand of group) hand();
  };
  const flushLater = async (): Promise<void> => {
    const group = waiting;
    await clock.sleep(longestWaitMs);
    if (group === waiting) flush();
  };
  return {
    settle: (intent, settlement) =>
      new Promise((resolve) => {
        const nowMs = clock.now();
        waiting.push(() => resolve(store.settle(intent, settlement, nowMs)));
        if (waiting.length >= MOST) flush();
        else if (waiting.length === 1) void flushLater();
      }),
    flush,
  };
}
