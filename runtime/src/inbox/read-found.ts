import type { AnyFind, AnyFlow, Scope } from '../flow.ts';
import type { ApiClient } from '../http/api-client.ts';
import { freezeRequest } from '../http/api-request.ts';
import type { FrozenRequest } from '../http/api-request.ts';
import type { CallOutcome } from '../http/call-outcome.ts';
import type { Lane } from '../http/lane.ts';
import { BlankInCallError } from '../transforms/blank.ts';
import type { FoundCache } from './found-cache.ts';
import { readListed } from './read-listed.ts';
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
      /** With this the reasons of all records of one cause begin; the reason itself where it is left out. */
      readonly cause?: string;
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
  const listed = await readListed({
    pages: find.pages,
    server: client.server,
    // One that is taken alone is read as far as it takes to see a second.
    enough: find.take === 'one' ? 2 : Number.POSITIVE_INFINITY,
    canLackList: true,
    request: (page) => freezeRequest(find.request(source, scope, page)),
    records: (body) => find.records(body),
    call: (request) => callCached(request, options),
  });
  switch (listed.kind) {
    case 'ended':
      return listed.outcome.kind === 'missing' ? { kind: 'none' } : endEarly(listed.outcome, options);
    case 'no-list':
      return {
        kind: 'later',
        reason: `the answer to the look-up ${find.name} is not of the form that is described`,
      };
    case 'endless':
      return {
        kind: 'refused',
        action: 'review',
        reason: `the look-up ${find.name} ends nowhere: ${listed.reason}`,
      };
    case 'records':
      return find.take === 'one' && listed.records.length > 1
        ? { kind: 'many', count: listed.records.length }
        : judgeRecords(listed.records, find);
  }
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
        ...(outcome.status === 0 ? {} : { cause: `the look-up ${find.name}: ${outcome.status}` }),
      };
    case 'defer':
    case 'unknown':
    case 'stale':
    case 'exists':
      return { kind: 'later', reason: `the look-up ${find.name}: ${outcome.reason}` };
  }
}
