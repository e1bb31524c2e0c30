import type { Clock } from '../clock.ts';
import { createRateWindow } from './rate-window.ts';
import type { RateWindow } from './rate-window.ts';
import { createSlotQueue } from './slot-queue.ts';

export interface RateLimit {
  readonly count: number;
  readonly perMs: number;
}

export interface LimitOptions {
  readonly rate?: RateLimit | undefined;
  readonly concurrency?: number | undefined;
  readonly daily?: number | undefined;
  /** Further rates for some operations; `for` is a pattern with `*` over `METHOD /path`. */
  readonly pools?: readonly (RateLimit & { readonly for: string })[] | undefined;
}

export type Admission =
  | { readonly kind: 'go'; readonly release: () => void }
  | { readonly kind: 'later'; readonly untilMs: number };

/** The one door through which every call of a system goes: pauses, rates, the daily quota, concurrency. */
export interface CallGate {
  /** Waits for its turn, at most `maxWaitMs`; beyond that it says when. */
  enter(operation: string, maxWaitMs: number, signal: AbortSignal): Promise<Admission>;
  /** No call before this moment, whoever asks. */
  pauseUntil(untilMs: number): void;
  readonly pausedUntilMs: number;
}

export interface DailyQuota {
  /** Calls made in the UTC day of `nowMs`. */
  used(nowMs: number): number;
  add(nowMs: number): void;
}

export const DEFAULT_CONCURRENCY = 10;
const DAY_MS = 86_400_000;
/** Where all places are taken for longer than a call may wait, it asks again after this long. */
const BUSY_MS = 1000;

export function createCallGate(limits: LimitOptions, clock: Clock, quota: DailyQuota): CallGate {
  const main = limits.rate === undefined ? undefined : createRateWindow(limits.rate.count, limits.rate.perMs);
  const pools = (limits.pools ?? []).map((pool) => ({
    fits: compilePattern(pool.for),
    window: createRateWindow(pool.count, pool.perMs),
  }));
  const concurrency = limits.concurrency ?? DEFAULT_CONCURRENCY;
  const queue = createSlotQueue(clock);
  let inside = 0;
  let pausedUntilMs = 0;

  const release = (): void => {
    inside -= 1;
    queue.wakeFirst();
  };
  const nextAt = (windows: readonly RateWindow[]): number => {
    const now = clock.now();
    const full = limits.daily !== undefined && quota.used(now) >= limits.daily;
    const day = full ? (Math.floor(now / DAY_MS) + 1) * DAY_MS : now;
    return Math.max(day, pausedUntilMs, ...windows.map((window) => window.nextAt(now)));
  };
  const giveUp = (untilMs: number): Admission => {
    // This call may have been handed a turn that it does not take, so the next in line must get it.
    if (inside < concurrency) queue.wakeFirst();
    return { kind: 'later', untilMs };
  };
  return {
    async enter(operation, maxWaitMs, signal) {
      const windows = [
        ...(main === undefined ? [] : [main]),
        ...pools.filter((pool) => pool.fits(operation)).map((pool) => pool.window),
      ];
      const deadline = clock.now() + maxWaitMs;
      for (;;) {
        const now = clock.now();
        const at = nextAt(windows);
        if (signal.aborted || at > deadline) return giveUp(at);
        if (inside >= concurrency) {
          if (now >= deadline) return giveUp(now + BUSY_MS);
          await queue.wait(deadline, signal);
        } else if (at > now) await clock.sleep(at - now, signal);
        else break;
      }
      inside += 1;
      const now = clock.now();
      for (const window of windows) window.take(now);
      quota.add(now);
      return { kind: 'go', release };
    },
    pauseUntil(untilMs) {
      pausedUntilMs = Math.max(pausedUntilMs, untilMs);
    },
    get pausedUntilMs() {
      return pausedUntilMs;
    },
  };
}

function compilePattern(pattern: string): (operation: string) => boolean {
  const source = pattern.split('*').map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, String.raw`\$&`));
  const expression = new RegExp(`^${source.join('.*')}$`, 'i');
  return (operation) => expression.test(operation);
}
