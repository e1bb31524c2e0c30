/** At most `count` calls in any span of `perMs`: a sliding window, because vendors count that way. */
export interface RateWindow {
  /** The first moment at which a call may go out; `nowMs` where it may go at once. */
  nextAt(nowMs: number): number;
  take(nowMs: number): void;
}

export function createRateWindow(count: number, perMs: number): RateWindow {
  // A ring of the last `count` departures.
  const times = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  let oldest = 0;
  return {
    nextAt(nowMs) {
      const newest = (oldest + count - 1) % count;
      // A clock that was set back: what is to come by it was now at the latest.
      if ((times[newest] ?? 0) > nowMs)
        for (let index = 0; index < count; index += 1) times[index] = Math.min(times[index] ?? 0, nowMs);
      return Math.max(nowMs, (times[oldest] ?? 0) + perMs);
    },
    take(nowMs) {
      times[oldest] = nowMs;
      oldest = (oldest + 1) % count;
    },
  };
}
