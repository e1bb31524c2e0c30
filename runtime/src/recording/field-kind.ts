import { findBlankKind } from '../transforms/blank.ts';
import type { FieldFacts } from './slice.ts';

/** What becomes of a text: it stays, or a pseudonym of this kind takes its place. */
export type FieldKind = 'keep' | 'secret' | 'email' | 'phone' | 'digits' | 'date' | 'url' | 'text';

/** Replaces a text that stands in a field, a header or a parameter of this name; undefined where it stays. */
export type ReplaceNamed = (text: string, name: string, facts?: FieldFacts) => string | undefined;

const SECRET =
  /(?:^|_)(?:auth|authorization|pass(?:word|wd|phrase|code)?|pwd|pin|otp|secrets?|tokens?|jwt|cookies?|credentials?|signature|sig|session|assertion|nonce|csrf|xsrf|cvv|cvc)(?:_|$)|(?:api|access|private|secret|subscription|signing|master|client)_?key|connection_string/;
/** `token_type` and `access_token_expires_in` are about a secret, and none. */
const ABOUT_SECRET = /_(?:type|expir(?:y|es?|ation)|expires_(?:in|at)|count|limit|max|ttl|lifetime|scope)$/;
/** Their values are not kept even where they look like an id, a number or a day. */
const PERSONAL =
  /(?:^|_)(?:tax|vat|ssn|national|passport|licen[cs]e|iban|bic|swift|account|bank|card|routing|birth|birthday|birthdate|dob|born|ip|mac|lat|latitude|lng|lon|longitude|geo)(?:_|$)/;
const PHONE = /(?:^|_)(?:phones?|mobile|cell|fax|tel|telephone|msisdn|whatsapp)(?:_|$)/;
const ID =
  /(?:^|_)(?:ids?|key|uuid|guid|ref|reference|etag|version|revision|hash|checksum|cursor|offset|page)$|^id_/;
const HARMLESS =
  /(?:^|_)(?:status|state|stage|type|kind|object|event|currency|country|language|locale|zone|timezone|unit|units|method|format|version|category|priority|level|mode|scope|role|code|error|severity|operator|sort|sorts|order|direction|property|properties|property_name)$/;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TIME =
  /^(?:\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?|\/Date\(-?\d+(?:[+-]\d{4})?\)\/|[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:GMT|[+-]\d{4}))$/;
const WORD = /^[\p{L}\p{N}_ .:/-]{1,40}$/u;
const EMAIL = /[^\s<>"',;:@]+@[^\s<>"',;:@]+\.[^\s<>"',;:@]+/;
const DIALLED = /^\+?[\d\s().-]{7,20}$/;
const DECIMAL = /^-?\d{1,15}\.\d{1,10}$/;
const DIGITS = /^\d+$/;
/** A count, a page or a year: nobody's number is so short. */
const SHORT_NUMBER = /^\d{1,4}$/;

/**
 * Whether a text is known to be harmless, and else what it is. What nobody has called harmless is replaced: a day, a
 * number, an id, a value of a list and what the rules ask for by name stay, because a mapping or a look-up needs them.
 * @param name of the field, or of the header or parameter
 */
export function chooseKind(name: string, text: string, facts: FieldFacts | undefined): FieldKind {
  if (findBlankKind(text) !== undefined) return 'keep';
  const plain = toSnakeCase(name);
  // A place in a list of pages may hold what was asked for; a short number holds nothing.
  if (facts?.use === 'cursor') return /^(?:\d{1,9}|https?:.*)$/i.test(text) ? chooseCursor(text) : 'secret';
  if (SECRET.test(plain) && !ABOUT_SECRET.test(plain) && facts?.use === undefined) return 'secret';
  if (facts?.enum?.includes(text) === true || facts?.known?.includes(text) === true) return 'keep';
  if (EMAIL.test(text)) return 'email';
  if (PHONE.test(plain) && /\d/.test(text)) return 'phone';
  if (PERSONAL.test(plain)) return chooseShape(text);
  if (facts?.use !== undefined) return 'keep';
  if (
    TIME.test(text) ||
    UUID.test(text) ||
    /^(?:true|false)$/i.test(text) ||
    DECIMAL.test(text) ||
    SHORT_NUMBER.test(text)
  )
    return 'keep';
  if (/^https?:\/\//i.test(text)) return 'url';
  if (isNumeric(facts) && /^-?[\d.]+$/.test(text)) return 'keep';
  if (ID.test(plain) && !/\s/.test(text)) return 'keep';
  if (HARMLESS.test(plain) && WORD.test(text)) return 'keep';
  return chooseShape(text);
}

function chooseShape(text: string): FieldKind {
  if (EMAIL.test(text)) return 'email';
  if (TIME.test(text)) return 'date';
  if (DIGITS.test(text)) return 'digits';
  return DIALLED.test(text) ? 'phone' : 'text';
}

function chooseCursor(text: string): FieldKind {
  return /^https?:/i.test(text) ? 'url' : 'keep';
}

function isNumeric(facts: FieldFacts | undefined): boolean {
  return facts?.types.includes('number') === true || facts?.format === 'decimal';
}

/** `accessToken`, `Access-Token` and `access.token` are one name. */
function toSnakeCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}
