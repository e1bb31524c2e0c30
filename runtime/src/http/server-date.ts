import type { WireHeaders } from './transport.ts';

const DAY_MS = 86_400_000;

/** The moment that an answer says it was made, in milliseconds; no more than a day ahead of us. Undefined where it says none. */
export function readServerDate(headers: WireHeaders, nowMs: number): number | undefined {
  const ms = Date.parse(headers['date'] ?? '');
  return Number.isNaN(ms) ? undefined : Math.min(ms, nowMs + DAY_MS);
}
