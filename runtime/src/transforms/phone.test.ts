import { array, assert, constantFrom, nat, property, record, string } from 'fast-check';
import { getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js';
import type { CountryCode } from 'libphonenumber-js';
import examples from 'libphonenumber-js/mobile/examples';
import { expect, test } from 'vitest';
import { toPhone } from './phone.ts';

test.each([
  ['0412 345 678', 'AU', '+61412345678'],
  ['(02) 9876 5432', 'AU', '+61298765432'],
  ['+49 30 123456', 'AU', '+4930123456'],
  ['0011 49 30 123456', 'AU', '+4930123456'],
  ['61 412 345 678', 'AU', '+61412345678'],
  ['(212) 555-0123 ext. 7', 'US', '+12125550123'],
  ['tel:+44-20-7946-0958', 'AU', '+442079460958'],
  ['+39 06 698 12345', 'AU', '+390669812345'],
  ['0037412345678901234', 'JP', undefined],
  ['12', 'AU', undefined],
  ['0412 345 67', 'AU', undefined],
  ['call me', 'AU', undefined],
  ['0412 345 678', 'ZZ', undefined],
])('the number "%s" dialled in %s becomes %s', (text, region, expected) => {
  const made = toPhone(text, region);
  expect(made.ok ? made.value : undefined).toBe(expected);
});

/** Among them regions that share a calling code, that have carrier codes, and whose numbers keep their zero. */
const REGIONS: readonly CountryCode[] = [
  'AU',
  'US',
  'CA',
  'GB',
  'DE',
  'BR',
  'IT',
  'RU',
  'JP',
  'AR',
  'NZ',
  'KZ',
];

const region = constantFrom(...REGIONS);
const slip = record({
  at: nat(20),
  kind: constantFrom('cut', 'add', 'change', 'separate'),
  digit: nat(9),
  separator: constantFrom(' ', '-', '.', '(', ')', '/', '+', 'x', '  '),
});
/** A number of the region, written in one of the usual ways, with a few slips of the pen. */
const written = record({
  home: region,
  form: constantFrom('digits', 'national', 'international', 'without plus', 'from abroad'),
  slips: array(slip, { maxLength: 4 }),
}).map(({ home, form, slips }) => {
  const number = getExampleNumber(home, examples);
  if (number === undefined) throw new Error(`no example of ${home}`);
  const forms = {
    digits: number.nationalNumber,
    national: number.formatNational(),
    international: number.formatInternational(),
    'without plus': number.number.slice(1),
    'from abroad': `00${number.number.slice(1)}`,
  };
  const signs = [...(forms[form as keyof typeof forms] ?? '')];
  for (const { at, kind, digit, separator } of slips) {
    if (kind === 'cut') signs.splice(at % signs.length, 1);
    else if (kind === 'add') signs.splice(at % signs.length, 0, String(digit));
    else if (kind === 'change') signs[at % signs.length] = String(digit);
    else signs.splice(at % signs.length, 0, separator);
  }
  return signs.join('');
});

function asLibrary(text: string, home: CountryCode): string | undefined {
  const number = parsePhoneNumberFromString(text, home);
  return number?.isValid() === true && number.number.length <= 16 ? number.number : undefined;
}

test('every number is read as the library reads it', () => {
  let accepted = 0;
  assert(
    property(written, region, (text, home) => {
      const made = toPhone(text, home);
      if (made.ok) accepted += 1;
      expect(made.ok ? made.value : undefined).toBe(asLibrary(text, home));
    }),
    { numRuns: 6000 },
  );
  expect(accepted).toBeGreaterThan(1000);
});

test('digits at random are read as the library reads them', () => {
  const digits = string({ unit: constantFrom(...'0123456789 -().+'), maxLength: 18 });
  assert(
    property(digits, region, (text, home) => {
      const made = toPhone(text, home);
      expect(made.ok ? made.value : undefined).toBe(asLibrary(text, home));
    }),
    { numRuns: 4000 },
  );
});

test('no text whatever throws, and what is made is E.164', () => {
  assert(
    property(string({ unit: 'grapheme' }), region, (text, home) => {
      const made = toPhone(text, home);
      if (made.ok) expect(made.value).toMatch(/^\+[1-9]\d{3,14}$/);
    }),
  );
});
