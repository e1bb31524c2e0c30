import { failed, made } from './transform.ts';
import type { Transformed } from './transform.ts';
import { readInstantMs } from './time.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DAY_MS = 86_400_000;

/**
 * A date or an instant, later by a duration such as `30d` or `12h`. A day of the calendar stays one and moves by whole
 * days, whatever its zone; an instant moves by exactly so many seconds.
 * @param duration a whole number of `d`, `h`, `m` or `s`
 */
export function addDuration(value: string | number | boolean, duration: string): Transformed<string> {
  const text = String(value).trim();
  const [, count, unit] = /^(\d+)([dhms])$/.exec(duration) ?? [];
  const added = Number(count) * (UNIT_MS[unit ?? ''] ?? Number.NaN);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  // A time without a zone would be some other moment elsewhere: `instant` comes first and settles it.
  const isInstant = /T.*(?:Z|[+-]\d{2}:?\d{2})$/i.test(text);
  const ms = isDay || isInstant ? readInstantMs(text, 'UTC') : undefined;
  if (ms === undefined) return failed('this is neither a date nor an instant');
  if (Number.isNaN(added) || (isDay && added % DAY_MS !== 0))
    return failed(`${duration} cannot be added to it`);
  const later = new Date(ms + added);
  if (Number.isNaN(later.getTime()) || later.getUTCFullYear() > 9999)
    return failed('the date is past the year 9999');
  const iso = later.toISOString();
  return made(isDay ? iso.slice(0, 10) : iso);
}
