import { failed, made } from './transform.ts';
import type { Transformed } from './transform.ts';

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;
const MS_DATE = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/;
const RFC_2822 = /^(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(?::\d{2})? (?:GMT|UTC?|[+-]\d{4})$/;
const LARGEST_EPOCH_MS = 8.64e15;

/**
 * An instant as ISO 8601 in UTC, from the shapes that APIs use: ISO with or without zone, epoch in seconds or
 * milliseconds, RFC 2822, `/Date(ms)/`. A time without a zone is read in `zone`.
 */
export function toInstant(value: string | number | boolean, zone: string): Transformed<string> {
  const ms = readInstantMs(String(value).trim(), zone);
  return ms === undefined ? failed('this is no moment in time') : made(new Date(ms).toISOString());
}

/** The calendar day in `zone`; a date that is given as a date stays that day. */
export function toCalendarDate(value: string | number | boolean, zone: string): Transformed<string> {
  const text = String(value).trim();
  const plain = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const ms = readInstantMs(text, plain ? 'UTC' : zone);
  if (ms === undefined) return failed('this is no date');
  return made(plain ? text : formatDay(ms, zone));
}

export function readInstantMs(text: string, zone: string): number | undefined {
  const epoch = /^-?\d{9,16}$/.test(text) ? Number(text) * (text.replace('-', '').length <= 11 ? 1000 : 1) : undefined;
  const vendor = MS_DATE.exec(text)?.[1];
  const ms = epoch ?? (vendor === undefined ? undefined : Number(vendor)) ?? readIso(text, zone) ?? (RFC_2822.test(text) ? Date.parse(text) : undefined);
  return ms === undefined || Number.isNaN(ms) || Math.abs(ms) > LARGEST_EPOCH_MS ? undefined : ms;
}

function readIso(text: string, zone: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', offset] = match;
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  const utc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), ms);
  // Date.UTC rolls 31 February over; a day that does not exist is no date.
  if (new Date(utc).getUTCDate() !== Number(day) || new Date(utc).getUTCMonth() + 1 !== Number(month) || Number(hour) > 23) return undefined;
  if (offset === undefined) return utc - offsetMs(utc, zone);
  if (offset.toUpperCase() === 'Z') return utc;
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d{2}):?(\d{2})/.exec(offset) ?? [];
  return utc - (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** What the zone's clock shows more than UTC, at the local time `localMs`; asked twice because of clock changes. */
function offsetMs(localMs: number, zone: string): number {
  const first = zoneOffset(localMs, zone);
  return zoneOffset(localMs - first, zone);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const created = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
  });
  formatters.set(zone, created);
  return created;
}

function zoneOffset(ms: number, zone: string): number {
  const part = Object.fromEntries(formatter(zone).formatToParts(ms).map(({ type, value }) => [type, value]));
  const shown = Date.UTC(Number(part['year']), Number(part['month']) - 1, Number(part['day']), Number(part['hour']), Number(part['minute']), Number(part['second']));
  return shown - Math.floor(ms / 1000) * 1000;
}

function formatDay(ms: number, zone: string): string {
  const part = Object.fromEntries(formatter(zone).formatToParts(ms).map(({ type, value }) => [type, value]));
  return `${part['year']?.padStart(4, '0')}-${part['month']}-${part['day']}`;
}
