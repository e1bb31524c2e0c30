import type { Clock } from '../clock.ts';

/** Lets a loop sleep until there is work, or until a time has passed. */
export interface Wakeup {
  wake(): void;
  wait(atMostMs: number): Promise<void>;
}

export function createWakeup(clock: Clock, signal: AbortSignal): Wakeup {
  let pending = false;
  let rouse: AbortController | undefined;
  return {
    wake() {
      pending = true;
      rouse?.abort();
    },
    async wait(atMostMs) {
      if (!pending) {
        rouse = new AbortController();
        await clock.sleep(atMostMs, AbortSignal.any([signal, rouse.signal]));
        rouse = undefined;
      }
      pending = false;
    },
  };
}
