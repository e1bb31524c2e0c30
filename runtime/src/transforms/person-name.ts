import { failed, madeText } from './transform.ts';
import type { Transformed } from './transform.ts';

const TITLES = setOf('mr mrs ms miss mx dr prof professor sir dame lady lord rev hon herr frau mme mlle');
const SUFFIXES = setOf('jr sr ii iii iv phd md esq');
const PARTICLES = setOf(
  'van von vom der den de del della di da das do dos du des la le lo el al bin ibn ben ter ten te zu zum zur af av',
);

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}

interface Parts {
  readonly given: readonly string[];
  readonly family: readonly string[];
}

/**
 * The given names of a full name, with those in the middle. Names follow no rule: this one knows `Given Family`,
 * `Family, Given`, titles, suffixes and particles such as `van der`. Where a source has the parts, take those.
 */
export function toGivenName(value: string): Transformed<string> {
  return join(value, ({ given }) => given, 'this name has no given name');
}

/** The family name of a full name, with its particles, read as by `toGivenName`. A name of one word fails. */
export function toFamilyName(value: string): Transformed<string> {
  return join(value, ({ family }) => family, 'this name has no family name');
}

function join(
  value: string,
  take: (parts: Parts) => readonly string[],
  problem: string,
): Transformed<string> {
  if (!/\p{L}/u.test(value)) return failed('this is no name');
  return madeText(take(splitName(value)).join(' '), problem);
}

function splitName(value: string): Parts {
  const [before = [], ...after] = value.split(',').map((part) => part.trim().split(/\s+/).filter(Boolean));
  const rest = after.flat().filter((word) => !isOne(SUFFIXES, word));
  const words = stripFrame(before);
  if (rest.length > 0) return { given: stripFrame(rest), family: words };
  if (words.length < 2) return { given: words, family: [] };
  let start = words.length - 1;
  while (start > 1 && PARTICLES.has(words[start - 1]?.toLowerCase() ?? '')) start -= 1;
  return { given: words.slice(0, start), family: words.slice(start) };
}

/** Without the titles in front and the suffixes behind; a word that stands alone is the name. */
function stripFrame(words: readonly string[]): readonly string[] {
  let [start, end] = [0, words.length];
  while (end - start > 1 && isOne(TITLES, words[start])) start += 1;
  while (end - start > 1 && isOne(SUFFIXES, words[end - 1])) end -= 1;
  return words.slice(start, end);
}

function isOne(words: ReadonlySet<string>, word = ''): boolean {
  return words.has(word.toLowerCase().replaceAll('.', ''));
}
