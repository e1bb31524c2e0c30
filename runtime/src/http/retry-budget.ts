/**
 * Bounds what retries add to the load of a system that fails for many: a bucket that each retry draws from and each
 * success refills (the figures are those of the AWS SDKs' standard mode, botocore's retry documentation).
 */
export interface RetryBudget {
  /** @returns false where the budget is spent: the call goes back to the store instead */
  draw(isThrottle: boolean): boolean;
  noteSuccess(): void;
}

const CAPACITY = 500;
const TRANSIENT_COST = 14;
const THROTTLE_COST = 5;
const REFILL = 1.5;

export function createRetryBudget(): RetryBudget {
  let left = CAPACITY;
  return {
    draw(isThrottle) {
      const cost = isThrottle ? THROTTLE_COST : TRANSIENT_COST;
      if (left < cost) return false;
      left -= cost;
      return true;
    },
    noteSuccess() {
      left = Math.min(CAPACITY, left + REFILL);
    },
  };
}
