import { escapeMarkup } from '../text/escape-markup.ts';
import { renderDrawingInline } from '../text/svg-text.ts';
import { createAnchors, toSlug } from './create-anchors.ts';
import { plainText, readMarkdown } from './read-markdown.ts';
import type { MarkdownToken } from './read-markdown.ts';
import { renderAnchor, renderInline, renderInlineToken } from './render-inline.ts';
import type { PageContext, Rendering } from './render-inline.ts';
import { renderTable } from './render-table.ts';

export interface RenderedDocument {
  readonly name: string;
  readonly title: string;
  readonly html: string;
  readonly sections: readonly { readonly id: string; readonly title: string }[];
}

/** A document as a part of the page, one level deeper than it is by itself. Raw HTML in it is text. */
export function renderDocument(name: string, text: string, context: PageContext): RenderedDocument {
  const rendering: Rendering = { name, context, anchors: createAnchors(), section: name };
  const sections: { id: string; title: string }[] = [];
  let title = name;
  const html = readMarkdown(text).map((token) => {
    if (token.type !== 'heading') return renderBlock(token, rendering);
    const { depth = 2, tokens = [] } = token;
    const plain = plainText(tokens);
    if (depth === 1) {
      title = plain;
      return `<h2 id="${name}" tabindex="-1">${escapeMarkup(plain)}</h2>`;
    }
    const id = rendering.anchors.take(`${name}-${toSlug(plain)}`);
    rendering.section = id;
    const before = sections.length === 0 ? (context.before.get(name) ?? '') : '';
    if (depth === 2) sections.push({ id, title: plain });
    const level = Math.min(depth + 1, 6);
    return `${before}<h${level} id="${id}" tabindex="-1">${renderInline(tokens, rendering)}${renderAnchor(id)}</h${level}>`;
  });
  return { name, title, html: html.join('\n'), sections };
}

function renderBlock(token: MarkdownToken, rendering: Rendering): string {
  switch (token.type) {
    case 'space':
    case 'def':
      return '';
    case 'hr':
      return '<hr>';
    case 'code':
      return `<pre tabindex="0"><code>${escapeLines(token.text ?? '')}</code></pre>`;
    case 'table':
      return renderTable(token, rendering);
    case 'list': {
      const { items = [] } = token;
      const tag = token.ordered === true ? 'ol' : 'ul';
      return `<${tag}>${items.map((item) => `<li>${renderItem(item, rendering)}</li>`).join('')}</${tag}>`;
    }
    case 'paragraph':
      return renderParagraph(token.tokens ?? [], rendering);
    default:
      return `<p>${renderInlineToken(token, rendering)}</p>`;
  }
}

function renderParagraph(tokens: readonly MarkdownToken[], rendering: Rendering): string {
  const [only] = tokens;
  const drawing =
    tokens.length === 1 && only?.type === 'image'
      ? rendering.context.drawings.get(only.href ?? '')
      : undefined;
  if (drawing === undefined) return `<p>${renderInline(tokens, rendering)}</p>`;
  const id = rendering.anchors.take(`${rendering.name}-${toSlug((only?.href ?? '').replace('.svg', ''))}`);
  const caption = escapeMarkup(only?.text ?? '');
  return `<figure id="${id}" tabindex="0">${renderDrawingInline(drawing, id)}<figcaption>${caption}</figcaption></figure>`;
}

/** An item's text stands in it without a paragraph; what is more than a line has its own blocks. */
function renderItem(item: MarkdownToken, rendering: Rendering): string {
  return (item.tokens ?? [])
    .map((token) =>
      token.type === 'text' ? renderInlineToken(token, rendering) : renderBlock(token, rendering),
    )
    .join('');
}

function escapeLines(text: string): string {
  return text.split('\n').map(escapeMarkup).join('\n');
}
