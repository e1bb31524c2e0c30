import type * as Countries from 'i18n-iso-countries/index.js';
import type { LocaleData } from 'i18n-iso-countries/index.js';
import { onFirstUse } from '../on-first-use.ts';
import { failed, made } from './transform.ts';
import type { Transformed } from './transform.ts';

/** Kosovo's code is in use and not in ISO 3166, and its three letters are not agreed upon. */
const WITHOUT_ALPHA_3 = 'XK';
const countries = onFirstUse((require) => require('i18n-iso-countries/index.js') as typeof Countries);
const english = onFirstUse((require) => require('i18n-iso-countries/langs/en.json') as LocaleData);
const NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** Codes by code and English name, as `toKey` writes them; undefined for a name of two countries. */
type Codes = ReadonlyMap<string, string | undefined>;

let known: Codes | undefined;

/** Made with the first country that is read: most services read none, and start the sooner. */
function codes(): Codes {
  known ??= listCodes();
  return known;
}

function listCodes(): Codes {
  const found = new Map<string, string | undefined>();
  for (const [code, names] of Object.entries(english().countries))
    for (const name of [NAMES.of(code) ?? [], names].flat()) {
      const key = toKey(name);
      found.set(key, found.has(key) && found.get(key) !== code ? undefined : code);
    }
  for (const [code, alpha3] of Object.entries(countries().getAlpha2Codes())) {
    found.set(toKey(code), code);
    found.set(toKey(alpha3), code);
  }
  return found;
}

/** A name without case, accents and signs. */
function toKey(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replaceAll(/\p{M}|['’.]/gu, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/^the /, '');
}

/** ISO 3166-1 alpha-2 from a code of two or three letters or an English name. `Congo`, which two countries are, fails. */
export function toCountry(value: string): Transformed<string> {
  const code = codes().get(toKey(value));
  return code === undefined ? failed('this is no country') : made(code);
}

/** ISO 3166-1 alpha-3, from what `toCountry` reads. */
export function toCountryAlpha3(value: string): Transformed<string> {
  const country = toCountry(value);
  if (!country.ok) return country;
  const alpha3 = countries().alpha2ToAlpha3(country.value);
  if (alpha3 === undefined || country.value === WITHOUT_ALPHA_3)
    return failed('this country has no code of three letters');
  return made(alpha3);
}

/** The country's English name in Unicode's CLDR, such as `Australia`, from what `toCountry` reads. */
export function toCountryName(value: string): Transformed<string> {
  const country = toCountry(value);
  if (!country.ok) return country;
  const name = NAMES.of(country.value);
  return name === undefined ? failed('this country has no English name') : made(name);
}
