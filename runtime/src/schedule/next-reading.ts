import { Cron } from 'croner';
import type { AnyFlow } from '../flow.ts';

type Timing = Pick<AnyFlow['read'], 'everyMs' | 'at'>;

/**
 * When a flow reads next. @param lastMs when it last began, or ended its last whole pass; undefined where it never did:
 * then it reads at once. A time that went by while the service was stopped is made up.
 */
export function findNextReadingMs({ everyMs, at }: Timing, lastMs: number | undefined): number {
  if (lastMs === undefined) return 0;
  if (at === undefined) return lastMs + everyMs;
  const next = new Cron(at.cron, { timezone: at.zone, paused: true }).nextRun(new Date(lastMs));
  // A schedule without another time (a certain day that is over) is one that has ended.
  return next === null ? Number.POSITIVE_INFINITY : next.getTime();
}
