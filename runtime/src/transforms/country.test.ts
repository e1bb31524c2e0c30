import { assert, constantFrom, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { toCountry, toCountryAlpha3, toCountryName } from './country.ts';
import { toLanguage, toLanguageCode } from './language.ts';
import type { Transformed } from './transform.ts';

function read<T>(transformed: Transformed<T>): T | undefined {
  return transformed.ok ? transformed.value : undefined;
}

test.each([
  ['AU', 'AU', 'AUS', 'Australia'],
  [' aus ', 'AU', 'AUS', 'Australia'],
  ['new zealand', 'NZ', 'NZL', 'New Zealand'],
  ['UK', 'GB', 'GBR', 'United Kingdom'],
  ['U.S.A.', 'US', 'USA', 'United States'],
  ['The Netherlands', 'NL', 'NLD', 'Netherlands'],
  ['Cote d’Ivoire', 'CI', 'CIV', 'Côte d’Ivoire'],
  ['Türkiye', 'TR', 'TUR', 'Türkiye'],
  ['Trinidad & Tobago', 'TT', 'TTO', 'Trinidad & Tobago'],
  ['Kosovo', 'XK', undefined, 'Kosovo'],
  ['Congo', undefined, undefined, undefined],
  ['EU', undefined, undefined, undefined],
  ['Utopia', undefined, undefined, undefined],
  ['', undefined, undefined, undefined],
])('the country "%s" is %s, %s and %s', (text, alpha2, alpha3, name) => {
  expect(read(toCountry(text))).toBe(alpha2);
  expect(read(toCountryAlpha3(text))).toBe(alpha3);
  expect(read(toCountryName(text))).toBe(name);
});

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const countries = letters
  .flatMap((first) => letters.map((second) => first + second))
  .filter((code) => read(toCountry(code)) === code);

test('each country is known by its codes and its name', () => {
  expect(countries.length).toBeGreaterThan(245);
  for (const code of countries) {
    expect(read(toCountry(read(toCountryName(code)) ?? ''))).toBe(code);
    if (code !== 'XK') expect(read(toCountry(read(toCountryAlpha3(code)) ?? ''))).toBe(code);
  }
});

test('names have the lengths that the compiler counts on', () => {
  const lengths = countries.map((code) => read(toCountryName(code))?.length ?? 0);
  expect(Math.min(...lengths)).toBeGreaterThanOrEqual(4);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(64);
});

test.each([
  ['en', 'en', 'en'],
  ['EN_us', 'en-US', 'en'],
  ['de-at', 'de-AT', 'de'],
  ['zh-hant-tw', 'zh-Hant-TW', 'zh'],
  ['eng', 'en', 'en'],
  ['German', 'de', 'de'],
  [' french ', 'fr', 'fr'],
  ['fil', 'fil', undefined],
  ['qq', undefined, undefined],
  ['x-klingon', undefined, undefined],
  ['Elvish', undefined, undefined],
  ['', undefined, undefined],
])('the language "%s" is %s and %s', (text, tag, code) => {
  expect(read(toLanguage(text))).toBe(tag);
  expect(read(toLanguageCode(text))).toBe(code);
});

test('no text whatever throws, and what is made is read as itself', () => {
  const tag = string({ unit: constantFrom(...'abcdeghnrtuz-_AU1'), maxLength: 12 });
  assert(
    property(string({ unit: 'grapheme' }), tag, (text, likely) => {
      for (const given of [text, likely]) {
        for (const transform of [toCountry, toCountryAlpha3, toCountryName, toLanguage, toLanguageCode]) {
          const made = transform(given);
          if (!made.ok) continue;
          expect(transform(made.value)).toEqual(made);
          expect(made.value.length).toBeLessThanOrEqual(64);
        }
      }
    }),
    { numRuns: 1000 },
  );
});
