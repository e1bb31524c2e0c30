import { z } from 'zod';
import { failed, made, madeText } from './transform.ts';
import type { Transformed } from './transform.ts';

export function trimText(value: string): Transformed<string> {
  return made(value.trim());
}

export function collapseSpaces(value: string): Transformed<string> {
  return made(value.trim().replaceAll(/\s+/g, ' '));
}

export function upperCase(value: string): Transformed<string> {
  return made(value.toUpperCase());
}

export function lowerCase(value: string): Transformed<string> {
  return made(value.toLowerCase());
}

const LONGEST_EMAIL = 254;

/** An address as RFC 5321 limits it: trimmed, the domain in small letters, the local part as it was. */
export function toEmail(value: string): Transformed<string> {
  const text = value.trim();
  const at = text.lastIndexOf('@');
  const address = at === -1 ? text : text.slice(0, at) + text.slice(at).toLowerCase();
  if (address.length > LONGEST_EMAIL || !z.regexes.email.test(address))
    return failed('this is no e-mail address');
  return made(address);
}

/** An absolute http or https URL, without credentials, in the WHATWG form. */
export function toUrl(value: string): Transformed<string> {
  const url = URL.parse(value.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) return failed('this is no http or https URL');
  if (url.username !== '' || url.password !== '') return failed('this URL holds credentials');
  return url.href.length > 2048 ? failed('this URL is longer than 2048 characters') : made(url.href);
}

/** The domain of an e-mail address, in small letters. */
export function toEmailDomain(value: string): Transformed<string> {
  const address = toEmail(value);
  return address.ok ? made(address.value.slice(address.value.lastIndexOf('@') + 1)) : address;
}

/** The digits 0 to 9 in their order and nothing else. Fails where there is none, or one of another script. */
export function toDigits(value: string): Transformed<string> {
  const digits = value.replaceAll(/[^0-9]/g, '');
  if ((value.match(/\p{Nd}/gu)?.length ?? 0) !== digits.length)
    return failed('this has digits of another script');
  return madeText(digits, 'this has no digits');
}

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Cut to at most `length` UTF-16 units, never inside a grapheme. */
export function truncateText(value: string, length: number): string {
  if (value.length <= length) return value;
  let end = 0;
  for (const { index, segment } of segmenter.segment(value.slice(0, length + 64))) {
    if (index + segment.length > length) break;
    end = index + segment.length;
  }
  return value.slice(0, end);
}

/** As `truncateText`; fails where nothing is left but white space or a dash, which would stand for nothing. */
export function toTruncated(value: string, length: number): Transformed<string> {
  if (value.length <= length) return made(value);
  return madeText(truncateText(value, length).trimEnd(), `nothing is left of this in ${length} characters`);
}
