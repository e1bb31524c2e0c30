import type { Clock } from '../clock.ts';

/** Lets a loop sleep until there is work, or until a time has passed. */
export interface Wakeup {
  wake(): void;
  wait(atMostMs: number): Promise<void>;
}

/** A reason of its own: making the standard one costs more than the sleep. */
const ROUSED = Symbol('there is work');

export function createWakeup(clock: Clock, signal: AbortSignal): Wakeup {
  let pending = false;
  let rouse: AbortController | undefined;
  signal.addEventListener('abort', () => rouse?.abort(ROUSED), { once: true });
  return {
    wake() {
      pending = true;
      rouse?.abort(ROUSED);
    },
    async wait(atMostMs) {
      if (!pending && !signal.aborted) {
        rouse = new AbortController();
        await clock.sleep(atMostMs, rouse.signal);
        rouse = undefined;
      }
      pending = false;
    },
  };
}
