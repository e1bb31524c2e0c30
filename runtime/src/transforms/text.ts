import { z } from 'zod';
import { failed, made } from './transform.ts';
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
