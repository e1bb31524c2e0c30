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

/** Turns of the event loop in which nothing may happen before the clock is taken to be idle. */
const QUIET_TURNS = 3;

export function createVirtualClock(startMs = Date.UTC(2026, 0, 5, 9)): VirtualClock {
  let nowMs = startMs;
  let order = 0;
  let working = 0;
  const timers = new Set<Timer>();

  const settle = async (): Promise<void> => {
    let quiet = 0;
    while (quiet < QUIET_TURNS) {
      const before = order + working;
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      quiet = working === 0 && order + working === before ? quiet + 1 : 0;
    }
  };
  const next = (): Timer | undefined =>
    [...timers].toSorted((left, right) => left.at - right.at || left.order - right.order)[0];
  const fire = (timer: Timer): void => {
    nowMs = Math.max(nowMs, timer.at);
    timers.delete(timer);
    timer.fire();
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
        const finish = (): void => {
          timers.delete(timer);
          signal?.removeEventListener('abort', finish);
          order += 1;
          resolve();
        };
        const timer: Timer = { at: nowMs + delayMs, order, fire: finish };
        timers.add(timer);
        signal?.addEventListener('abort', finish, { once: true });
      }),
    async busy(work) {
      working += 1;
      try {
        return await work;
      } finally {
        working -= 1;
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
        fire(timer);
      }
    },
    async advance(byMs) {
      const untilMs = nowMs + byMs;
      for (;;) {
        await settle();
        const timer = next();
        if (timer === undefined || timer.at > untilMs) break;
        fire(timer);
      }
      nowMs = untilMs;
      await settle();
    },
  };
}
