import { parseRetryAfter } from './retry-after.ts';
import { translateMoment } from './server-date.ts';
import type { WireHeaders } from './transport.ts';

/** Names under which vendors count down, each with the name of the moment when it starts anew. */
const PAIRS = [
  ['ratelimit-remaining', 'ratelimit-reset'],
  ['x-ratelimit-remaining', 'x-ratelimit-reset'],
  ['x-rate-limit-remaining', 'x-rate-limit-reset'],
] as const;
const COUNTERS = ['ratelimit', ...PAIRS.map(([remaining]) => remaining)] as const;
const YEAR_S = 31_536_000;

/**
 * The moment from which calls are allowed again, where the headers say that none is left: the RateLimit field of the
 * IETF draft (`"default";r=0;t=30`), or the older pairs, whose reset is a delta or an epoch in seconds or milliseconds.
 * Undefined where calls are left or nothing readable is said. Whole milliseconds.
 */
export function readExhaustedUntil(headers: WireHeaders, nowMs: number): number | undefined {
  if (!COUNTERS.some((name) => headers[name] !== undefined)) return undefined;
  return translateMoment(headers, nowMs, (serverMs) => parseExhausted(headers, serverMs));
}

function parseExhausted(headers: WireHeaders, nowMs: number): number | undefined {
  const field = headers['ratelimit'];
  if (field !== undefined && /;\s*r=0\s*(?:;|,|$)/.test(field)) {
    const seconds = /;\s*t=(\d+)/.exec(field)?.[1];
    if (seconds !== undefined) return nowMs + Number(seconds) * 1000;
  }
  for (const [remaining, reset] of PAIRS) {
    const left = headers[remaining]?.trim();
    const text = headers[reset]?.trim() ?? '';
    if (left === undefined || !/^0+(?:\.0+)?$/.test(left) || !/^\d+(?:\.\d+)?$/.test(text)) continue;
    const value = Number(text);
    // A delta of more than a year is an epoch; one that large in seconds would lie beyond the year 30000.
    const atMs = value > 1e12 ? value : value > YEAR_S ? value * 1000 : nowMs + value * 1000;
    if (atMs > nowMs) return Math.ceil(atMs);
  }
  return undefined;
}

/** What `Retry-After` asks for; undefined where it asks for nothing that can be read. */
export function readRetryAfter(headers: WireHeaders, nowMs: number): number | undefined {
  return translateMoment(headers, nowMs, (serverMs) => parseRetryAfter(headers['retry-after'], serverMs));
}

/** The later of what `Retry-After` and the headers that count down ask for with a refusal; undefined where neither does. */
export function readAskedUntil(headers: WireHeaders, nowMs: number): number | undefined {
  const latest = Math.max(readRetryAfter(headers, nowMs) ?? 0, readExhaustedUntil(headers, nowMs) ?? 0);
  return latest > 0 ? latest : undefined;
}

/** GitHub and others answer 403 where the limit is reached: only the headers tell it from a refusal. */
export function saysLimited(headers: WireHeaders): boolean {
  return (
    headers['retry-after'] !== undefined ||
    PAIRS.some(([remaining]) => /^0+$/.test(headers[remaining]?.trim() ?? ''))
  );
}
