import type { AnyFlow } from '../flow.ts';
import type { CallOutcome } from '../http/call-outcome.ts';
import { toSameOriginTarget } from '../http/same-origin.ts';

/** Where a pass stands. */
export interface PagePosition {
  readonly sinceMs: number;
  readonly cursor: string | undefined;
  readonly number: number;
  readonly pageIndex: number;
  /**
   * Cursors that this pass has followed from the present `sinceMs`: one that comes again is a circle. The same set goes
   * on from page to page, because a copy of it for each of ten thousand pages costs more than the pages.
   */
  readonly seen: Set<string>;
  /** Rows read since the last restart, against the vendor's depth cap. */
  readonly depth: number;
}

export type NextPage =
  | { readonly kind: 'next'; readonly position: PagePosition }
  | { readonly kind: 'end' }
  | { readonly kind: 'halt'; readonly reason: string };

/** How the pages of one call follow each other, and what they are ordered by. */
export type PagedRead = Pick<AnyFlow['read'], 'pages' | 'order' | 'changes'>;

export interface AdvanceInput {
  readonly read: PagedRead;
  readonly position: PagePosition;
  readonly page: readonly unknown[];
  readonly answer: Extract<CallOutcome, { readonly kind: 'ok' }>;
  readonly newestMs: number | undefined;
  /** The bytes that a request at this position would have. */
  readonly requestAt: (position: PagePosition) => string;
  /** The system's base URL. */
  readonly server: string;
  /** Records of this pass have come in the order that the rules promise. */
  readonly isOrdered: boolean;
  /** Path and query of the page that was read, from which a relative address leads on. */
  readonly target: string;
}

/**
 * The next page. Where paging counts rows (a page number, an offset, a cursor with a depth cap) and records come oldest
 * first, the next page is asked for from the last value, inclusive: an edit during the pass moves rows, and counting
 * would jump over one.
 */
export function advancePage(input: AdvanceInput): NextPage {
  const { position, page } = input;
  const { pages } = input.read;
  if (pages.kind === 'none') return { kind: 'end' };
  const found = findNext(input);
  if (found.kind !== 'next') return found;
  const depth = position.depth + page.length;
  const restarted = restart(input);
  if (restarted !== undefined) return { kind: 'next', position: restarted };
  const cap = 'depth' in pages ? pages.depth : undefined;
  if (cap !== undefined && depth >= cap) {
    return {
      kind: 'halt',
      reason:
        input.read.changes.field === undefined
          ? `there are more than ${cap} records, which is deeper than the source can be paged`
          : `more than ${cap} records share one value of the change field, which is deeper than the source can be paged`,
    };
  }
  const { cursor, number } = found;
  const name = cursor ?? String(number);
  if (position.seen.has(name))
    return { kind: 'halt', reason: `the source gave the same page cursor twice (${name})` };
  return {
    kind: 'next',
    position: {
      ...position,
      cursor,
      number,
      pageIndex: position.pageIndex + 1,
      seen: position.seen.add(name),
      depth,
    },
  };
}

function restart(input: AdvanceInput): PagePosition | undefined {
  const { position, newestMs } = input;
  const { pages, order, changes } = input.read;
  const counts =
    pages.kind === 'page' ||
    pages.kind === 'offset' ||
    (pages.kind === 'cursor' && pages.depth !== undefined);
  if (!counts || !input.isOrdered || order !== 'oldest-first' || changes.field === undefined)
    return undefined;
  if (newestMs === undefined || newestMs <= position.sinceMs) return undefined;
  const start = pages.kind === 'page' || pages.kind === 'offset' ? pages.start : 0;
  const next = {
    sinceMs: newestMs,
    cursor: undefined,
    number: start,
    pageIndex: position.pageIndex + 1,
    seen: new Set<string>(),
    depth: 0,
  };
  // A filter coarser than the values would give the same page for ever; then counting is the only way on.
  const from = { ...next, sinceMs: position.sinceMs };
  return input.requestAt(next) === input.requestAt(from) ? undefined : next;
}

type Found =
  | { readonly kind: 'next'; readonly cursor: string | undefined; readonly number: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'halt'; readonly reason: string };

function findNext(input: AdvanceInput): Found {
  const { position, page, answer } = input;
  const { pages } = input.read;
  switch (pages.kind) {
    case 'cursor': {
      const cursor = pages.next(answer.body);
      return cursor === undefined || cursor === null || cursor === ''
        ? { kind: 'end' }
        : { kind: 'next', cursor: String(cursor), number: 0 };
    }
    case 'next-url':
      return followUrl(pages.next(answer.body), input);
    case 'link':
      return followUrl(readNextLink(answer.headers['link']), input);
    case 'page':
    case 'offset': {
      const isLast =
        pages.until === 'missing'
          ? isMissing(pages.next?.(answer.body))
          : pages.until === 'empty'
            ? page.length === 0
            : page.length === 0 || page.length < (pages.size ?? 1);
      if (isLast) return { kind: 'end' };
      return {
        kind: 'next',
        cursor: undefined,
        number: position.number + (pages.kind === 'page' ? 1 : page.length),
      };
    }
    case 'none':
      return { kind: 'end' };
  }
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === false;
}

/** Only an address on the same server is followed; credentials go nowhere else. */
function followUrl(url: string | null | undefined, { server, target: from }: AdvanceInput): Found {
  if (isMissing(url) || typeof url !== 'string') return { kind: 'end' };
  const target = toSameOriginTarget(url, server, from);
  if (target === undefined)
    return {
      kind: 'halt',
      reason: `the next page is at another server, which is not followed: ${url.slice(0, 100)}`,
    };
  return { kind: 'next', cursor: target, number: 0 };
}

/** RFC 8288: the target of the link whose relation is `next`. */
export function readNextLink(header: string | undefined): string | undefined {
  for (const match of (header ?? '').matchAll(/<([^>]*)>((?:\s*;\s*[\w*]+\s*=\s*(?:"[^"]*"|[^",;\s]+))*)/g)) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^",;\s]+))/i.exec(match[2] ?? '');
    const names = (relations?.[1] ?? relations?.[2] ?? '').toLowerCase().split(/\s+/);
    if (names.includes('next')) return match[1];
  }
  return undefined;
}
