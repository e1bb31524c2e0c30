import type { RateLimit } from './http/call-gate.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A rate such as `60 per 1m`; undefined where none is given. The settings' schema has checked its shape. */
export function readRate(text: string | undefined): RateLimit | undefined {
  const match = /^(\d+) per (\d+)(ms|s|m|h|d)$/.exec(text ?? '');
  if (match === null) return undefined;
  return { count: Number(match[1]), perMs: Number(match[2]) * (UNITS[match[3] ?? 's'] ?? 1000) };
}
