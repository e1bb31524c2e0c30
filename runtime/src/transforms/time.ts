import { failed, made } from './transform.ts';
import type { Transformed } from './transform.ts';

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;
const MS_DATE = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/;
const RFC_2822 =
  /^(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) \d{2}:\d{2}(?::\d{2})? (?:GMT|UTC?|[+-]\d{4})$/;
/** The years that ISO 8601 writes in four digits; a later one would break the format that is promised. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * An instant as ISO 8601 in UTC, from the shapes that APIs use: ISO with or without zone, epoch in seconds or
 * milliseconds, RFC 2822, `/Date(ms)/`. A time without a zone is read in `zone`.
 */
export function toInstant(value: string | number | boolean, zone: string): Transformed<string> {
  const ms = readInstantMs(String(value).trim(), zone);
  return ms === undefined ? failed('this is no moment in time') : made(new Date(ms).toISOString());
}

/**
 * The calendar day in `zone`; a date that is given as a date stays that day. The APIs that write `/Date(ms)/` write a day
 * as its midnight in UTC, so such a midnight is that day everywhere (the reading of Xero’s Accounting API).
 */
export function toCalendarDate(value: string | number | boolean, zone: string): Transformed<string> {
  const text = String(value).trim();
  const plain = isPlainDate(text);
  const ms = readInstantMs(text, plain ? 'UTC' : zone);
  if (ms === undefined) return failed('this is no date');
  const day = plain ? text : formatDay(ms, isVendorDay(text, ms) ? 'UTC' : zone);
  return day.length === 10 ? made(day) : failed('the date is past the year 9999');
}

/** `2026-03-04`, and no time. */
export function isPlainDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

function isVendorDay(text: string, ms: number): boolean {
  return /^\/Date\(-?\d+(?:[+-]0000)?\)\/$/.test(text) && ms % DAY_MS === 0;
}

export function readInstantMs(text: string, zone: string): number | undefined {
  // Longer ones may be dates without separators, and nothing tells which.
  const epoch = /^-?\d{9,13}$/.test(text)
    ? Number(text) * (text.replace('-', '').length <= 11 ? 1000 : 1)
    : undefined;
  const vendor = MS_DATE.exec(text)?.[1];
  const ms =
    epoch ?? (vendor === undefined ? undefined : Number(vendor)) ?? readIso(text, zone) ?? readRfc2822(text);
  // Written so that NaN is none either.
  return ms !== undefined && ms >= FIRST_MS && ms <= LAST_MS ? ms : undefined;
}

function readIso(text: string, zone: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', offset] = match;
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  const utc = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    ms,
  );
  // Date.UTC rolls 31 February over and takes the year 1 for 1901; a moment that does not exist is none.
  if (!isRealDay(utc, Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (offset === undefined) return utc - offsetMs(utc, zone);
  if (offset.toUpperCase() === 'Z') return utc;
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d{2}):?(\d{2})/.exec(offset) ?? [];
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return utc - (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function isRealDay(utc: number, year: number, month: number, day: number): boolean {
  const date = new Date(utc);
  return date.getUTCFullYear() === year && date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

function readRfc2822(text: string): number | undefined {
  const [, day, month, year] = RFC_2822.exec(text) ?? [];
  if (day === undefined || month === undefined || year === undefined) return undefined;
  const index = MONTHS.indexOf(month) / 3;
  return isRealDay(Date.UTC(Number(year), index, Number(day)), Number(year), index + 1, Number(day))
    ? Date.parse(text)
    : undefined;
}

/**
 * What the zone's clock shows more than UTC at the local time `localMs`. A time that comes twice is the first of the two;
 * one that a clock change leaves out is as much later (RFC 5545 3.3.5).
 */
function offsetMs(localMs: number, zone: string): number {
  const before = zoneOffset(localMs - DAY_MS, zone);
  const after = zoneOffset(localMs + DAY_MS, zone);
  return [before, after].find((offset) => zoneOffset(localMs - offset, zone) === offset) ?? before;
}

const DAY_MS = 86_400_000;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const created = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formatters.set(zone, created);
  return created;
}

function zoneOffset(ms: number, zone: string): number {
  const part = Object.fromEntries(
    formatter(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  const shown = Date.UTC(
    Number(part['year']),
    Number(part['month']) - 1,
    Number(part['day']),
    Number(part['hour']),
    Number(part['minute']),
    Number(part['second']),
  );
  return shown - Math.floor(ms / 1000) * 1000;
}

function formatDay(ms: number, zone: string): string {
  const part = Object.fromEntries(
    formatter(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  return `${part['year']?.padStart(4, '0')}-${part['month']}-${part['day']}`;
}
