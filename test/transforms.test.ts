import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, constantFrom, oneof, property, string } from 'fast-check';
import { getCountries } from 'libphonenumber-js';
import { expect, test } from 'vitest';
import { isRegion } from '../compiler/src/check/judge-argument.ts';
import { satisfiesFormat } from '../compiler/src/check/satisfies-text.ts';
import { TRANSFORMS } from '../compiler/src/check/transform-catalog.ts';
import type { ArgumentKind } from '../compiler/src/check/transform-facts.ts';
import { apply } from '../runtime/src/testing/oracle-transforms.ts';
import { findBlankKind } from '../runtime/src/transforms/blank.ts';
import { ROOT } from './run-process.ts';

/** What the compiler believes of each transform, held against what the runtime does. */
const names = Object.keys(TRANSFORMS);

const ARGUMENTS: Readonly<Record<ArgumentKind | 'none', readonly string[]>> = {
  none: [''],
  region: ['AU', 'DE'],
  duration: ['30d', '12h'],
  currency: ['AUD', 'JPY', 'BHD'],
  factor: ['1.1', '-3'],
  places: ['0', '2'],
  length: ['1', '20'],
  algorithm: ['md5', 'sha1', 'sha256', 'sha512'],
};

/** Texts of which each transform reads some, and anything else. */
const given = oneof(
  string({ unit: 'grapheme', minLength: 1 }),
  string({ unit: constantFrom(...'0123456789.-'), minLength: 1, maxLength: 18 }),
  constantFrom(
    'ada@example.com',
    'a@b.cc',
    'HTTP://A',
    'https://example.com/ü',
    '+61412345678',
    '0412 345 678',
  ),
  constantFrom('Ada King', 'van der Berg, Jan', '<p>a<br>b</p>', 'ﬃ ﬃ', 'İstanbul', '  x  '),
  constantFrom('Australia', 'GBR', 'Congo', 'eur', 'JPY', 'en_AU', 'German', 'sh', 'yes', '0'),
  constantFrom('2026-03-04T05:06:07.890Z', '2026-03-04', '1772600767', '/Date(-62135596800000)/', '12.50'),
);

test.for(names)('%s makes what the compiler believes', (name) => {
  const facts = TRANSFORMS[name];
  let count = 0;
  assert(
    property(given, constantFrom(...ARGUMENTS[facts?.argument ?? 'none']), (text, argument) => {
      if (findBlankKind(text) !== undefined) return;
      const made = apply(name, text, argument, 'Australia/Sydney');
      if (!made.ok) {
        expect(facts?.canFail).toBe(true);
        return;
      }
      count += 1;
      expect(typeof made.value).toBe(facts?.makes);
      if (typeof made.value === 'number' && facts?.hasFraction === false)
        expect(Number.isSafeInteger(made.value)).toBe(true);
      if (typeof made.value !== 'string') return;
      const [least = 1, most = Infinity] = facts?.lengthOf?.(argument) ?? [];
      expect(made.value.length).toBeGreaterThanOrEqual(least);
      expect(made.value.length).toBeLessThanOrEqual(
        Math.min(most, (facts?.growth ?? Infinity) * text.length),
      );
      expect(made.value.trim()).not.toBe('');
      if (facts?.format !== undefined) expect(satisfiesFormat(facts.format, made.value)).toBe(true);
    }),
    { numRuns: 1500 },
  );
  expect(count).toBeGreaterThan(0);
});

test('the case of all transforms uses each of them', () => {
  const rules = readFileSync(join(ROOT, 'test/cases/ok-every-transform/integration.rules.yaml'), 'utf8');
  const used = [...rules.matchAll(/as: \[?([^}\]]+)/g)].flatMap(([, list = '']) =>
    list.split(',').map((call) => call.replace(/\(.*/, '').trim()),
  );

  expect(names.filter((name) => !used.includes(name))).toEqual([]);
});

test('the README lists each transform, and no other', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const listed = /`as` \(([^|]*?)\), `table`/.exec(readme)?.[1]?.split(', ') ?? [];

  expect(listed.map((entry) => entry.replace(/\(.*/, '')).toSorted()).toEqual(names.toSorted());
});

test('a region is one of those whose telephone numbers the runtime’s library knows', () => {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const pairs = letters.flatMap((one) => letters.map((other) => `${one}${other}`));

  expect(pairs.filter(isRegion)).toEqual(getCountries().toSorted());
});
