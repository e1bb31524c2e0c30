import type { Clock } from '../clock.ts';

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
  /** It has answered well since the start, so that `sinceMs` says the whole of when it began not to. */
  readonly wasWell?: boolean;
}

export interface HealthWatch {
  readonly health: SystemHealth;
  note(state: Exclude<HealthState, 'unknown'>, reason: string, needsPerson?: boolean): void;
}

export function createHealthWatch(clock: Clock): HealthWatch {
  let health: SystemHealth = { state: 'unknown', sinceMs: clock.now(), reason: '', needsPerson: false };
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
      const wasWell = state === 'well' || health.wasWell === true;
      health = { state, sinceMs: goesOn ? health.sinceMs : clock.now(), reason, needsPerson, wasWell };
    },
  };
}
