import type { Drawing } from '../text/svg-text.ts';
import { escapeBreakable, escapeMarkup } from '../text/escape-markup.ts';
import { toSlug } from './create-anchors.ts';
import type { Anchors } from './create-anchors.ts';
import type { InlineToken } from './read-inline.ts';

/** What a document may show and lead to, beside its own text. */
export interface PageContext {
  /** Drawings, by the name of the file that the Markdown shows. */
  readonly drawings: ReadonlyMap<string, Drawing>;
  /** Names of all documents, without `.md`. */
  readonly documents: readonly string[];
  /** Other files beside the page. */
  readonly files: readonly string[];
  /** HTML that goes before the first section of a document, by the document's name. */
  readonly before: ReadonlyMap<string, string>;
}

/** What the parts of one document share while it is rendered. */
export interface Rendering {
  readonly name: string;
  readonly context: PageContext;
  readonly anchors: Anchors;
  /** The id of the section that is being rendered. */
  section: string;
}

/** For the mouse; by keyboard, the search leads to every heading and row. */
export function renderAnchor(id: string): string {
  return `<a class="anchor" href="#${id}" tabindex="-1" aria-hidden="true">#</a>`;
}

export function renderInline(tokens: readonly InlineToken[], context: PageContext): string {
  return tokens.map((token) => renderToken(token, context)).join('');
}

function renderToken(token: InlineToken, context: PageContext): string {
  switch (token.kind) {
    case 'text':
      return escapeBreakable(token.text);
    case 'code':
      return `<code>${escapeBreakable(token.text)}</code>`;
    case 'strong':
      return `<strong>${renderInline(token.tokens, context)}</strong>`;
    case 'image':
      return escapeMarkup(token.text);
    case 'link': {
      const href = followLink(token.href, context);
      const inner = renderInline(token.tokens, context);
      return href === undefined ? inner : `<a href="${escapeMarkup(href)}">${inner}</a>`;
    }
  }
}

/** Where a link of a document leads on the page; undefined where it leads to none of Mortise's own files. */
function followLink(href: string, { documents, files }: PageContext): string | undefined {
  const [, document, fragment] = /^([a-z-]+)\.md(?:#(.*))?$/.exec(href) ?? [];
  if (document !== undefined && documents.includes(document))
    return fragment === undefined ? `#${document}` : `#${document}-${toSlug(fragment)}`;
  return files.includes(href) ? href : undefined;
}
