import type { AnyFind } from '../flow.ts';
import type { CallOutcome } from '../http/call-outcome.ts';
import type { FrozenRequest } from '../http/api-request.ts';
import { advancePage } from './advance-page.ts';
import type { PagedRead, PagePosition } from './advance-page.ts';

/** A call of a look-up, whose answers hold a list and lead on to the next page. */
export interface ListedCall {
  readonly pages: AnyFind['pages'];
  /** The system's base URL. */
  readonly server: string;
  /** No more pages are read once so many records that count are there. */
  readonly enough: number;
  /** Every record where it is left out. */
  readonly counts?: (record: unknown) => boolean;
  /** An answer without the list says that there is nothing; else it says nothing. */
  readonly canLackList: boolean;
  request(page: Pick<PagePosition, 'cursor' | 'number'>): FrozenRequest;
  records(body: never): unknown;
  call(request: FrozenRequest): Promise<CallOutcome>;
}

export type Listed =
  | { readonly kind: 'records'; readonly records: readonly unknown[] }
  /** A page could not be had; of what was read before it nothing follows. */
  | { readonly kind: 'ended'; readonly outcome: Exclude<CallOutcome, { readonly kind: 'ok' }> }
  | { readonly kind: 'no-list' }
  /** The pages go in a circle, or there are too many of them. */
  | { readonly kind: 'endless'; readonly reason: string };

/** A look-up of more than this many pages is for a person: a record does not hang on so much. */
const MOST_PAGES = 100;

/** Reads all pages of a look-up, as far as it takes: an object on the second page is there as well. */
export async function readListed(listed: ListedCall): Promise<Listed> {
  const { pages, server } = listed;
  const read: PagedRead = {
    pages,
    order: 'none',
    changes: { lookbackMs: 0, settleMs: 0, first: 'all' },
  };
  const requestAt = ({ cursor, number }: PagePosition): FrozenRequest => {
    const request = listed.request({ cursor, number });
    const follows = (pages.kind === 'link' || pages.kind === 'next-url') && cursor !== undefined;
    return follows ? { ...request, target: cursor } : request;
  };
  const records: unknown[] = [];
  let position: PagePosition = {
    sinceMs: 0,
    cursor: undefined,
    number: pages.kind === 'page' || pages.kind === 'offset' ? pages.start : 0,
    pageIndex: 0,
    seen: new Set(),
    depth: 0,
  };
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const request = requestAt(position);
    const answer = await listed.call(request);
    // Behind the last page there is none: what was read before it counts.
    if (answer.kind === 'missing' && count > 0) return { kind: 'records', records };
    if (answer.kind !== 'ok') return { kind: 'ended', outcome: answer };
    const page: unknown = listed.records(answer.body as never);
    const isLacking = page === undefined || page === null;
    if (isLacking ? !listed.canLackList : !Array.isArray(page)) return { kind: 'no-list' };
    records.push(...((page ?? []) as readonly unknown[]));
    const { counts } = listed;
    const counted = counts === undefined ? records : records.filter(counts);
    if (counted.length >= listed.enough) return { kind: 'records', records };
    const next = advancePage({
      read,
      position,
      page: (page ?? []) as readonly unknown[],
      answer,
      newestMs: undefined,
      requestAt: (at) => `${requestAt(at).target}\n${requestAt(at).body ?? ''}`,
      isOrdered: false,
      server,
      target: request.target,
    });
    if (next.kind === 'halt') return { kind: 'endless', reason: next.reason };
    if (next.kind === 'end') return { kind: 'records', records };
    position = next.position;
  }
  return { kind: 'endless', reason: `it has more than ${MOST_PAGES} pages` };
}
