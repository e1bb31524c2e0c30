import type { AnyFind, AnyFlow, Scope } from '../flow.ts';
import type { ApiClient } from '../http/api-client.ts';
import { freezeRequest } from '../http/api-request.ts';
import type { FrozenRequest } from '../http/api-request.ts';
import type { CallOutcome } from '../http/call-outcome.ts';
import type { Lane } from '../http/lane.ts';
import { BlankInCallError } from '../transforms/blank.ts';
import { advancePage } from './advance-page.ts';
import type { PagedRead, PagePosition } from './advance-page.ts';
import type { FoundCache } from './found-cache.ts';
import { findMalformed } from './read-path.ts';

/** How a look-up ended. `wait` is no fault of the record; `later` is, once the system is healthy. */
export type LookedUp =
  | { readonly kind: 'found'; readonly value: unknown }
  | { readonly kind: 'none' }
  | { readonly kind: 'many'; readonly count: number }
  | {
      readonly kind: 'refused';
      readonly action: 'review' | 'fail' | 'skip' | 'halt';
      readonly reason: string;
    }
  | { readonly kind: 'wait'; readonly untilMs: number; readonly reason: string }
  | { readonly kind: 'later'; readonly reason: string };

export interface FindOptions {
  readonly flow: AnyFlow;
  readonly find: AnyFind;
  readonly client: ApiClient;
  readonly cache: FoundCache;
  /** Of the record that needs it, for the log. */
  readonly key: string;
  readonly lane: Lane;
}

/** A look-up of more than this many pages is for a person: a record does not hang on so much. */
const MOST_PAGES = 100;

/** Reads what a record needs, all pages of it; one that is taken alone is read as far as it takes to see a second. */
export async function readFound(source: unknown, scope: Scope, options: FindOptions): Promise<LookedUp> {
  try {
    return await readPages(source, scope, options);
  } catch (error) {
    if (error instanceof BlankInCallError) return { kind: 'none' };
    // An expression that cannot read this record concerns this record alone.
    const reason = `the look-up ${options.find.name} failed: ${(error as Error).message}`;
    return { kind: 'refused', action: 'review', reason };
  }
}

async function readPages(source: unknown, scope: Scope, options: FindOptions): Promise<LookedUp> {
  const { find, client } = options;
  const read: PagedRead = {
    pages: find.pages,
    order: 'none',
    changes: { lookbackMs: 0, settleMs: 0, first: 'all' },
  };
  const requestAt = ({ cursor, number }: PagePosition): FrozenRequest => {
    const request = freezeRequest(find.request(source, scope, { cursor, number }));
    const follows = (find.pages.kind === 'link' || find.pages.kind === 'next-url') && cursor !== undefined;
    return follows ? { ...request, target: cursor } : request;
  };
  const records: unknown[] = [];
  let position: PagePosition = {
    sinceMs: 0,
    cursor: undefined,
    number: find.pages.kind === 'page' || find.pages.kind === 'offset' ? find.pages.start : 0,
    pageIndex: 0,
    seen: new Set(),
    depth: 0,
  };
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const request = requestAt(position);
    const answer = await callCached(request, options);
    if (answer.kind === 'missing') return { kind: 'none' };
    if (answer.kind !== 'ok') return endEarly(answer, options);
    const page: unknown = find.records(answer.body);
    if (page !== undefined && page !== null && !Array.isArray(page))
      return { kind: 'later', reason: `the answer to the look-up ${find.name} holds no list` };
    records.push(...((page ?? []) as readonly unknown[]));
    if (find.take === 'one' && records.length > 1) return { kind: 'many', count: records.length };
    const next = advancePage({
      read,
      position,
      page: (page ?? []) as readonly unknown[],
      answer,
      newestMs: undefined,
      requestAt: (at) => `${requestAt(at).target}\n${requestAt(at).body ?? ''}`,
      isOrdered: false,
      server: client.server,
      target: request.target,
    });
    if (next.kind === 'halt') return { kind: 'refused', action: 'review', reason: next.reason };
    if (next.kind === 'end') return judgeRecords(records, find);
    position = next.position;
  }
  const reason = `the look-up ${find.name} has more than ${MOST_PAGES} pages`;
  return { kind: 'refused', action: 'review', reason };
}

function judgeRecords(records: readonly unknown[], find: AnyFind): LookedUp {
  if (records.length === 0) return { kind: 'none' };
  for (const record of records) {
    const malformed = findMalformed(record, find.shape);
    if (malformed !== undefined)
      return {
        kind: 'refused',
        action: 'review',
        reason: `what the look-up ${find.name} found: ${malformed}`,
      };
  }
  return { kind: 'found', value: find.take === 'one' ? records[0] : records };
}

async function callCached(request: FrozenRequest, options: FindOptions): Promise<CallOutcome> {
  const { find, client, flow, cache, key, lane } = options;
  const name = `${find.name}\n${request.target}\n${request.body ?? ''}`;
  const known = find.cacheMs === undefined ? undefined : cache.read(name);
  if (known !== undefined) return known;
  const outcome = await client.call(request, {
    role: 'look-up',
    rules: find.calls ?? [],
    key,
    flow: flow.name,
    lane,
  });
  if (find.cacheMs !== undefined && outcome.kind === 'ok') cache.keep(name, outcome, find.cacheMs);
  return outcome;
}

function endEarly(
  outcome: Exclude<CallOutcome, { readonly kind: 'ok' | 'missing' }>,
  { find }: FindOptions,
): LookedUp {
  switch (outcome.kind) {
    case 'wait':
      return { kind: 'wait', untilMs: outcome.untilMs, reason: outcome.reason };
    case 'refused':
      return {
        kind: 'refused',
        action: outcome.action,
        reason: `the look-up ${find.name}: ${outcome.message}`,
      };
    case 'defer':
    case 'unknown':
    case 'exists':
      return { kind: 'later', reason: `the look-up ${find.name}: ${outcome.reason}` };
  }
}
