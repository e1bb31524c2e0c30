import type { WireHeaders } from './transport.ts';

const DAY_MS = 86_400_000;
/** The last moment that a date can hold, less what is added to it: a pause is held a little longer than it was asked for. */
const LAST_MS = 8.64e15 - DAY_MS;

/** The moment that an answer says it was made, in milliseconds; no more than a day ahead of us. Undefined where it says none. */
export function readServerDate(headers: WireHeaders, nowMs: number): number | undefined {
  const ms = Date.parse(headers['date'] ?? '');
  return Number.isNaN(ms) ? undefined : Math.min(ms, nowMs + DAY_MS);
}

/**
 * A moment that a server named, on our clock: what `read` makes of it at the server's own time (`Date`, RFC 9110 6.6.1).
 * Two clocks that differ by an hour would else make us call an hour too early, or wait an hour too long. A `Date` more
 * than a day away is no clock's, and ours is taken.
 */
export function translateMoment(
  headers: WireHeaders,
  nowMs: number,
  read: (serverNowMs: number) => number | undefined,
): number | undefined {
  const serverMs = Date.parse(headers['date'] ?? '');
  const aheadMs = Math.abs(nowMs - serverMs) <= DAY_MS ? nowMs - serverMs : 0;
  const at = read(nowMs - aheadMs);
  return at === undefined ? undefined : Math.min(at + aheadMs, LAST_MS);
}
