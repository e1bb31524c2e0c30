import { Parser } from 'htmlparser2';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { findBlankKind } from './blank.ts';
import { htmlText, jql, odata, soql, url } from './blanks.ts';

const filled = fc.string({ unit: 'grapheme' }).filter((text) => findBlankKind(text) === undefined);

test('whatever a value holds, HTML shows it as text and in an attribute as one value', () => {
  fc.assert(
    fc.property(filled, (value) => {
      let shown = '';
      let title = '';
      const tags: string[] = [];
      const parser = new Parser(
        {
          onopentag(name, attributes) {
            tags.push(name);
            title = attributes['title'] ?? title;
          },
          ontext: (text) => void (shown += text),
        },
        { decodeEntities: true },
      );
      parser.end(htmlText`<p title="${value}">${value}</p>`);
      expect([shown, title, tags]).toEqual([value, value, ['p']]);
    }),
  );
});

test('whatever a value holds, an address has it as one segment and as one value of the query', () => {
  fc.assert(
    fc.property(
      filled.filter((text) => text !== '.' && text !== '..'),
      (value) => {
        const made = new URL(url`https://crm.example/contacts/${value}?of=${value}` ?? '');
        expect(made.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'contacts', value]);
        expect([...made.searchParams]).toEqual([['of', value]]);
        expect(made.origin).toBe('https://crm.example');
      },
    ),
  );
});

test.each(['.', '..'])('a segment "%s" would lead elsewhere, so it is none', (value) => {
  expect(() => url`https://crm.example/contacts/${value}`).toThrow('cannot stand in an address');
});

/** The texts of a query and what stands between them, read as the vendors read it. */
function readQuoted(query: string, sign: string, escaped: boolean): readonly string[] {
  const texts: string[] = [];
  for (let at = 0; at < query.length; at += 1) {
    if (query[at] !== sign) continue;
    let text = '';
    for (at += 1; ; at += 1) {
      if (at >= query.length) throw new Error('The text does not end.');
      if (escaped && query[at] === '\\') {
        at += 1;
        text += { n: '\n', r: '\r', t: '\t' }[query[at] ?? ''] ?? query[at];
      } else if (query[at] === sign && !escaped && query[at + 1] === sign) {
        at += 1;
        text += sign;
      } else if (query[at] === sign) break;
      else text += query[at];
    }
    texts.push(text);
  }
  return texts;
}

test('whatever a value holds, a query has it as one text', () => {
  fc.assert(
    fc.property(filled, filled, (left, right) => {
      expect(readQuoted(odata`name eq ${left} or city eq ${right}` ?? '', "'", false)).toEqual([left, right]);
      expect(readQuoted(soql`SELECT Id FROM A WHERE B = ${left} AND C = ${right}` ?? '', "'", true)).toEqual([
        left,
        right,
      ]);
      expect(readQuoted(jql`name = ${left} AND city ~ ${right}` ?? '', '"', true)).toEqual([left, right]);
    }),
  );
});

test('numbers and truth stand as they are, and with a blank part there is nothing', () => {
  expect([
    odata`n eq ${12}`,
    soql`N = ${1.5}`,
    jql`done = ${true}`,
    htmlText`<b>${0}</b>`,
    url`/${false}`,
  ]).toEqual(['n eq 12', 'N = 1.5', 'done = true', '<b>0</b>', '/false']);
  for (const tag of [htmlText, url, odata, soql, jql])
    expect([undefined, null, '', ' ', 'n/a'].map((part) => tag`a ${'b'} ${part}`)).toEqual(
      Array(5).fill(undefined),
    );
});
