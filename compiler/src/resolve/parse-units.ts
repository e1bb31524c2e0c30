import type { Rate, Setting, StatusMatch } from '../model/integration-model.ts';
import { CALL_CLASSES } from '../model/rules-input.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Nobody means more, by a time between two readings or a pause, in milliseconds. */
export const LONGEST_MS = 366 * 86_400_000;

/** Milliseconds of `5m`; the shape was checked when the rules were loaded. */
export function parseDurationMs(text: string): number {
  const [, count = '0', unit = 'ms'] = /^(\d+)([a-z]+)$/.exec(text) ?? [];
  return Number(count) * (UNITS[unit] ?? 1);
}

/** `60 per 1m`. */
export function parseRate(text: string): Rate {
  const [count = '0', duration = '1s'] = text.split(' per ');
  return { count: Number(count), perMs: parseDurationMs(duration) };
}

export function parseSetting(text: string): Setting {
  const name = /^\$([A-Z][A-Z0-9_]*)$/.exec(text)?.[1];
  return name === undefined ? { kind: 'literal', value: text } : { kind: 'environment', name };
}

/** `404`, `4xx`, `500-504` or a class such as `timeout`; undefined where the text is none of them. */
export function parseStatusMatch(given: string | number): StatusMatch | undefined {
  const text = String(given);
  if ((CALL_CLASSES as readonly string[]).includes(text)) return { kind: 'class', name: text };
  const family = /^([1-5])xx$/i.exec(text)?.[1];
  if (family !== undefined)
    return { kind: 'range', from: Number(family) * 100, to: Number(family) * 100 + 99 };
  const [, from, to] = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(text) ?? [];
  if (from === undefined) return undefined;
  return { kind: 'range', from: Number(from), to: Number(to ?? from) };
}
