import { createContext, Script } from 'node:vm';
import type { Context } from 'node:vm';

/** Patterns come from descriptions that nobody here wrote, and some take for ever on an unlucky text. */
const TIME_LIMIT_MS = 200;

const TEST = new Script('new RegExp(pattern, "u").test(text)');
let sandbox: Context | undefined;

/** Whether a known text fits a pattern. One that is no regular expression forbids nothing; one that takes too long is not met. */
export function satisfiesPattern(pattern: string, text: string): boolean {
  const name = JSON.stringify([pattern, text]);
  const before = known.get(name);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const fits = tryPattern(pattern, text);
  known.set(name, fits);
  return fits;
}

/** A limited run needs a thread of its own, and the same is asked of each sample again. */
const known = new Map<string, boolean>();
const MOST_KNOWN = 10_000;

function tryPattern(pattern: string, text: string): boolean {
  sandbox ??= createContext({});
  sandbox['pattern'] = pattern;
  sandbox['text'] = text;
  try {
    return TEST.runInContext(sandbox, { timeout: TIME_LIMIT_MS }) === true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT';
  }
}

const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

const FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['uuid', (text: string) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)],
  ['date', isDay],
  ['date-time', (text: string) => isDay(text.slice(0, 10)) && text[10] === 'T' && TIME.test(text.slice(11))],
  ['email', (text: string) => /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(text)],
  ['uri', (text: string) => /^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text)],
]);

/** Formats whose texts the running service checks. */
export const CHECKED_FORMATS: ReadonlySet<string> = new Set(FORMATS.keys());

/** Whether a known text has one of the formats that the running service checks. */
export function satisfiesFormat(format: string, text: string): boolean {
  return FORMATS.get(format)?.(text) ?? true;
}

/** A day that the calendar has: 30 February is none. */
function isDay(text: string): boolean {
  return DAY.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}
