import * as fc from 'fast-check';
import { lexer } from 'marked';
import type { Token, Tokens } from 'marked';
import { expect, test } from 'vitest';
import { plainText, readInline } from '../../compiler/src/emit/page/read-inline.ts';
import type { InlineToken } from '../../compiler/src/emit/page/read-inline.ts';
import { readMarkdown } from '../../compiler/src/emit/page/read-markdown.ts';
import type { BlockToken } from '../../compiler/src/emit/page/read-markdown.ts';
import { renderTemplate } from '../../compiler/src/emit/text/render-template.ts';
import { emitSoundCases } from '../emit-cases.ts';
import { PAYLOADS } from '../hostile/payloads.ts';

test('every document of every sound case is read as marked reads it', async () => {
  const files = [...(await emitSoundCases())].filter(([path]) => path.endsWith('.md'));

  expect(files.length).toBeGreaterThan(400);
  for (const [path, text] of files) expect(join(readMarkdown(text)), path).toEqual(readByMarked(text));
});

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
      const [heading, paragraph, list, table, line, ...others] = join(
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

function readByMarked(text: string): unknown[] {
  return lexer(text).flatMap((token): unknown[] => {
    switch (token.type) {
      case 'space':
        return [];
      case 'heading':
        return [{ kind: 'heading', depth: token.depth, tokens: joinTexts(convert(token.tokens ?? [])) }];
      case 'code':
        return [{ kind: 'code', text: token.text }];
      case 'paragraph':
        return [{ kind: 'paragraph', tokens: joinTexts(convert(token.tokens ?? [])) }];
      case 'list': {
        const { ordered, items } = token as Tokens.List;
        return [{ kind: 'list', ordered, items: items.map((item) => joinTexts(convert(item.tokens))) }];
      }
      case 'table': {
        const { header, rows } = token as Tokens.Table;
        const cells = (row: readonly Tokens.TableCell[]) =>
          row.map((cell) => joinTexts(convert(cell.tokens)));
        return [{ kind: 'table', header: cells(header), rows: rows.map(cells) }];
      }
      default:
        return [{ kind: token.type }];
    }
  });
}

function convert(tokens: readonly Token[]): InlineToken[] {
  return tokens.flatMap((token): InlineToken[] => {
    switch (token.type) {
      case 'text':
      case 'paragraph':
        return token.tokens === undefined
          ? [{ kind: 'text', text: token.text as string }]
          : convert(token.tokens);
      case 'escape':
        return [{ kind: 'text', text: token.text as string }];
      case 'codespan':
        return [{ kind: 'code', text: token.text as string }];
      case 'strong':
        return [{ kind: 'strong', tokens: joinTexts(convert(token.tokens ?? [])) }];
      case 'image':
        return [{ kind: 'image', href: token.href as string, text: token.text as string }];
      case 'link':
        // A bare address is a link to marked; on the page it is text.
        return token.raw.startsWith('[')
          ? [{ kind: 'link', href: token.href as string, tokens: joinTexts(convert(token.tokens ?? [])) }]
          : [{ kind: 'text', text: token.raw }];
      default:
        return [{ kind: 'text', text: `<${token.type}>${token.raw}` }];
    }
  });
}

function join(blocks: readonly BlockToken[]): unknown[] {
  return blocks.map((block) => {
    switch (block.kind) {
      case 'heading':
      case 'paragraph':
        return { ...block, tokens: joinTexts(block.tokens) };
      case 'list':
        return { ...block, items: block.items.map(joinTexts) };
      case 'table':
        return {
          ...block,
          header: block.header.map(joinTexts),
          rows: block.rows.map((row) => row.map(joinTexts)),
        };
      case 'code':
        return block;
    }
  });
}

/** Text beside text is one text, and a new line in it is a blank. */
function joinTexts(tokens: readonly InlineToken[]): InlineToken[] {
  const joined: InlineToken[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    const plain = token.kind === 'text' ? { ...token, text: token.text.replaceAll('\n', ' ') } : token;
    if (plain.kind === 'text' && last?.kind === 'text')
      joined[joined.length - 1] = { kind: 'text', text: last.text + plain.text };
    else joined.push('tokens' in plain ? { ...plain, tokens: joinTexts(plain.tokens) } : plain);
  }
  return joined;
}
