import type { Clock } from '../clock.ts';
import { createRateWindow } from './rate-window.ts';
import type { RateWindow } from './rate-window.ts';

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

export type Admission = { readonly kind: 'go'; readonly release: () => void } | { readonly kind: 'later'; readonly untilMs: number };

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

const DEFAULT_CONCURRENCY = 10;
const DAY_MS = 86_400_000;

export function createCallGate(limits: LimitOptions, clock: Clock, quota: DailyQuota): CallGate {
  const main = limits.rate === undefined ? undefined : createRateWindow(limits.rate.count, limits.rate.perMs);
  const pools = (limits.pools ?? []).map((pool) => ({ fits: compilePattern(pool.for), window: createRateWindow(pool.count, pool.perMs) }));
  const concurrency = limits.concurrency ?? DEFAULT_CONCURRENCY;
  const waiting: (() => void)[] = [];
  let inside = 0;
  let pausedUntilMs = 0;

  const release = (): void => {
    inside -= 1;
    waiting.shift()?.();
  };
  const nextAt = (windows: readonly RateWindow[]): number => {
    const now = clock.now();
    const full = limits.daily !== undefined && quota.used(now) >= limits.daily;
    const day = full ? (Math.floor(now / DAY_MS) + 1) * DAY_MS : now;
    return Math.max(day, pausedUntilMs, ...windows.map((window) => window.nextAt(now)));
  };
  return {
    async enter(operation, maxWaitMs, signal) {
      const windows = [...(main === undefined ? [] : [main]), ...pools.filter((pool) => pool.fits(operation)).map((pool) => pool.window)];
      const deadline = clock.now() + maxWaitMs;
      for (;;) {
        if (inside >= concurrency) {
          await new Promise<void>((resolve) => waiting.push(resolve));
          continue;
        }
        const now = clock.now();
        const at = nextAt(windows);
        if (at <= now) break;
        if (at > deadline || signal.aborted) {
          // This call gives up its turn, so the next in line must get it.
          waiting.shift()?.();
          return { kind: 'later', untilMs: at };
        }
        await clock.sleep(at - now, signal);
        if (signal.aborted) {
          waiting.shift()?.();
          return { kind: 'later', untilMs: at };
        }
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
