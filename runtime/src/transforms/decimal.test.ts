import { array, assert, bigInt, integer, nat, property, string, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { multiplyDecimal, roundToMultiple, toDecimal, toFixedDecimal } from './decimal.ts';
import { sum, times } from './blanks.ts';

test.each([
  ['12.50', 12.5],
  [' 0012.3400 ', 12.34],
  ['-0.1', -0.1],
  ['+7', 7],
  ['-0.00', 0],
  [3.25, 3.25],
  ['9007199254740993', undefined],
  ['0.12345678901234567890', undefined],
  ['0.0000001', undefined],
  ['1,5', undefined],
  ['1e3', undefined],
  ['$5', undefined],
  ['.5', undefined],
  ['NaN', undefined],
  ['Infinity', undefined],
  ['9'.repeat(401), undefined],
])('the decimal %o becomes %s', (text, expected) => {
  const made = toDecimal(text);
  expect(made.ok ? made.value : undefined).toBe(expected);
});

test.each([
  ['19.99', '1.1', 21.989],
  ['0.1', '3', 0.3],
  ['4.35', '100', 435],
  ['-2', '-1', 2],
  ['0', '-1', 0],
  ['1.15', '1.15', 1.3225],
  ['9007199254740991', '1.1', undefined],
  ['ten', '2', undefined],
  ['2', 'ten', undefined],
])('%s times %s is %s', (text, factor, expected) => {
  const made = multiplyDecimal(text, factor);
  expect(made.ok ? made.value : undefined).toBe(expected);
});

test.each([
  ['12.5', 2, '12.50'],
  ['12.500', 2, '12.50'],
  ['7', 0, '7'],
  [3, 2, '3.00'],
  ['-0.00', 2, '0.00'],
  ['9007199254740993.1', 1, '9007199254740993.1'],
  ['12.345', 2, undefined],
  ['a', 2, undefined],
])('%s with %i digits behind the point is %s', (text, places, expected) => {
  const made = toFixedDecimal(text, places);
  expect(made.ok ? made.value : undefined).toBe(expected);
});

test('in expressions, products and sums are exact texts', () => {
  expect(times('19.99', 3)).toBe('59.97');
  expect(sum(['0.1', 0.2, '9007199254740993'])).toBe('9007199254740993.3');
  expect(sum([])).toBe('0');
});

test('in expressions, a blank part makes the whole blank, and one that is no decimal throws without its value', () => {
  expect(times('2', null)).toBeUndefined();
  expect(times(' ', '2')).toBeUndefined();
  expect(sum(['1', undefined])).toBeUndefined();
  expect(sum(['1', 'n/a'])).toBeUndefined();
  expect(() => times('a secret', 2)).toThrow(/^a value that is multiplied or added is no decimal number$/);
  expect(() => sum(['1', 'x'])).toThrow(RangeError);
});

/** A decimal by its digits: `-1234` with two places is `-12.34`. */
const decimal = tuple(bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), nat(12)).map(([units, places]) => ({
  units,
  places,
  text: write(units, places),
}));

function write(units: bigint, places: number): string {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  return `${units < 0n ? '-' : ''}${whole}${places === 0 ? '' : `.${digits.slice(-places)}`}`;
}

function toUnits(text: string, places: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(places, '0'));
}

test('products and sums are those of whole numbers', () => {
  assert(
    property(decimal, decimal, (one, other) => {
      const places = one.places + other.places;
      expect(toUnits(times(one.text, other.text) ?? '', places)).toBe(one.units * other.units);
      const scaled = one.units * 10n ** BigInt(other.places) + other.units * 10n ** BigInt(one.places);
      expect(toUnits(sum([one.text, other.text]) ?? '', places)).toBe(scaled);
    }),
  );
});

test('the order of a sum does not matter', () => {
  assert(
    property(array(decimal), (values) => {
      const texts = values.map(({ text }) => text);
      expect(sum(texts)).toBe(sum(texts.toReversed()));
    }),
  );
});

test('a decimal is given back digit for digit or refused', () => {
  assert(
    property(decimal, ({ text }) => {
      const made = toDecimal(text);
      if (made.ok) expect(sum([String(made.value)])).toBe(sum([text]));
    }),
  );
  assert(
    property(integer({ min: -1e9, max: 1e9 }), nat(5), (units, places) => {
      expect(toDecimal(write(BigInt(units), places)).ok).toBe(true);
    }),
  );
});

test('no text whatever throws', () => {
  assert(
    property(string({ unit: 'grapheme' }), nat(20), (text, places) => {
      toDecimal(text);
      multiplyDecimal(text, text);
      const made = toFixedDecimal(text, places);
      if (made.ok) expect(made.value).toMatch(/^-?\d+(?:\.\d+)?$/);
    }),
  );
});

test.each([
  [1.234, 0.01, 1.23],
  [1.005, 0.01, 1.01],
  [-1.005, 0.01, -1.01],
  [0.125, 0.05, 0.15],
  [7, 5, 5],
  [7.5, 5, 10],
  [-0.1, 1, 0],
  [3, 0, undefined],
  [Number.NaN, 1, undefined],
])('%d to the nearest multiple of %d is %s', (value, of, expected) => {
  expect(roundToMultiple(value, of)).toBe(expected);
});

test('what is rounded is a multiple, and no farther away than half a step', () => {
  assert(
    property(integer({ min: -1e8, max: 1e8 }), integer({ min: 1, max: 500 }), (value, step) => {
      const [number, of] = [value / 1000, step / 100];
      const made = roundToMultiple(number, of) ?? Number.NaN;
      expect(Number.isInteger(Math.round((made / of) * 1e6) / 1e6)).toBe(true);
      expect(Math.abs(made - number)).toBeLessThanOrEqual(of / 2 + 1e-9);
    }),
  );
});
