import { expect, test } from 'vitest';
import { findBlankKind } from './blank.ts';
import { createBlanks, firstNotBlank } from './blanks.ts';
import { addDuration } from './add-duration.ts';
import { toBoolean, toInteger } from './number.ts';
import { collapseSpaces, lowerCase, toEmail, toUrl, trimText, truncateText, upperCase } from './text.ts';
import { toCalendarDate, toInstant } from './time.ts';
import type { Transformed } from './transform.ts';

function read<T>(transformed: Transformed<T>): T | undefined {
  return transformed.ok ? transformed.value : undefined;
}

test.each([
  [undefined, 'absent'],
  [null, 'null'],
  ['', 'empty'],
  [' \t\u00a0\n', 'whitespace'],
  ['n/a', 'sentinel'],
  [' N/A ', 'sentinel'],
  ['-', 'sentinel'],
  ['--', undefined],
  ['na', undefined],
  [0, undefined],
  [false, undefined],
  [Number.NaN, undefined],
  ['0', undefined],
])('%o is blank as %s', (value, kind) => {
  expect(findBlankKind(value)).toBe(kind);
});

test('the first value that is not blank counts, and the last where all are', () => {
  expect(firstNotBlank<string | number | undefined>(undefined, ' ', 'N/A', 0, 'x')).toBe(0);
  expect(firstNotBlank<string | null>('', null)).toBeNull();
  expect(firstNotBlank()).toBeUndefined();
});

test('a service has its own texts for nothing, in everything that asks', () => {
  const own = createBlanks(['None', ' 1900-01-01 ', 'unbekannt (noch)']);
  const kinds = ['none', ' NONE ', '1900-01-01', 'Unbekannt (noch)', 'n/a', '-', 'nones', ' '];
  expect(kinds.map(own.findBlankKind)).toEqual([
    'sentinel',
    'sentinel',
    'sentinel',
    'sentinel',
    undefined,
    undefined,
    undefined,
    'whitespace',
  ]);
  expect(own.firstNotBlank('none', '-', 'x')).toBe('-');
  expect(own.whole`a ${'none'}`).toBeUndefined();
  expect(own.whole`a ${'n/a'}`).toBe('a n/a');
  expect([own.htmlText, own.url, own.odata, own.soql, own.jql].map((tag) => tag`a ${'NONE'}`)).toEqual(
    Array.from({ length: 5 }),
  );
  expect(own.sum(['1', 'none'])).toBeUndefined();
  expect(own.times('none', 2)).toBeUndefined();
  expect(() => own.sum(['1', 'n/a'])).toThrow(RangeError);
  expect(() => own.toNumber('none')).toThrow(RangeError);
  expect(() => own.filled('none')).toThrow('blank');
  expect(() => own.filled(['a', 'none'])).toThrow('blank');
  expect(own.filled('-')).toBe('-');
});

test('where no text stands for nothing, each is a value', () => {
  const own = createBlanks([]);
  expect(['n/a', '-', '', ' '].map(own.findBlankKind)).toEqual([undefined, undefined, 'empty', 'whitespace']);
});

test('texts are trimmed, collapsed, raised and lowered', () => {
  expect(read(trimText('\u00a0 a  b \n'))).toBe('a  b');
  expect(read(collapseSpaces(' a \t\n b\u00a0c '))).toBe('a b c');
  expect(read(upperCase('straße'))).toBe('STRASSE');
  expect(read(lowerCase('ÅSA'))).toBe('åsa');
});

test.each([
  [' Ada.L@EXAMPLE.Com ', 'Ada.L@example.com'],
  ['a+b@example.co', 'a+b@example.co'],
  ['ada@example', undefined],
  ['ada example.com', undefined],
  ['a@b@example.com', undefined],
  ['', undefined],
  [`${'a'.repeat(250)}@example.com`, undefined],
])('the e-mail address "%s" becomes %s', (text, expected) => {
  expect(read(toEmail(text))).toBe(expected);
});

test.each([
  [' HTTPS://Example.com/a b ', 'https://example.com/a%20b'],
  ['http://example.com', 'http://example.com/'],
  ['example.com', undefined],
  ['javascript:alert(1)', undefined],
  ['ftp://example.com', undefined],
  ['https://user:pass@example.com', undefined],
  [`https://example.com/${'a'.repeat(2048)}`, undefined],
])('the address "%s" becomes %s', (text, expected) => {
  expect(read(toUrl(text))).toBe(expected);
});

test.each([
  ['42', 42],
  [' -7 ', -7],
  ['+5', 5],
  [12, 12],
  ['9007199254740993', undefined],
  ['1.0', undefined],
  ['1e3', undefined],
  ['0x10', undefined],
  ['', undefined],
])('the whole number %o becomes %s', (value, expected) => {
  expect(read(toInteger(value))).toBe(expected);
});

test.each([
  ['Yes', true],
  [' TRUE ', true],
  [1, true],
  [false, false],
  ['n', false],
  ['0', false],
  ['maybe', undefined],
  ['', undefined],
])('%o is true or false as %s', (value, expected) => {
  expect(read(toBoolean(value))).toBe(expected);
});

test.each([
  ['2026-01-05T09:30:00Z', 'UTC', '2026-01-05T09:30:00.000Z'],
  ['2026-01-05T09:30:00.1239+0130', 'UTC', '2026-01-05T08:00:00.123Z'],
  ['2026-01-05 09:30', 'Australia/Sydney', '2026-01-04T22:30:00.000Z'],
  ['2026-07-05 09:30', 'Australia/Sydney', '2026-07-04T23:30:00.000Z'],
  ['2026-01-05', 'Europe/Berlin', '2026-01-04T23:00:00.000Z'],
  ['1767605400', 'UTC', '2026-01-05T09:30:00.000Z'],
  ['1767605400123', 'UTC', '2026-01-05T09:30:00.123Z'],
  [1_767_605_400, 'UTC', '2026-01-05T09:30:00.000Z'],
  ['/Date(1767605400000)/', 'UTC', '2026-01-05T09:30:00.000Z'],
  ['/Date(1767605400000+1100)/', 'UTC', '2026-01-05T09:30:00.000Z'],
  ['/Date(-1000)/', 'UTC', '1969-12-31T23:59:59.000Z'],
  ['Mon, 05 Jan 2026 09:30:00 GMT', 'UTC', '2026-01-05T09:30:00.000Z'],
  ['5 Jan 2026 09:30 +0200', 'UTC', '2026-01-05T07:30:00.000Z'],
  ['2024-02-29', 'UTC', '2024-02-29T00:00:00.000Z'],
])('the moment %o read in %s is %s', (value, zone, expected) => {
  expect(read(toInstant(value, zone))).toBe(expected);
});

test.each([
  ['Europe/Berlin', '2026-03-29 01:59', '2026-03-29T00:59:00.000Z'],
  ['Europe/Berlin', '2026-03-29 02:30', '2026-03-29T01:30:00.000Z'],
  ['Europe/Berlin', '2026-03-29 03:00', '2026-03-29T01:00:00.000Z'],
  ['Europe/Berlin', '2026-10-25 01:30', '2026-10-24T23:30:00.000Z'],
  ['Europe/Berlin', '2026-10-25 02:30', '2026-10-25T00:30:00.000Z'],
  ['Europe/Berlin', '2026-10-25 03:30', '2026-10-25T02:30:00.000Z'],
  ['America/New_York', '2026-03-08 01:59', '2026-03-08T06:59:00.000Z'],
  ['America/New_York', '2026-03-08 02:30', '2026-03-08T07:30:00.000Z'],
  ['America/New_York', '2026-03-08 03:00', '2026-03-08T07:00:00.000Z'],
  ['America/New_York', '2026-11-01 01:30', '2026-11-01T05:30:00.000Z'],
  ['America/New_York', '2026-11-01 02:30', '2026-11-01T07:30:00.000Z'],
])('in %s, beside a clock change, %s is %s', (zone, text, expected) => {
  expect(read(toInstant(text, zone))).toBe(expected);
});

test.each([
  '2026-02-31',
  '2026-13-01',
  '2026-00-10',
  '2025-02-29',
  '0001-01-01T00:00:00Z',
  '2026-01-05T24:00',
  '2026-01-05T10:60',
  '2026-01-05T10:00:61Z',
  '2026-01-05T10:00:00+25:00',
  '31 Feb 2026 10:00:00 GMT',
  '05 Foo 2026 10:00:00 GMT',
  '05/01/2026',
  '20260105',
  'tomorrow',
  'true',
  '',
])('"%s" is no moment', (text) => {
  expect(toInstant(text, 'UTC').ok).toBe(false);
  expect(toCalendarDate(text, 'Europe/Berlin').ok).toBe(false);
});

test.each([
  ['2026-01-05', 'Pacific/Auckland', '2026-01-05'],
  ['2026-01-05T13:00:00Z', 'Australia/Sydney', '2026-01-06'],
  ['2026-01-05T03:00:00Z', 'America/New_York', '2026-01-04'],
  ['1767605400000', 'UTC', '2026-01-05'],
])('the day of %s in %s is %s', (text, zone, expected) => {
  expect(read(toCalendarDate(text, zone))).toBe(expected);
});

test.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'abc'],
  ['a👩‍👩‍👧b', 4, 'a'],
  ['a👩‍👩‍👧b', 9, 'a👩‍👩‍👧'],
  ['e\u0301e\u0301', 3, 'e\u0301'],
  ['🇩🇪🇫🇷', 5, '🇩🇪'],
  ['👍', 1, ''],
  ['abc', 0, ''],
])('"%s" cut to %i units is "%s"', (text, length, expected) => {
  expect(truncateText(text, length)).toBe(expected);
});

test.each([
  ['2026-01-31', '30d', '2026-03-02'],
  ['2024-02-28', '1d', '2024-02-29'],
  ['2026-12-31', '0d', '2026-12-31'],
  ['2026-03-01', '48h', '2026-03-03'],
  // The day on which the clocks of most zones change has other than 24 hours there; a date knows none of it.
  ['2026-03-29', '1d', '2026-03-30'],
  ['2026-03-04T23:30:00.000Z', '45m', '2026-03-05T00:15:00.000Z'],
  ['2026-03-04T23:30:00+02:00', '1d', '2026-03-05T21:30:00.000Z'],
  ['2026-03-04T05:06:07Z', '30s', '2026-03-04T05:06:37.000Z'],
  ['2026-03-01', '12h', undefined],
  ['2026-03-04T05:06:07', '1d', undefined],
  ['2026-02-30', '1d', undefined],
  ['9999-12-31', '1d', undefined],
  ['1772600767', '1d', undefined],
  ['tomorrow', '1d', undefined],
  ['2026-03-01', '1w', undefined],
])('%s and %s make %s', (text, duration, expected) => {
  expect(read(addDuration(text, duration))).toBe(expected);
});
