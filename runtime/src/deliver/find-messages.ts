import { stringifyExactJson } from '../exact-json.ts';
import type { Scrubber } from '../log/scrub.ts';

const LONGEST_MESSAGE = 500;
/** A secret that is cut here is cut away with the rest. */
const LONGEST_TEXT = 20_000;

/** Below these, a vendor speaks of what went wrong; elsewhere a description is that of the record. */
const OF_FAILURE = /err|fault|fail|problem|warn|invalid|violation|issue/i;

/** The vendor's own words, where an answer holds some: every text called message below it. No secret of ours is left in. */
export function findMessages(body: unknown, scrubber: Scrubber): string {
  const told: string[] = [];
  const others: string[] = [];
  const visit = (node: unknown, isOfFailure: boolean): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, value] of Object.entries(node)) {
      const isNamed = /^(?:message|detail|description)$/i.test(name);
      if (typeof value === 'string' && isNamed) (isOfFailure ? told : others).push(value);
      else visit(value, isOfFailure || OF_FAILURE.test(name));
    }
  };
  visit(body, false);
  const messages = told.length > 0 ? told : others;
  const text = messages.length > 0 ? messages.join('; ') : (stringifyExactJson(body ?? null) ?? '');
  return scrubber.scrub(text.slice(0, LONGEST_TEXT)).slice(0, LONGEST_MESSAGE);
}
