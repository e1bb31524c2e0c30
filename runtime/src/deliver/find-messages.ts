import { stringifyExactJson } from '../exact-json.ts';
const LONGEST_MESSAGE = 500;

/** The vendor's own words, where an answer holds some: every text called message below it. */
export function findMessages(body: unknown): string {
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
  return text.slice(0, LONGEST_MESSAGE);
}
