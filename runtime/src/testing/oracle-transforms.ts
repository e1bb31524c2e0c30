import { z } from 'zod';
import { addDuration } from '../transforms/add-duration.ts';
import { toCountry, toCountryAlpha3, toCountryName } from '../transforms/country.ts';
import { fromMinorUnits, toCurrency, toMinorUnits } from '../transforms/currency.ts';
import { multiplyDecimal, toDecimal, toFixedDecimal } from '../transforms/decimal.ts';
import { toEpochMs, toEpochSeconds, toMsDate, toRfc2822 } from '../transforms/epoch.ts';
import { hashText } from '../transforms/hash.ts';
import { toLanguage, toLanguageCode } from '../transforms/language.ts';
import { toBoolean, toInteger } from '../transforms/number.ts';
import { toFamilyName, toGivenName } from '../transforms/person-name.ts';
import { toPhone } from '../transforms/phone.ts';
import { toPlainText } from '../transforms/plain-text.ts';
import { collapseSpaces, lowerCase, trimText, upperCase } from '../transforms/text.ts';
import { toDigits, toEmail, toEmailDomain, toTruncated, toUrl } from '../transforms/text.ts';
import { toCalendarDate, toInstant } from '../transforms/time.ts';
import { titleCase } from '../transforms/title-case.ts';
import { failed } from '../transforms/transform.ts';
import type { Transformed } from '../transforms/transform.ts';

type Apply = (text: string, argument: string, zone: string) => Transformed<unknown>;

/** Each has tests of its own against values worked out by hand. */
const transforms: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ['trim', trimText],
  ['collapse', collapseSpaces],
  ['upper', upperCase],
  ['lower', lowerCase],
  ['title', titleCase],
  ['digits', toDigits],
  ['truncate', (text, argument) => toTruncated(text, Number(argument))],
  ['plain-text', toPlainText],
  ['given-name', toGivenName],
  ['family-name', toFamilyName],
  ['email', toEmail],
  ['email-domain', toEmailDomain],
  ['url', toUrl],
  ['phone', toPhone],
  ['country', toCountry],
  ['country-alpha3', toCountryAlpha3],
  ['country-name', toCountryName],
  ['currency', toCurrency],
  ['language', toLanguage],
  ['language-code', toLanguageCode],
  ['hash', hashText],
  ['integer', toInteger],
  ['decimal', toDecimal],
  ['times', multiplyDecimal],
  ['fixed', (text, argument) => toFixedDecimal(text, Number(argument))],
  ['minor-units', toMinorUnits],
  ['from-minor-units', fromMinorUnits],
  ['boolean', toBoolean],
  ['instant', (text, _, zone) => toInstant(text, zone)],
  ['date', (text, _, zone) => toCalendarDate(text, zone)],
  ['plus', addDuration],
  ['epoch-s', (text, _, zone) => toEpochSeconds(text, zone)],
  ['epoch-ms', (text, _, zone) => toEpochMs(text, zone)],
  ['rfc2822', (text, _, zone) => toRfc2822(text, zone)],
  ['ms-date', (text, _, zone) => toMsDate(text, zone)],
]);

/** A transform by its name in the rules. */
export function apply(
  name: string,
  value: unknown,
  argument: string | undefined,
  zone: string,
): Transformed<unknown> {
  const transform = transforms.get(name);
  if (transform === undefined) return failed(`there is no transform ${name}`);
  return transform(String(value), argument ?? '', zone);
}

const formats: Readonly<Record<string, z.ZodType>> = {
  uuid: z.guid(),
  date: z.iso.date(),
  'date-time': z.iso.datetime({ offset: true }),
  email: z.email(),
  uri: z.url(),
};

export function fitsFormat(value: string, format: string | undefined): boolean {
  const schema = format === undefined ? undefined : formats[format];
  return schema === undefined || schema.safeParse(value).success;
}
