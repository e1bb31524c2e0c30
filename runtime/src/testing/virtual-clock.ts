import type { Clock } from '../clock.ts';

/** Time that stands still while there is work and jumps to the next timer when there is none. */
export interface VirtualClock extends Clock {
  /** Marks work that is under way outside of timers, such as a call of the in-memory transport. */
  busy<T>(work: Promise<T>): Promise<T>;
  /** Lets time pass until the promise is settled. @throws Error where it waits for something that no timer will bring */
  drive<T>(promise: Promise<T>): Promise<T>;
  /** Lets time pass for so long. */
  advance(byMs: number): Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

export function createVirtualClock(startMs = Date.UTC(2026, 0, 5, 9)): VirtualClock {
  let nowMs = startMs;
  let order = 0;
  let working = 0;
  /** Whatever begins or ends is counted, so that a turn of the event loop in which nothing did is known. */
  let changes = 0;
  const timers = new Set<Timer>();

  const settle = async (): Promise<void> => {
    for (;;) {
      const before = changes;
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      if (working === 0 && changes === before) return;
    }
  };
  const next = (): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers)
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
        first = timer;
    return first;
  };
  /** Fires a timer and, where all that follows is done without a turn of the event loop, those of the same moment. */
  const fire = async (first: Timer): Promise<void> => {
    nowMs = Math.max(nowMs, first.at);
    for (let timer: Timer | undefined = first; timer?.at === first.at; timer = next()) {
      timers.delete(timer);
      timer.fire();
      // Ticks come after every promise that is settled by now.
      await new Promise<void>((resolve) => {
        process.nextTick(resolve);
      });
      if (working > 0) return;
    }
  };
  return {
    now: () => nowMs,
    sleep: (delayMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true || delayMs <= 0) {
          resolve();
          return;
        }
        order += 1;
        changes += 1;
        const finish = (): void => {
          timers.delete(timer);
          signal?.removeEventListener('abort', finish);
          changes += 1;
          resolve();
        };
        const timer: Timer = { at: nowMs + delayMs, order, fire: finish };
        timers.add(timer);
        signal?.addEventListener('abort', finish, { once: true });
      }),
    async busy(work) {
      working += 1;
      changes += 1;
      try {
        return await work;
      } finally {
        working -= 1;
        changes += 1;
      }
    },
    async drive(promise) {
      let settled = false;
      const end = promise.finally(() => {
        settled = true;
      });
      end.catch(() => undefined);
      for (;;) {
        await settle();
        if (settled) return end;
        const timer = next();
        if (timer === undefined) throw new Error('Everything waits, and no timer is set.');
        await fire(timer);
      }
    },
    async advance(byMs) {
      const untilMs = nowMs + byMs;
      for (;;) {
        await settle();
        const timer = next();
        if (timer === undefined || timer.at > untilMs) break;
        await fire(timer);
      }
      nowMs = untilMs;
      await settle();
    },
  };
}
