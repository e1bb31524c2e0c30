import type { Random } from '../clock.ts';

export interface BackoffOptions {
  readonly baseMs: number;
  readonly capMs: number;
}

/** Full jitter: anything up to the doubled step, capped before the draw. @param attempt counts from 1 */
export function calculateBackoffMs(attempt: number, options: BackoffOptions, random: Random): number {
  const step = Math.min(options.capMs, options.baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.ceil(random() * step);
}

/** A delay that grows and never shrinks to nothing: for work that goes back to the store. */
export function calculateDeferralMs(deferrals: number, random: Random): number {
  const step = Math.min(3_600_000, 5000 * 2 ** Math.min(deferrals, 20));
  return Math.ceil(step * (0.5 + random() / 2));
}
