import { z } from 'zod';
import { addDuration } from '../transforms/add-duration.ts';
import { toBoolean, toDecimal, toInteger } from '../transforms/number.ts';
import { toPhone } from '../transforms/phone.ts';
import { collapseSpaces, lowerCase, toEmail, toUrl, trimText, upperCase } from '../transforms/text.ts';
import { toCalendarDate, toInstant } from '../transforms/time.ts';
import { failed } from '../transforms/transform.ts';
import type { Transformed } from '../transforms/transform.ts';

/** A transform by its name in the rules; each has tests of its own against values worked out by hand. */
export function apply(
  name: string,
  value: unknown,
  argument: string | undefined,
  zone: string,
): Transformed<unknown> {
  const text = String(value);
  switch (name) {
    case 'trim':
      return trimText(text);
    case 'collapse':
      return collapseSpaces(text);
    case 'upper':
      return upperCase(text);
    case 'lower':
      return lowerCase(text);
    case 'email':
      return toEmail(text);
    case 'url':
      return toUrl(text);
    case 'phone':
      return toPhone(text, argument ?? '');
    case 'integer':
      return toInteger(text);
    case 'decimal':
      return toDecimal(text);
    case 'plus':
      return addDuration(text, argument ?? '');
    case 'boolean':
      return toBoolean(text);
    case 'instant':
      return toInstant(text, zone);
    case 'date':
      return toCalendarDate(text, zone);
    default:
      return failed(`there is no transform ${name}`);
  }
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
