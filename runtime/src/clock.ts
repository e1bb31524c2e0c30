/** Time as the service sees it: milliseconds since 1970, UTC. Tests bring their own. */
export interface Clock {
  now(): number;
  /** Resolves after `delayMs`, or at once when the signal is aborted. Never rejects. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (delayMs, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true || delayMs <= 0) {
        resolve();
        return;
      }
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, Math.min(delayMs, LONGEST_TIMER_MS));
      signal?.addEventListener('abort', finish, { once: true });
    }),
};

/** Random numbers in [0, 1): for jitter only, never for secrets. */
export type Random = () => number;
