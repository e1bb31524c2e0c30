import { escapeMarkup } from '../text/escape-markup.ts';
import { renderDrawingInline } from '../text/svg-text.ts';
import { createAnchors, toSlug } from './create-anchors.ts';
import { plainText } from './read-inline.ts';
import type { InlineToken } from './read-inline.ts';
import { readMarkdown } from './read-markdown.ts';
import type { BlockToken } from './read-markdown.ts';
import { renderAnchor, renderInline } from './render-inline.ts';
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
  const html = readMarkdown(text).map((block) => {
    if (block.kind !== 'heading') return renderBlock(block, rendering);
    const plain = plainText(block.tokens);
    if (block.depth === 1) {
      title = plain;
      return `<h2 id="${name}" tabindex="-1">${escapeMarkup(plain)}</h2>`;
    }
    const id = rendering.anchors.take(`${name}-${toSlug(plain)}`);
    rendering.section = id;
    const before = sections.length === 0 ? (context.before.get(name) ?? '') : '';
    if (block.depth === 2) sections.push({ id, title: plain });
    const level = Math.min(block.depth + 1, 6);
    return `${before}<h${level} id="${id}" tabindex="-1">${renderInline(block.tokens, context)}${renderAnchor(id)}</h${level}>`;
  });
  return { name, title, html: html.join('\n'), sections };
}

function renderBlock(block: Exclude<BlockToken, { kind: 'heading' }>, rendering: Rendering): string {
  const { context } = rendering;
  switch (block.kind) {
    case 'code':
      return `<pre tabindex="0"><code>${block.text.split('\n').map(escapeMarkup).join('\n')}</code></pre>`;
    case 'table':
      return renderTable(block.header, block.rows, rendering);
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul';
      const items = block.items.map((item) => `<li>${renderInline(item, context)}</li>`);
      return `<${tag}>${items.join('')}</${tag}>`;
    }
    case 'paragraph':
      return renderFigure(block.tokens, rendering) ?? `<p>${renderInline(block.tokens, context)}</p>`;
  }
}

/** A drawing that is alone in its paragraph stands there itself. */
function renderFigure(
  [image, ...others]: readonly InlineToken[],
  { name, context, anchors }: Rendering,
): string | undefined {
  if (image?.kind !== 'image' || others.length > 0) return undefined;
  const drawing = context.drawings.get(image.href);
  if (drawing === undefined) return undefined;
  const id = anchors.take(`${name}-${toSlug(image.href.replace('.svg', ''))}`);
  const caption = escapeMarkup(image.text);
  return `<figure id="${id}" tabindex="0">${renderDrawingInline(drawing, id)}<figcaption>${caption}</figcaption></figure>`;
}
