import { assert, constantFrom, nat, property, string, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { fitsFormat } from '../testing/oracle-transforms.ts';
import { findBrokenBound } from './find-broken-bound.ts';

const WHOLE = [
  '2024-02-29',
  '2026-02-29',
  '2026-03-04T05:06:07.890Z',
  '2026-03-04T05:06+01:00',
  '3f1a7c52-8d4e-4b6f-9a21-0c5d7e8f9a0b',
  'ada.l+x@example.com',
  'https://example.com/a?b=c',
  ' https://example.com',
  'mailto:ada@example.com',
  '',
];

/** Texts of each format, and such as differ from them in a sign or a few. */
const near = tuple(constantFrom(...WHOLE), nat(40), nat(2), string({ unit: 'grapheme', maxLength: 2 })).map(
  ([text, at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut),
);

test.each(['uuid', 'date', 'date-time', 'email', 'uri'] as const)(
  'a text is a %s where zod says so',
  (format) => {
    let fitting = 0;
    assert(
      property(near, (text) => {
        const isFit = findBrokenBound(text, { format }) === undefined;
        if (isFit) fitting += 1;
        expect(isFit).toBe(fitsFormat(text, format));
      }),
      { numRuns: 3000 },
    );
    expect(fitting).toBeGreaterThan(10);
  },
);
