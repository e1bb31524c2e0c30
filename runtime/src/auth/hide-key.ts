import type { Scrubber } from '../log/scrub.ts';

/** A line of a key in PEM has 64 characters; headers and short last lines give nothing away. */
const SHORTEST_LINE = 40;

/** Hides a key of several lines: as a whole, and line by line, as an error may quote it. */
export function hideKey(key: string, scrubber: Scrubber): void {
  const text = readPem(key);
  for (const form of [key, text, ...text.split('\n').filter((line) => line.length >= SHORTEST_LINE)])
    scrubber.add(form);
}

/** PEM as Node reads it: a variable of the environment often holds its line breaks as `\n`. */
export function readPem(text: string): string {
  return text.replaceAll(String.raw`\n`, '\n').replaceAll('\r', '');
}
