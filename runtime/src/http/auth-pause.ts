import type { RunContext } from '../run-context.ts';
import type { CallGate } from './call-gate.ts';
import type { HealthWatch } from './system-health.ts';

/** Leaves a system alone that does not accept who we are, for longer each time: too many tries lock an account. */
export interface AuthPause {
  /** @param refusal.operation what was refused; absent where no call could be made at all @returns until when */
  pause(
    what: string,
    refusal: { readonly reason: string; readonly needsPerson: boolean; readonly operation?: string },
  ): number;
  /** A person says that the credentials are good again: nothing of the refusal delays or shortens the next try. */
  lift(): void;
  /** A person has lifted the pause, and nothing has been refused since. */
  readonly isLifted: boolean;
  /** A good answer. @returns false where other operations than the refused one may well be allowed, so that it proves nothing */
  reset(operation: string): boolean;
}

const SHORTEST_MS = 60_000;
const LONGEST_MS = 900_000;

export function createAuthPause(
  system: string,
  gate: CallGate,
  health: HealthWatch,
  { clock, log }: RunContext,
): AuthPause {
  let delayMs = SHORTEST_MS;
  let untilMs = 0;
  let refused: string | undefined;
  let isLifted = false;
  return {
    get isLifted() {
      return isLifted;
    },
    lift() {
      delayMs = SHORTEST_MS;
      untilMs = 0;
      isLifted = true;
    },
    pause(what, { reason, needsPerson, operation }) {
      const now = clock.now();
      refused = operation;
      isLifted = false;
      health.note(needsPerson ? 'auth' : 'failing', `${what}: ${reason}`, needsPerson);
      // Many calls may be refused at once; that is one refusal, and it is said once.
      if (untilMs > now) return untilMs;
      untilMs = now + delayMs;
      delayMs = Math.min(delayMs * 2, LONGEST_MS);
      gate.narrow();
      gate.pauseUntil(untilMs, what);
      log.error(`${what}, the system is paused`, { system, step: 'auth', outcome: reason });
      return untilMs;
    },
    reset(operation) {
      if (refused !== undefined && refused !== operation) return false;
      refused = undefined;
      isLifted = false;
      delayMs = SHORTEST_MS;
      return true;
    },
  };
}
