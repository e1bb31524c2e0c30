import { array, assert, nat, oneof, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { findBlankKind } from './blank.ts';
import { hashText } from './hash.ts';
import { toFamilyName, toGivenName } from './person-name.ts';
import { toPlainText } from './plain-text.ts';
import { collapseSpaces, lowerCase, toDigits, toEmail, toEmailDomain } from './text.ts';
import { toTruncated, toUrl, trimText, upperCase } from './text.ts';
import { titleCase } from './title-case.ts';
import type { Transformed } from './transform.ts';

function read<T>(transformed: Transformed<T>): T | undefined {
  return transformed.ok ? transformed.value : undefined;
}

test.each([
  ['ada king', 'Ada King'],
  ['ADA KING', 'Ada King'],
  ['anne-marie o’brien', 'Anne-Marie O’Brien'],
  ["jean d'arc", "Jean D'Arc"],
  ["DON'T STOP", "Don't Stop"],
  ['Ronald McDonald', 'Ronald McDonald'],
  ['straße 7b', 'Straße 7b'],
  ['ßa', 'Ssa'],
  ['ångström (éva)', 'Ångström (Éva)'],
])('"%s" in title case is "%s"', (text, expected) => {
  expect(read(titleCase(text))).toBe(expected);
});

test.each([
  ['+61 (412) 345-678', '61412345678'],
  ['INV-0007', '0007'],
  ['none', undefined],
  ['٣ and 4', undefined],
])('the digits of "%s" are %s', (text, expected) => {
  expect(read(toDigits(text))).toBe(expected);
});

test.each([
  ['Ada.L@EXAMPLE.Com', 'example.com'],
  ['example.com', undefined],
])('the domain of "%s" is %s', (text, expected) => {
  expect(read(toEmailDomain(text))).toBe(expected);
});

test.each([
  ['abc', 3, 'abc'],
  ['ab  cd', 4, 'ab'],
  ['a👩‍👩‍👧b', 4, 'a'],
  ['👍👍', 1, undefined],
  ['   abc', 3, undefined],
  ['n/a, as they say', 3, 'n/a'],
])('"%s" cut to %i units is "%s"', (text, length, expected) => {
  expect(read(toTruncated(text, length))).toBe(expected);
});

test.each([
  ['md5', '5d41402abc4b2a76b9719d911017c592'],
  ['sha1', 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d'],
  ['sha256', '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'],
])('the %s of hello is %s', (algorithm, expected) => {
  expect(read(hashText('hello', algorithm))).toBe(expected);
});

test.each([
  ['Ada King', 'Ada', 'King'],
  [' Mary  Ann Evans ', 'Mary Ann', 'Evans'],
  ['Ludwig van Beethoven', 'Ludwig', 'van Beethoven'],
  ['Maria von der Heide', 'Maria', 'von der Heide'],
  ['King, Ada', 'Ada', 'King'],
  ['de la Cruz, Juan Carlos', 'Juan Carlos', 'de la Cruz'],
  ['Dr. Martin Luther King Jr.', 'Martin Luther', 'King'],
  ['Sammy Davis, Jr.', 'Sammy', 'Davis'],
  ['Ms Ada King, PhD', 'Ada', 'King'],
  ['Van Morrison', 'Van', 'Morrison'],
  ['Plato', 'Plato', undefined],
  ['King,', 'King', undefined],
  ['***', undefined, undefined],
])('the names of "%s" are %s and %s', (text, given, family) => {
  expect(read(toGivenName(text))).toBe(given);
  expect(read(toFamilyName(text))).toBe(family);
});

test.each([
  ['<p>Hello <b>Ada</b>!</p><p>Bye</p>', 'Hello Ada!\nBye'],
  ['one<br>two<br/><br>three', 'one\ntwo\n\nthree'],
  ['<ul><li>a</li>\n <li> b </li></ul>', 'a\nb'],
  ['<table><tr><td>a</td><td>b</td></tr></table>', 'a b'],
  ['Tom &amp; Jerry &lt;3 &eacute;&#8364;&nbsp;x', 'Tom & Jerry <3 é€ x'],
  ['<style>p{}</style><script>alert("<p>")</script><!-- no -->text', 'text'],
  ['<a href="x>y" title=\'z\'>link</a>', 'link'],
  ['plain\n  text', 'plain text'],
  ['a < b', 'a < b'],
  ['<p>unclosed', 'unclosed'],
  ['<p>&nbsp;</p><br>', undefined],
  ['<b>n/a</b>', 'n/a'],
  ['<b> </b>', undefined],
  ['<div>'.repeat(201), undefined],
])('the text of %s is %o', (html, expected) => {
  expect(read(toPlainText(html))).toBe(expected);
});

test('a deep nest of elements takes no time', () => {
  const startedMs = performance.now();
  expect(toPlainText('<a>'.repeat(200_000) + '</b>'.repeat(200_000)).ok).toBe(false);
  expect(toPlainText(`${'<td> '.repeat(100)}${' '.repeat(200_000)}x`).ok).toBe(true);
  expect(performance.now() - startedMs).toBeLessThan(2000);
});

/** Whole characters, and code units of which some are halves of one. */
const anyText = oneof(
  string({ unit: 'grapheme' }),
  array(nat(0xff_ff)).map((units) => String.fromCharCode(...units)),
  string({ maxLength: 60 }),
);

const TRANSFORMS: readonly (readonly [string, (text: string) => Transformed<string>, number | undefined])[] =
  [
    ['trim', trimText, 1],
    ['collapse', collapseSpaces, 1],
    ['upper', upperCase, 3],
    ['lower', lowerCase, 3],
    ['title', titleCase, 3],
    ['digits', toDigits, 1],
    ['email', toEmail, 1],
    ['email-domain', toEmailDomain, 1],
    ['url', toUrl, undefined],
    ['given-name', toGivenName, 1],
    ['family-name', toFamilyName, 1],
    ['plain-text', toPlainText, 1],
    ['truncate', (text) => toTruncated(text, 5), 1],
  ];

test.each(TRANSFORMS)(
  '%s makes of no text that is not blank a blank one, nor a longer one',
  (_, make, growth) => {
    assert(
      property(anyText, (text) => {
        if (findBlankKind(text) !== undefined) return;
        const made = make(text);
        if (!made.ok) return;
        // Which texts stand for nothing is the service's to say: what is mapped is asked about after each transform.
        expect(made.value.trim()).not.toBe('');
        if (growth !== undefined) expect(made.value.length).toBeLessThanOrEqual(growth * text.length);
      }),
      { numRuns: 500 },
    );
  },
);

test.each(
  TRANSFORMS.filter(([name]) =>
    ['trim', 'collapse', 'upper', 'digits', 'email', 'url', 'truncate'].includes(name),
  ),
)('%s changes nothing that it has made', (_, make) => {
  assert(
    property(anyText, (text) => {
      const made = make(text);
      if (made.ok) expect(make(made.value)).toEqual(made);
    }),
    { numRuns: 500 },
  );
});

test('text without tags or entities is only collapsed', () => {
  assert(
    property(string({ unit: 'grapheme' }), (text) => {
      const plain = text.replaceAll(/[<&\0]/g, '');
      const made = toPlainText(plain);
      if (made.ok) expect(made).toEqual(collapseSpaces(plain));
    }),
  );
});

test('what is cut off is never part of a character that is kept', () => {
  assert(
    property(string({ unit: 'grapheme' }), nat(12), (text, length) => {
      const made = toTruncated(text, length + 1);
      if (!made.ok) return;
      expect(made.value.length).toBeLessThanOrEqual(Math.max(length + 1, 0));
      expect(text.startsWith(made.value)).toBe(true);
    }),
  );
});
