import type { Clock } from '../clock.ts';
import type { CallRole } from './decide-call.ts';

/** How a system has answered of late. `unknown`: it has not been called since the start, so nothing is known to be over. */
export type HealthState = 'unknown' | 'well' | 'failing' | 'waiting' | 'auth';

export interface SystemHealth {
  readonly state: HealthState;
  /** Since when it has not been well without a break, or since when it is well. */
  readonly sinceMs: number;
  /** Why it is not well: a status or a class of failure. */
  readonly reason: string;
  /** It does not get well by itself: credentials were refused for good. */
  readonly needsPerson: boolean;
  /** By operation: one may fail for a day while others of the same system are answered. */
  readonly operations?: ReadonlyMap<string, OperationHealth>;
}

export interface OperationHealth {
  readonly role: CallRole;
  /** Since when each call of it has failed; undefined where the last one was answered. */
  readonly failsSinceMs: number | undefined;
  /** When it last did. */
  readonly lastFailedMs: number;
  readonly reason: string;
  /** It has been answered since the start, so that nothing of before lasts. */
  readonly wasWell: boolean;
}

export interface HealthWatch {
  readonly health: SystemHealth;
  note(state: Exclude<HealthState, 'unknown'>, reason: string, needsPerson?: boolean): void;
  /** @param failure undefined where the call was answered, whatever that says of the record */
  noteCall(operation: string, role: CallRole, failure: string | undefined): void;
}

export function createHealthWatch(clock: Clock): HealthWatch {
  const operations = new Map<string, OperationHealth>();
  let health: SystemHealth = {
    state: 'unknown',
    sinceMs: clock.now(),
    reason: '',
    needsPerson: false,
    operations,
  };
  return {
    get health() {
      return health;
    },
    note(state, reason, needsPerson = false) {
      const isWell = (one: HealthState): boolean => one === 'well' || one === 'unknown';
      const goesOn = health.state !== 'unknown' && isWell(state) === isWell(health.state);
      // A refusal says more than the waiting that follows from it.
      if (health.state === 'auth' && state === 'waiting') return;
      if (goesOn && state === health.state && needsPerson === health.needsPerson) return;
      health = { state, sinceMs: goesOn ? health.sinceMs : clock.now(), reason, needsPerson, operations };
    },
    noteCall(operation, role, failure) {
      const before = operations.get(operation);
      if (failure === undefined) {
        if (before?.wasWell === true && before.failsSinceMs === undefined) return;
        operations.set(operation, {
          role,
          failsSinceMs: undefined,
          lastFailedMs: 0,
          reason: '',
          wasWell: true,
        });
        return;
      }
      const lastFailedMs = clock.now();
      const failsSinceMs = before?.failsSinceMs ?? lastFailedMs;
      const wasWell = before?.wasWell === true;
      operations.set(operation, { role, failsSinceMs, lastFailedMs, reason: failure, wasWell });
    },
  };
}
