import { failed, made } from './transform.ts';
import type { Transformed } from './transform.ts';

/** A whole number that JavaScript holds exactly. */
export function toInteger(value: string | number | boolean): Transformed<number> {
  const text = String(value).trim();
  const number = Number(text);
  if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(number))
    return failed('this is no whole number within 2^53');
  return made(number);
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/**
 * A decimal number from its text, digit for digit: one that JSON's numbers would not give back the same is refused, never
 * rounded. A comma, a currency sign or an exponent is not guessed at.
 */
export function toDecimal(value: string | number | boolean): Transformed<number> {
  const text = String(value).trim();
  const number = Number(text);
  if (!DECIMAL.test(text)) return failed('this is no decimal number');
  if (digitsOf(text) !== digitsOf(String(number)))
    return failed('this number has more digits than JSON keeps exactly');
  return made(number === 0 ? 0 : number);
}

function digitsOf(text: string): string {
  const [, sign = '', whole = '', fraction = ''] = DECIMAL.exec(text) ?? [];
  const digits = `${whole.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0+$/, '')}`;
  return digits === '0.' ? digits : `${sign === '-' ? '-' : ''}${digits}`;
}

const TRUE = new Set(['true', 'yes', 'y', '1']);
const FALSE = new Set(['false', 'no', 'n', '0']);

export function toBoolean(value: string | number | boolean): Transformed<boolean> {
  const text = String(value).trim().toLowerCase();
  if (TRUE.has(text)) return made(true);
  return FALSE.has(text) ? made(false) : failed('this is neither true nor false');
}
