import * as fc from 'fast-check';
import { lexer } from 'marked';
import { expect, test } from 'vitest';
import { plainText, readInline } from '../../compiler/src/emit/page/read-inline.ts';
import { readMarkdown } from '../../compiler/src/emit/page/read-markdown.ts';
import { renderTemplate } from '../../compiler/src/emit/text/render-template.ts';
import { PAYLOADS } from '../hostile/payloads.ts';
import { convert, joinBlocks, joinTexts } from './compare-markdown.ts';

const TEMPLATE = `# {{md text}}

{{md text}}

- **{{md text}}**: {{code text}}
- {{code text}}, {{md text}}.

| head | {{cell text}} |
|---|---|
| {{cell text}} | {{codecell text}} |
| {{codecell text}} (required) | {{cell text}} |

{{code text}} → {{code text}}
`;

/** Signs that mean something in Markdown, and those that mean nothing, with one another. */
const outside = fc.oneof(
  fc.constantFrom(...PAYLOADS.map(({ text }) => text)),
  fc.string({ unit: fc.constantFrom(...'a1 \\`*_[]()<>!|#+-=~.&;:/\n{}"\'é'), maxLength: 30 }),
);

test('a foreign text is text in every place of a document, and comes out as it went in', () => {
  fc.assert(
    fc.property(outside, (text) => {
      // An empty place is no place; the lists of the compiler never have one.
      fc.pre(text.trim() !== '');
      const plain = text.replaceAll(/\s+/g, ' ').trim();
      const [heading, paragraph, list, table, line, ...others] = joinBlocks(
        readMarkdown(renderTemplate(TEMPLATE, { text })),
      );

      expect(others).toEqual([]);
      expect(heading).toMatchObject({ kind: 'heading', depth: 1, tokens: [{ kind: 'text', text: plain }] });
      expect(paragraph).toEqual({ kind: 'paragraph', tokens: [{ kind: 'text', text: plain }] });
      const code = { kind: 'code', text: plain };
      expect(line).toEqual({ kind: 'paragraph', tokens: [code, { kind: 'text', text: ' → ' }, code] });
      expect(list).toEqual({
        kind: 'list',
        ordered: false,
        items: [
          [{ kind: 'strong', tokens: [{ kind: 'text', text: plain }] }, { kind: 'text', text: ': ' }, code],
          [code, { kind: 'text', text: `, ${plain}.` }],
        ],
      });
      // A backslash before a stroke cannot be written as code in a cell.
      const cell = plain.includes(String.raw`\|`) ? { kind: 'text', text: plain } : code;
      const required =
        cell.kind === 'code'
          ? [cell, { kind: 'text', text: ' (required)' }]
          : [{ kind: 'text', text: `${plain} (required)` }];
      expect(table).toEqual({
        kind: 'table',
        header: [[{ kind: 'text', text: 'head' }], [{ kind: 'text', text: plain }]],
        rows: [
          [[{ kind: 'text', text: plain }], [cell]],
          [required, [{ kind: 'text', text: plain }]],
        ],
      });
    }),
    { numRuns: 2000, seed: 20261125 },
  );
});

test.for([
  ['a **b `c** d` e** f', 'a b c** d e f'],
  ['[a `]` b](x.md#y) c', 'a ] b c'],
  ['a ** b [c](', 'a ** b [c]('],
  ['``a ` b`` `c', 'a ` b `c'],
  ['![a \\] b](c.svg)', 'a ] b'],
])('%s reads %s', ([given, plain]) => {
  expect(plainText(readInline(given ?? ''))).toBe(plain);
  expect(joinTexts(readInline(given ?? ''))).toEqual(joinTexts(convert(lexer(given ?? ''))));
});
