import { createHash } from 'node:crypto';
import type { Host } from '../source/host.ts';
import { readText } from './read-text.ts';

/** What an output folder was made from, and what was written: the proof of what is Mortise's in it. */
export interface OutputLock {
  /** Whose output this is: another integration may not write here. */
  readonly integration: string;
  readonly compiler: string;
  readonly runtime: string;
  /** SHA-256 of the compiler's own source. */
  readonly source: string;
  /** SHA-256 of each input, by its path seen from the rules file. */
  readonly inputs: Readonly<Record<string, string>>;
  /** SHA-256 of each emitted file. */
  readonly files: Readonly<Record<string, string>>;
  readonly names: Readonly<Record<string, string>>;
  readonly vendored: boolean;
  /** The last day, YYYY-MM-DD, on which all that `allow` sets aside may stand. */
  readonly expires?: string;
}

export const LOCK_FILE = 'mortise.lock.json';
export const TRACE_FILE = 'mortise.trace.json';

export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Undefined where there is none, or where it is none of ours. */
export function readLock(host: Host, folder: string): OutputLock | undefined {
  const text = readText(host, host.resolve(folder, LOCK_FILE));
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Partial<OutputLock>;
    return isRecord(value.files) && isRecord(value.inputs) && isRecord(value.names)
      ? (value as OutputLock)
      : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((entry) => typeof entry === 'string')
  );
}

export function renderLock(lock: OutputLock): string {
  return `${JSON.stringify({ ...lock, inputs: sortKeys(lock.inputs), files: sortKeys(lock.files), names: sortKeys(lock.names) }, null, 2)}\n`;
}

function sortKeys(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
