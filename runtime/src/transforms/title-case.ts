import { made } from './transform.ts';
import type { Transformed } from './transform.ts';

/** A word, or a part of one behind a hyphen or an elided particle: `Anne-Marie`, `O'Brien`, `d'Arc`, but `don't`. */
const PART = /(?<=^|[\s(/"“„-]|(?<=^|\s)[DLNO]['’])(?:[DLNO](?=['’]\p{L}{2})|\p{L}[\p{L}\p{M}\p{N}'’]*)/giu;

/** Each word with a capital. A word in mixed case, such as `McDonald`, has been written with care and stays. */
export function titleCase(value: string): Transformed<string> {
  return made(value.replaceAll(PART, capitalise));
}

function capitalise(word: string): string {
  const lower = word.toLowerCase();
  if (word !== lower && word !== word.toUpperCase()) return word;
  const [first = ''] = lower;
  const [head = '', ...more] = first.toUpperCase();
  // The capital of ß is two letters, of which only the first begins the word.
  return head + more.join('').toLowerCase() + lower.slice(first.length);
}
