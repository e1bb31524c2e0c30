import { failed, made } from './transform.ts';
import type { Transformed } from './transform.ts';

/** A whole number that JavaScript holds exactly. */
export function toInteger(value: string | number | boolean): Transformed<number> {
  const text = String(value).trim();
  const number = Number(text);
  if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(number))
    return failed('this is no whole number within 2^53');
  return made(number === 0 ? 0 : number);
}

const TRUE = new Set(['true', 'yes', 'y', '1']);
const FALSE = new Set(['false', 'no', 'n', '0']);

export function toBoolean(value: string | number | boolean): Transformed<boolean> {
  const text = String(value).trim().toLowerCase();
  if (TRUE.has(text)) return made(true);
  return FALSE.has(text) ? made(false) : failed('this is neither true nor false');
}
