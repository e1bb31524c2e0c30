import { between, ofKind, ofNumber, ofText } from './transform-facts.ts';
import type { TransformFacts } from './transform-facts.ts';

/** Read so without being told, where a fact says that a text is a decimal and the target is a number. */
export const DECIMAL = 'decimal';

/** Digits of a hash in hexadecimal. */
export const HASHES: ReadonlyMap<string, number> = new Map([
  ['md5', 32],
  ['sha1', 40],
  ['sha256', 64],
  ['sha512', 128],
]);

const TEXTS: Readonly<Record<string, TransformFacts>> = {
  trim: ofText({ runtimeName: 'trimText', summary: 'the text without white space at its ends' }),
  collapse: ofText({
    runtimeName: 'collapseSpaces',
    summary: 'the text with each run of white space made one blank',
  }),
  // The ligature ffi has three capitals.
  upper: ofText({ growth: 3, runtimeName: 'upperCase', summary: 'the text in capitals' }),
  lower: ofText({ growth: 3, runtimeName: 'lowerCase', summary: 'the text in small letters' }),
  title: ofText({
    growth: 3,
    runtimeName: 'titleCase',
    summary: 'the text with a capital at each word; words in mixed case stay',
  }),
  digits: ofText({ canFail: true, runtimeName: 'toDigits', summary: 'the digits 0 to 9 of the text' }),
  truncate: ofText({
    argument: 'length',
    canFail: true,
    lengthOf: (argument) => [1, Number(argument)],
    runtimeName: 'toTruncated',
    summary: 'the text cut to so many characters, never inside one that is seen as one',
  }),
  'plain-text': ofText({
    canFail: true,
    runtimeName: 'toPlainText',
    summary: 'the text of HTML: without tags, entities decoded, a block a line',
  }),
  'given-name': ofText({
    canFail: true,
    runtimeName: 'toGivenName',
    summary: 'the given names of a full name',
  }),
  'family-name': ofText({
    canFail: true,
    runtimeName: 'toFamilyName',
    summary: 'the family name of a full name',
  }),
  hash: ofText({
    argument: 'algorithm',
    growth: undefined,
    lengthOf: (argument) => [HASHES.get(argument) ?? 0, HASHES.get(argument) ?? 0],
    runtimeName: 'hashText',
    summary: 'the hash of the text, hexadecimal',
  }),
};

const KINDS: Readonly<Record<string, TransformFacts>> = {
  email: ofKind({
    growth: 1,
    lengthOf: between(6, 254),
    format: 'email',
    runtimeName: 'toEmail',
    summary: 'an e-mail address: trimmed, its domain in small letters',
  }),
  'email-domain': ofKind({
    growth: 1,
    lengthOf: between(4, 252),
    runtimeName: 'toEmailDomain',
    summary: 'the domain of an e-mail address, in small letters',
  }),
  url: ofKind({
    lengthOf: between(8, 2048),
    format: 'uri',
    runtimeName: 'toUrl',
    summary: 'an http or https URL in its normal form',
  }),
  phone: ofKind({
    argument: 'region',
    lengthOf: between(5, 16),
    runtimeName: 'toPhone',
    summary: 'a telephone number as E.164, read as in the given region',
  }),
  country: ofKind({
    lengthOf: between(2, 2),
    runtimeName: 'toCountry',
    summary: 'a country as its two letters of ISO 3166, from its codes or its English name',
  }),
  'country-alpha3': ofKind({
    lengthOf: between(3, 3),
    runtimeName: 'toCountryAlpha3',
    summary: 'a country as its three letters of ISO 3166',
  }),
  'country-name': ofKind({
    lengthOf: between(4, 64),
    runtimeName: 'toCountryName',
    summary: 'a country as its English name',
  }),
  currency: ofKind({
    lengthOf: between(3, 3),
    runtimeName: 'toCurrency',
    summary: 'a currency as its code of ISO 4217',
  }),
  language: ofKind({
    lengthOf: between(2, 35),
    runtimeName: 'toLanguage',
    summary: 'a language as its tag of BCP 47',
  }),
  'language-code': ofKind({
    lengthOf: between(2, 2),
    runtimeName: 'toLanguageCode',
    summary: 'a language as its two letters of ISO 639-1',
  }),
  boolean: ofKind({
    makes: 'boolean',
    runtimeName: 'toBoolean',
    summary: 'true or false from true/false, yes/no, 1/0',
  }),
};

const NUMBERS: Readonly<Record<string, TransformFacts>> = {
  integer: ofNumber({ keepsNumber: true, runtimeName: 'toInteger', summary: 'a whole number within 2^53' }),
  [DECIMAL]: ofNumber({
    hasFraction: true,
    keepsNumber: true,
    runtimeName: 'toDecimal',
    summary: 'a decimal number, digit for digit',
  }),
  times: ofNumber({
    argument: 'factor',
    hasFraction: true,
    runtimeName: 'multiplyDecimal',
    summary: 'the exact product of a decimal number',
  }),
  fixed: ofKind({
    argument: 'places',
    lengthOf: (argument) => [Number(argument) === 0 ? 1 : 2 + Number(argument), 500],
    runtimeName: 'toFixedDecimal',
    summary: 'a decimal number as text with so many digits behind the point',
  }),
  'minor-units': ofNumber({
    argument: 'currency',
    runtimeName: 'toMinorUnits',
    summary: 'an amount in whole minor units of the currency, such as cents',
  }),
  'from-minor-units': ofNumber({
    argument: 'currency',
    hasFraction: true,
    runtimeName: 'fromMinorUnits',
    summary: 'the amount of whole minor units of the currency',
  }),
};

const TIMES: Readonly<Record<string, TransformFacts>> = {
  instant: ofKind({
    lengthOf: between(24, 24),
    format: 'date-time',
    needsZone: true,
    runtimeName: 'toInstant',
    summary: 'an instant as ISO 8601 in UTC',
  }),
  date: ofKind({
    lengthOf: between(10, 10),
    format: 'date',
    needsZone: true,
    runtimeName: 'toCalendarDate',
    summary: 'a calendar day in the zone of the rules; a midnight in UTC as /Date(ms)/ is that day',
  }),
  plus: ofKind({
    argument: 'duration',
    lengthOf: between(10, 24),
    keepsFormat: true,
    runtimeName: 'addDuration',
    summary: 'the date or instant, later by the duration',
  }),
  'epoch-s': ofNumber({
    needsZone: true,
    runtimeName: 'toEpochSeconds',
    summary: 'an instant as whole seconds since 1970',
  }),
  'epoch-ms': ofNumber({
    needsZone: true,
    runtimeName: 'toEpochMs',
    summary: 'an instant as milliseconds since 1970',
  }),
  rfc2822: ofKind({
    lengthOf: between(31, 31),
    needsZone: true,
    runtimeName: 'toRfc2822',
    summary: 'an instant as RFC 2822, in UTC',
  }),
  'ms-date': ofKind({
    lengthOf: between(9, 23),
    needsZone: true,
    runtimeName: 'toMsDate',
    summary: 'an instant as /Date(ms)/, a day as its midnight in UTC',
  }),
};

/** Named by what they make. A blank value never reaches a transform: `blank` decides first. */
export const TRANSFORMS: Readonly<Record<string, TransformFacts>> = {
  ...TEXTS,
  ...KINDS,
  ...NUMBERS,
  ...TIMES,
};

/** Undefined where there is no transform of that name; `constructor` is none. */
export function findTransform(name: string): TransformFacts | undefined {
  return Object.hasOwn(TRANSFORMS, name) ? TRANSFORMS[name] : undefined;
}
