import { stringifyExactJson } from '../exact-json.ts';
import type { Scrubber } from '../log/scrub.ts';

const LONGEST_MESSAGE = 500;
/** A secret that is cut here is cut away with the rest. */
const LONGEST_TEXT = 20_000;

/** The vendor's own words, where an answer holds some: every text called message below it. No secret of ours is left in. */
export function findMessages(body: unknown, scrubber: Scrubber): string {
  const messages: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, value] of Object.entries(node)) {
      if (typeof value === 'string' && /^(?:message|detail|description)$/i.test(name)) messages.push(value);
      else visit(value);
    }
  };
  visit(body);
  const text = messages.length > 0 ? messages.join('; ') : (stringifyExactJson(body ?? null) ?? '');
  return scrubber.scrub(text.slice(0, LONGEST_TEXT)).slice(0, LONGEST_MESSAGE);
}
