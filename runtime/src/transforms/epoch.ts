import { isPlainDate, readInstantMs } from './time.ts';
import { failed, made } from './transform.ts';
import type { Transformed } from './transform.ts';

type Given = string | number | boolean;

/** What `toInstant` reads, as whole seconds since 1970; a part of a second is left out. */
export function toEpochSeconds(value: Given, zone: string): Transformed<number> {
  return write(value, zone, (ms) => Math.floor(ms / 1000));
}

/** What `toInstant` reads, as milliseconds since 1970. */
export function toEpochMs(value: Given, zone: string): Transformed<number> {
  return write(value, zone, (ms) => ms);
}

/** What `toInstant` reads, as RFC 2822 writes it, in UTC: `Wed, 04 Mar 2026 05:06:07 +0000`. */
export function toRfc2822(value: Given, zone: string): Transformed<string> {
  return write(value, zone, (ms) => new Date(ms).toUTCString().replace('GMT', '+0000'));
}

/** What `toInstant` reads, as the older APIs of Microsoft and Xero take it: `/Date(1772600767890)/`; a day as its midnight in UTC. */
export function toMsDate(value: Given, zone: string): Transformed<string> {
  return write(value, isPlainDate(String(value).trim()) ? 'UTC' : zone, (ms) => `/Date(${ms})/`);
}

function write<T>(value: Given, zone: string, format: (ms: number) => T): Transformed<T> {
  const ms = readInstantMs(String(value).trim(), zone);
  return ms === undefined ? failed('this is no moment in time') : made(format(ms));
}
