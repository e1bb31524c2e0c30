import { assert, constantFrom, integer, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { fromMinorUnits, toCurrency, toMinorUnits } from './currency.ts';
import type { Transformed } from './transform.ts';

function read<T>(transformed: Transformed<T>): T | undefined {
  return transformed.ok ? transformed.value : undefined;
}

test.each([
  ['AUD', 'AUD'],
  [' eur ', 'EUR'],
  ['xcg', 'XCG'],
  ['DEM', undefined],
  ['$', undefined],
  ['Euro', undefined],
  ['', undefined],
])('the currency "%s" becomes %s', (text, expected) => {
  expect(read(toCurrency(text))).toBe(expected);
});

test.each([
  ['12.34', 'AUD', 1234],
  ['12.340', 'AUD', 1234],
  ['0.07', 'EUR', 7],
  ['-1.5', 'USD', -150],
  ['4.35', 'USD', 435],
  ['1200', 'JPY', 1200],
  ['1200.00', 'JPY', 1200],
  ['1.234', 'BHD', 1234],
  ['1.2345', 'CLF', 12_345],
  ['1.50', 'IDR', 150],
  ['1.5', 'HUF', 150],
  ['-0.00', 'AUD', 0],
  [12.34, 'AUD', 1234],
  ['12.345', 'AUD', undefined],
  ['1200.5', 'JPY', undefined],
  ['90071992547409.93', 'AUD', undefined],
  ['1,234.00', 'AUD', undefined],
  ['A$5', 'AUD', undefined],
])('%s in %s is %s minor units', (text, currency, expected) => {
  expect(read(toMinorUnits(text, currency))).toBe(expected);
});

test.each([
  ['1234', 'AUD', 12.34],
  [7, 'EUR', 0.07],
  ['1200', 'JPY', 1200],
  ['1234', 'BHD', 1.234],
  ['-5', 'AUD', -0.05],
  ['12.5', 'AUD', undefined],
  ['a', 'AUD', undefined],
])('%s minor units of %s are %s', (text, currency, expected) => {
  expect(read(fromMinorUnits(text, currency))).toBe(expected);
});

const currency = constantFrom('AUD', 'JPY', 'BHD', 'CLF', 'KRW', 'IQD', 'EUR');

test('minor units go there and back digit for digit', () => {
  assert(
    property(integer({ min: -(10 ** 12), max: 10 ** 12 }), currency, (units, code) => {
      const amount = read(fromMinorUnits(units, code));
      expect(read(toMinorUnits(amount ?? Number.NaN, code))).toBe(units);
    }),
  );
});

test('no text whatever throws, and what is made is a whole number or a code', () => {
  assert(
    property(string({ unit: 'grapheme' }), currency, (text, code) => {
      const units = toMinorUnits(text, code);
      if (units.ok) expect(Number.isSafeInteger(units.value)).toBe(true);
      fromMinorUnits(text, code);
      const made = toCurrency(text);
      if (made.ok) expect(made.value).toMatch(/^[A-Z]{3}$/);
    }),
  );
});
