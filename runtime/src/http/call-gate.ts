import type { Clock } from '../clock.ts';
import type { Lane } from './lane.ts';
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
  /** Calls in a UTC day. */
  readonly daily?: number | undefined;
  /** So many of them no backfill takes. */
  readonly reserve?: number | undefined;
  /** Further rates for some operations; `for` is a pattern with `*` over `METHOD /path`. */
  readonly pools?: readonly (RateLimit & { readonly for: string })[] | undefined;
}

export type Admission =
  | { readonly kind: 'go'; readonly release: () => void }
  | { readonly kind: 'later'; readonly untilMs: number };

/** The one door through which every call of a system goes: pauses, rates, the daily quota, concurrency. */
export interface CallGate {
  /** Waits for its turn, at most `maxWaitMs`; beyond that it says when. */
  enter(operation: string, maxWaitMs: number, signal: AbortSignal, lane?: Lane): Promise<Admission>;
  /** No call before this moment, whoever asks. `reason` is for people: a status or a class of failure. */
  pauseUntil(untilMs: number, reason?: string): void;
  /** A person lifts a pause. */
  resume(): void;
  /** Called each time a person lifts a pause, before the first call goes. */
  onResume(work: () => void): void;
  readonly pausedUntilMs: number;
  /** Calls that may be under way at the same time just now. */
  readonly allowed: number;
  /** One call at a time, to see whether the system is back. */
  narrow(): void;
  /** An answer was good: twice as many calls may be under way as before, up to the limit. */
  widen(): void;
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
  const windowsOf = createWindowFinder(main, pools);
  let allowed = concurrency;
  let inside = 0;
  let pausedUntilMs = 0;
  const onResume: (() => void)[] = [];

  const nextAt = (windows: readonly RateWindow[], now: number, lane: Lane): number => {
    const kept = lane === 'backfill' ? (limits.reserve ?? 0) : 0;
    const full = limits.daily !== undefined && quota.used(now) >= limits.daily - kept;
    const day = full ? (Math.floor(now / DAY_MS) + 1) * DAY_MS : now;
    let at = Math.max(day, pausedUntilMs);
    for (const window of windows) at = Math.max(at, window.nextAt(now));
    return at;
  };
  const queue = createSlotQueue({
    clock,
    hasRoom: () => inside < allowed,
    nextAt,
    admit(windows, now) {
      inside += 1;
      for (const window of windows) window.take(now);
      quota.add(now);
    },
  });
  const admission: Admission = {
    kind: 'go',
    release() {
      inside -= 1;
      queue.pump();
    },
  };
  return {
    async enter(operation, maxWaitMs, signal, lane = 'live') {
      const windows = windowsOf(operation);
      const turn = await queue.wait({ windows, lane, deadlineMs: clock.now() + maxWaitMs, signal });
      if (turn === 'go') return admission;
      const now = clock.now();
      const at = nextAt(windows, now, lane);
      return { kind: 'later', untilMs: at > now || signal.aborted ? at : now + BUSY_MS };
    },
    pauseUntil(untilMs) {
      pausedUntilMs = Math.max(pausedUntilMs, untilMs);
      queue.pump();
    },
    onResume(work) {
      onResume.push(work);
    },
    resume() {
      pausedUntilMs = 0;
      for (const work of onResume) work();
      queue.pump();
    },
    get pausedUntilMs() {
      return pausedUntilMs;
    },
    get allowed() {
      return allowed;
    },
    narrow() {
      allowed = 1;
    },
    widen() {
      if (allowed === concurrency) return;
      allowed = Math.min(concurrency, allowed * 2);
      queue.pump();
    },
  };
}

/** The windows of an operation, found once: operations are few and calls are many. */
function createWindowFinder(
  main: RateWindow | undefined,
  pools: readonly { readonly fits: (operation: string) => boolean; readonly window: RateWindow }[],
): (operation: string) => readonly RateWindow[] {
  const known = new Map<string, readonly RateWindow[]>();
  return (operation) => {
    const found = known.get(operation);
    if (found !== undefined) return found;
    const fitting = pools.filter((pool) => pool.fits(operation)).map((pool) => pool.window);
    const windows = main === undefined ? fitting : [main, ...fitting];
    known.set(operation, windows);
    return windows;
  };
}

function compilePattern(pattern: string): (operation: string) => boolean {
  const source = pattern.split('*').map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, String.raw`\$&`));
  const expression = new RegExp(`^${source.join('.*')}$`, 'i');
  return (operation) => expression.test(operation);
}
