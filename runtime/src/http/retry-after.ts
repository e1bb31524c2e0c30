/**
 * The moment before which a server wants no further call, from `Retry-After` (RFC 9110 10.2.3: seconds or HTTP-date).
 * Also takes decimals, ISO dates and epochs, which vendors send. Undefined where it is absent, past or unreadable;
 * then the caller's own backoff applies. Never earlier than what the server said.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) {
    const value = Number(text);
    // A delta of thirty years is an epoch in seconds or milliseconds.
    if (value > 1e12) return later(value, nowMs);
    if (value > 1e9) return later(value * 1000, nowMs);
    return value === 0 ? undefined : nowMs + Math.ceil(value * 1000);
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : later(date, nowMs);
}

function later(atMs: number, nowMs: number): number | undefined {
  return atMs > nowMs ? atMs : undefined;
}
