import { lexer } from 'marked';
import type { Token, Tokens } from 'marked';
import type { InlineToken } from '../../compiler/src/emit/page/read-inline.ts';
import type { BlockToken } from '../../compiler/src/emit/page/read-markdown.ts';

/** What another reader makes of a document, in the form of our own. */
export function readByMarked(text: string): unknown[] {
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

export function convert(tokens: readonly Token[]): InlineToken[] {
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

export function joinBlocks(blocks: readonly BlockToken[]): unknown[] {
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
export function joinTexts(tokens: readonly InlineToken[]): InlineToken[] {
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
