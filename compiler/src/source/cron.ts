import { Cron } from 'croner';

/** A day without anything special about it, so that two runs of the compiler count the same. */
const FROM = new Date(Date.UTC(2026, 0, 1));

/** The first times of a schedule, as many as it has up to 1,000; undefined where the text is no schedule. */
export function listRuns(text: string, zone: string): readonly Date[] | undefined {
  try {
    return new Cron(text, { timezone: zone, paused: true }).nextRuns(1000, FROM);
  } catch {
    return undefined;
  }
}
