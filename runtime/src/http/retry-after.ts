/** The last moment that a date can hold. */
const LAST_MS = 8.64e15;
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const TIME = String.raw`\d{2}:\d{2}:\d{2}`;
/** The three forms of RFC 9110 5.6.7; `Date.parse` alone would make a date of nearly any text with a number in it. */
const HTTP_DATE = new RegExp(
  String.raw`^(?:${DAY}, \d{2} ${MONTH} \d{4} ${TIME} GMT|[A-Z][a-z]+day, \d{2}-${MONTH}-\d{2} ${TIME} GMT)$`,
);
const ASCTIME = new RegExp(String.raw`^${DAY} ${MONTH} [\d ]\d ${TIME} \d{4}$`);
const ISO_DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * The moment before which a server wants no further call, from `Retry-After` (RFC 9110 10.2.3: seconds or HTTP-date).
 * Also takes decimals, ISO dates and epochs, which vendors send. Undefined where it is absent, past or unreadable;
 * then the caller's own backoff applies. Never earlier than what the server said; whole milliseconds.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) {
    const value = Number(text);
    // A delta of thirty years is an epoch in seconds or milliseconds.
    if (value > 1e12) return later(value, nowMs);
    return later(value > 1e9 ? value * 1000 : nowMs + value * 1000, nowMs);
  }
  const date = readDate(text);
  return date === undefined || Number.isNaN(date) ? undefined : later(date, nowMs);
}

function readDate(text: string): number | undefined {
  if (HTTP_DATE.test(text)) return Date.parse(text);
  if (ASCTIME.test(text)) return Date.parse(`${text} GMT`);
  const iso = ISO_DATE.exec(text);
  if (iso === null) return undefined;
  return Date.parse(iso[1] === undefined ? `${text}Z` : text);
}

function later(atMs: number, nowMs: number): number | undefined {
  return atMs > nowMs ? Math.min(Math.ceil(atMs), LAST_MS) : undefined;
}
