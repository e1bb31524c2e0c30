import { lexer } from 'marked';

/** A part of a document, as marked tells it; which of the fields it has depends on its type. */
export interface MarkdownToken {
  readonly type: string;
  readonly raw: string;
  readonly text?: string;
  readonly href?: string;
  readonly depth?: number;
  readonly ordered?: boolean;
  readonly tokens?: readonly MarkdownToken[];
  readonly items?: readonly MarkdownToken[];
  readonly header?: readonly MarkdownCell[];
  readonly rows?: readonly (readonly MarkdownCell[])[];
}

export interface MarkdownCell {
  readonly tokens: readonly MarkdownToken[];
}

/** The blocks of a document. The only importer of marked: what becomes of a token is decided here, not by it. */
export function readMarkdown(text: string): readonly MarkdownToken[] {
  return lexer(text, { gfm: true }) as readonly MarkdownToken[];
}

export function plainText(tokens: readonly MarkdownToken[]): string {
  return tokens
    .map(({ tokens: inner = [], text, raw }) => (inner.length > 0 ? plainText(inner) : (text ?? raw)))
    .join('');
}
