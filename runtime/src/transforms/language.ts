import { failed, made } from './transform.ts';
import type { Transformed } from './transform.ts';

const NAMES = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
const TAG = /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i;

let known: ReadonlyMap<string, string> | undefined;

/** The languages of ISO 639-1 by their English name; made with the first one that is read. */
function codes(): ReadonlyMap<string, string> {
  known ??= listCodes();
  return known;
}

function listCodes(): ReadonlyMap<string, string> {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const pairs = letters.flatMap((first) => letters.map((second) => first + second));
  return new Map(
    pairs.flatMap((code): [string, string][] => {
      const name = canonical(code) === code ? NAMES.of(code) : undefined;
      return name === undefined ? [] : [[name.toLowerCase(), code]];
    }),
  );
}

function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/**
 * A BCP 47 tag in its usual form, from a tag or the English name of a language: `EN_us` is `en-US`, `eng` is `en`,
 * `German` is `de`. A tag of an unknown language fails.
 */
export function toLanguage(value: string): Transformed<string> {
  const text = value.trim().replaceAll('_', '-');
  const tag = TAG.test(text) ? canonical(text) : undefined;
  const [language = ''] = tag?.split('-') ?? [];
  if (tag !== undefined && TAG.test(language) && NAMES.of(language) !== undefined) return made(tag);
  const named = codes().get(text.toLowerCase());
  return named === undefined ? failed('this is no language') : made(named);
}

/** The two letters of ISO 639-1, from what `toLanguage` reads. A language that has only three, such as `fil`, fails. */
export function toLanguageCode(value: string): Transformed<string> {
  const tag = toLanguage(value);
  if (!tag.ok) return tag;
  const [code = ''] = tag.value.split('-');
  return code.length === 2 ? made(code) : failed('this language has no code of two letters');
}
