import { z } from 'zod';
import { madeDecimal, readDecimal } from './decimal.ts';
import { failed, made } from './transform.ts';
import type { Transformed } from './transform.ts';

/** The code of a currency that ISO 4217 lists today, in capitals. A code that was withdrawn, such as DEM, fails. */
export function toCurrency(value: string): Transformed<string> {
  const code = value.trim().toUpperCase();
  return z.regexes.currencyCode.test(code) ? made(code) : failed('this is no currency code of ISO 4217');
}

/**
 * Digits of the minor unit where they are not two (ISO 4217, list one of 2026). Node's own table is CLDR's, which says
 * what people write: no fraction for rupiah, forint or Iraqi dinar, although banks count them.
 */
const MINOR_DIGITS: ReadonlyMap<string, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map(digits(0)),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map(digits(3)),
  ...'CLF UYW'.split(' ').map(digits(4)),
]);

function digits(count: number): (code: string) => [string, number] {
  return (code) => [code, count];
}

/**
 * An amount in whole minor units, digit for digit: `12.34` in AUD is 1234, `12` in JPY is 12. Fails where the amount has
 * more digits than the currency.
 * @param currency a code of ISO 4217
 */
export function toMinorUnits(value: string | number | boolean, currency: string): Transformed<number> {
  const exact = readDecimal(value);
  if (exact === undefined) return failed('this is no decimal number');
  const places = MINOR_DIGITS.get(currency) ?? 2;
  const units = exact.times(`1e${places}`);
  if (!units.round().eq(units))
    return failed(`${currency} has ${places} digits behind the point, this has more`);
  const number = Number(units.toFixed());
  if (!Number.isSafeInteger(number)) return failed('this amount is beyond 2^53 minor units');
  return made(number === 0 ? 0 : number);
}

/** The amount of whole minor units, digit for digit: 1234 in AUD is 12.34. Fails where they are not whole. */
export function fromMinorUnits(value: string | number | boolean, currency: string): Transformed<number> {
  const units = readDecimal(value);
  if (units === undefined || !units.round().eq(units))
    return failed('this is no whole number of minor units');
  return madeDecimal(units.times(`1e-${MINOR_DIGITS.get(currency) ?? 2}`));
}
