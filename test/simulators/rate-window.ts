export interface RateWindow {
  /** 0 when the call fits and is counted; else how many milliseconds until one would fit. */
  take(): number;
  remaining(): number;
}

/** Sliding window: never more than `limit` calls within any `perMs`. */
export function createRateWindow(limit: number, perMs: number, now: () => number): RateWindow {
  const taken: number[] = [];
  const forget = (at: number): void => {
    while ((taken[0] ?? at) <= at - perMs) taken.shift();
  };
  return {
    take() {
      const at = now();
      forget(at);
      const oldest = taken[taken.length - limit];
      if (taken.length >= limit) return Math.max(1, (oldest ?? at) + perMs - at);
      taken.push(at);
      return 0;
    },
    remaining() {
      forget(now());
      return Math.max(0, limit - taken.length);
    },
  };
}
