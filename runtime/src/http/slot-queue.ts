import type { Clock } from '../clock.ts';

/** Calls that wait until another one leaves. Under load each call passes here, so none has a timer of its own. */
export interface SlotQueue {
  /** Resolves when it is woken, when `untilMs` has passed (by up to a second), or when the signal is aborted. */
  wait(untilMs: number, signal: AbortSignal): Promise<void>;
  wakeFirst(): void;
}

interface Waiter {
  readonly untilMs: number;
  readonly wake: () => void;
}

const LOOK_MS = 1000;

export function createSlotQueue(clock: Clock): SlotQueue {
  let waiting: Waiter[] = [];
  let watch = new AbortController();

  const wakeLate = async (signal: AbortSignal): Promise<void> => {
    const emptied = new AbortController();
    watch = emptied;
    const either = AbortSignal.any([signal, emptied.signal]);
    while (!emptied.signal.aborted) {
      const firstMs = waiting.reduce(
        (least, { untilMs }) => Math.min(least, untilMs),
        Number.POSITIVE_INFINITY,
      );
      await clock.sleep(Math.min(firstMs - clock.now(), LOOK_MS), either);
      const now = clock.now();
      const late = waiting.filter(({ untilMs }) => signal.aborted || untilMs <= now);
      waiting = waiting.filter((waiter) => !late.includes(waiter));
      for (const { wake } of late) wake();
      if (waiting.length === 0) emptied.abort();
    }
  };
  return {
    wait: (untilMs, signal) =>
      new Promise((wake) => {
        waiting.push({ untilMs, wake });
        if (waiting.length === 1) void wakeLate(signal);
      }),
    wakeFirst() {
      waiting.shift()?.wake();
      // Nobody waits, so no timer may keep the process alive.
      if (waiting.length === 0) watch.abort();
    },
  };
}
