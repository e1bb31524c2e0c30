import { createHmac, randomBytes } from 'node:crypto';

/**
 * What stands for a value in a recording: of the same kind and about as long, and for the same value always the same, so
 * that what belongs together still does. It is keyed by a secret: with a key that is committed beside the recordings,
 * whoever guesses a name or a telephone number could see whether the guess is right.
 */
export interface Pseudonyms {
  email(value: string): string;
  phone(value: string): string;
  digits(value: string): string;
  date(value: string): string;
  url(value: string): string;
  /** Word by word. */
  text(value: string): string;
  secret(value: string): string;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const VOWELS = 'aeiou';
const CONSONANTS = 'bcdfghjklmnprstvwz';
/** No telephone plan gives the first digit of a local number a meaning that 0 and 1 have. */
const DIGITS = '23456789';
const SIGNS = `${LETTERS}0123456789`;
/** So many digits at the end of a telephone number are one person's; those before them are a country's or a network's. */
const OWN_DIGITS = 7;
const LONGEST_SECRET = 64;

/** @param key MORTISE_KEY; without it, the same value has another pseudonym in every run */
export function createPseudonyms(key: string | undefined): Pseudonyms {
  const secret =
    key === undefined ? randomBytes(32) : createHmac('sha256', key).update('mortise recordings').digest();
  const draw = (kind: string, value: string, count: number, alphabet: string): string => {
    let drawn = '';
    for (let block = 0; drawn.length < count; block += 1) {
      const bytes = createHmac('sha256', secret).update(`${kind}\0${block}\0${value}`).digest();
      for (const byte of bytes) drawn += alphabet[byte % alphabet.length] ?? '';
    }
    return drawn.slice(0, count);
  };
  const word = (value: string): string => makeWord(draw, value);
  const text = (value: string): string =>
    value
      .split(/(<\/?[a-zA-Z][a-zA-Z0-9]*\s*\/?>|&[a-zA-Z]+;)/)
      .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/[\p{L}\p{M}\p{N}]+/gu, word)))
      .join('');
  const email = (value: string): string => {
    const at = value.lastIndexOf('@');
    const local = draw('mailbox', value.slice(0, at).toLowerCase(), 10, SIGNS);
    return `p${local}@d${draw('domain', value.slice(at + 1).toLowerCase(), 8, SIGNS)}.example`;
  };
  return {
    email: (value) => value.replaceAll(/[^\s<>"',;:]+@[^\s<>"',;:]+/g, email),
    phone(value) {
      const own = value.replaceAll(/\D/g, '').slice(-OWN_DIGITS);
      const drawn = draw('phone', own, own.length, DIGITS);
      let left = value.replaceAll(/\D/g, '').length;
      return value.replaceAll(/\d/g, (digit) => {
        left -= 1;
        return left < own.length ? (drawn[own.length - 1 - left] ?? '2') : digit;
      });
    },
    digits(value) {
      const drawn = draw('digits', value, value.length, DIGITS);
      return value.replaceAll(/\d/g, (_digit, at: number) => drawn[at] ?? '2');
    },
    date(value) {
      const [month = '2', day = '2'] = draw('date', value, 2, '123456789');
      return value.replace(/-\d\d-\d\d/, `-0${month}-1${day}`);
    },
    url(value) {
      const [, scheme = 'https://', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)(.*)$/is.exec(value) ?? [];
      const [host = '', ...path] = rest.split('/');
      return `${scheme}h${draw('host', host.toLowerCase(), 8, SIGNS)}.example${path.map((part) => `/${text(part)}`).join('')}`;
    },
    text,
    secret(value) {
      const length = Math.min(Math.max(value.length, 16), LONGEST_SECRET);
      return `redacted-${draw('secret', value, length - 'redacted-'.length, SIGNS)}`;
    },
  };
}

type Draw = (kind: string, value: string, count: number, alphabet: string) => string;

/** As long, of the same case, and it can be spoken; a sign that is not ASCII stays one, for its length in bytes. */
function makeWord(draw: Draw, value: string): string {
  const signs = [...value.normalize('NFC')];
  const folded = value.normalize('NFC').toLowerCase();
  const drawn = {
    vowel: draw('vowel', folded, signs.length, VOWELS),
    consonant: draw('consonant', folded, signs.length, CONSONANTS),
    digit: draw('digit', folded, signs.length, DIGITS),
  };
  return signs
    .map((sign, index) => {
      if (/\p{N}/u.test(sign)) return drawn.digit[index];
      if (sign > '\u007f') return sign.toLowerCase() === sign ? 'é' : 'É';
      const letter = (index % 2 === 0 ? drawn.consonant : drawn.vowel)[index] ?? 'a';
      return sign === sign.toUpperCase() ? letter.toUpperCase() : letter;
    })
    .join('');
}
