import type { RunContext } from '../run-context.ts';
import type { CallGate } from './call-gate.ts';

/** Leaves a system alone that does not accept who we are, for longer each time: too many tries lock an account. */
export interface AuthPause {
  /** @returns until when */
  pause(what: string, reason: string): number;
  reset(): void;
}

const SHORTEST_MS = 60_000;
const LONGEST_MS = 900_000;

export function createAuthPause(system: string, gate: CallGate, { clock, log }: RunContext): AuthPause {
  let delayMs = SHORTEST_MS;
  let untilMs = 0;
  return {
    pause(what, reason) {
      const now = clock.now();
      // Many calls may be refused at once; that is one refusal, and it is said once.
      if (untilMs > now) return untilMs;
      untilMs = now + delayMs;
      delayMs = Math.min(delayMs * 2, LONGEST_MS);
      gate.pauseUntil(untilMs);
      log.error(`${what}, the system is paused`, { system, step: 'auth', outcome: reason });
      return untilMs;
    },
    reset() {
      delayMs = SHORTEST_MS;
    },
  };
}
