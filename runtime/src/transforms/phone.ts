import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { CountryCode } from 'libphonenumber-js';
import { failed, made } from './transform.ts';
import type { Transformed } from './transform.ts';

/** E.164, read as dialled in `region` (ISO 3166) where no country code is given. */
export function toPhone(value: string, region: string): Transformed<string> {
  const number = parsePhoneNumberFromString(value, region as CountryCode);
  return number?.isValid() === true ? made(number.number) : failed('this is no telephone number');
}
