import { stringifyExactJson } from '../exact-json.ts';
import { hash as digest } from 'node:crypto';
import type { AnyFlow, PageCursor } from '../flow.ts';
import type { ApiClient } from '../http/api-client.ts';
import type { CallOutcome } from '../http/call-outcome.ts';
import { freezeRequest } from '../http/api-request.ts';
import type { FrozenRequest } from '../http/api-request.ts';
import { createInstant } from '../instant.ts';
import type { RunContext } from '../run-context.ts';
import type { ClaimFor, IntakeReport, Judgement, KnownKey, PassState, TakenRecord } from '../store/store.ts';
import { findBlankKind } from '../transforms/blank.ts';
import { BLANK_KEY, judgeRecord } from './judge-record.ts';
import { changeTimeMs } from './change-time.ts';
import { readServerDate } from '../http/server-date.ts';
import { createPageWatch } from './page-watch.ts';
import { createLiveBook } from './pass-book.ts';
import type { PassBook } from './pass-book.ts';
import { advancePage } from './advance-page.ts';
import type { PagePosition } from './advance-page.ts';

export type PassEnd =
  | { readonly kind: 'done'; readonly pages: number; readonly taken: number; readonly rereads: number }
  | { readonly kind: 'later'; readonly untilMs: number; readonly reason: string }
  | { readonly kind: 'halt'; readonly reason: string; readonly rule: string | undefined }
  | { readonly kind: 'stopped' };

export interface PassOptions {
  readonly flow: AnyFlow;
  readonly client: Pick<ApiClient, 'server' | 'call'>;
  readonly context: RunContext;
  /** That of the normal reading where it is left out. */
  readonly book?: PassBook;
  /** Called once a page's records and the pass's progress are durable. */
  readonly onPage: (report: IntakeReport) => Promise<void> | void;
  /** Called before a page is written down. @returns whether its writes may be claimed in the same transaction */
  readonly beforeTaking?: () => Promise<ClaimFor | undefined>;
  /** Waits while the inbox is full. @returns false where the flow is halted, so that nothing more is read */
  readonly waitForRoom: () => Promise<boolean>;
  /** The next page is asked for while this one is written down. */
  readonly readsAhead?: boolean;
}

interface FetchedPage {
  readonly request: FrozenRequest;
  readonly outcome: CallOutcome;
  readonly askedAtMs: number;
}

/** A reading that failed goes on after this long. */
const DEFER_MS = 30_000;
/** A page that was asked for ahead and then had to wait for longer is asked for again. */
const STALE_MS = 10_000;

/**
 * Reads everything that has changed since the watermark, page by page. Every page is durable before anything of the next
 * one is. The watermark moves only at the end, to the newest value seen, and never past the server's own clock.
 */
export async function readPass(options: PassOptions): Promise<PassEnd> {
  const { flow, client, context } = options;
  const book = options.book ?? createLiveBook(flow, context);
  const before = await book.load();
  let open = openPass(flow, before, context.clock.now());
  // `now` is the moment of the first start, however long the source then cannot be read.
  if (before.open === undefined && before.watermarkMs === undefined && flow.read.changes.first === 'now')
    await book.save({ ...before, open });
  let position = firstPage(flow, open.sinceMs);
  let ahead: Promise<FetchedPage> | undefined;
  const total = { pages: 0, taken: 0, rereads: 0 };
  let restarts = 0;
  const watch = createPageWatch(flow, context);
  for (;;) {
    if (!(await options.waitForRoom()) || context.signal.aborted) return { kind: 'stopped' };
    const { request, outcome } = await fetchPage(options, book, position, ahead);
    ahead = undefined;
    if (outcome.kind !== 'ok') {
      const reached = watch.isOrdered ? open : { ...open, newestMs: undefined };
      const again = restartExpired(flow, outcome, { position, open: reached, restarts });
      if (again === undefined) return endEarly(outcome, context);
      restarts += 1;
      position = again;
      continue;
    }
    const page = readPage(flow, outcome.body);
    if (page === undefined)
      return {
        kind: 'later',
        untilMs: context.clock.now() + DEFER_MS,
        reason: 'the answer holds no list of records',
      };
    const times = page.map((source) => changeTimeMs(flow, source));
    watch.note(page, times);
    const newestMs = findNewest(times, open.newestMs);
    open = {
      ...open,
      newestMs,
      serverMs: open.serverMs ?? readServerDate(outcome.headers, context.clock.now()),
    };
    // Where the order cannot be trusted, a pass that is cut off begins again: nothing is known to be behind it.
    const kept = watch.isOrdered ? open : { ...open, newestMs: undefined };
    const next = advancePage({
      read: flow.read,
      position,
      page,
      answer: outcome,
      newestMs,
      requestAt: (at) => describeRequest(buildRequest(flow, at)),
      server: client.server,
      target: request.target,
      isOrdered: watch.isOrdered,
    });
    const isEndless = watch.repeats > MOST_REPEATS && next.kind === 'next';
    if (options.readsAhead === true && next.kind === 'next' && !isEndless)
      ahead = askAhead(options, book, next.position);
    const claimFor = await options.beforeTaking?.();
    const report = await takeInPage(options, page, { ...before, open: kept }, claimFor);
    total.pages += 1;
    total.taken += report.taken;
    total.rereads += report.rereads;
    await options.onPage(report);
    if (isEndless)
      return { kind: 'halt', reason: 'the source gives the same page again and again', rule: undefined };
    if (next.kind === 'halt')
      return { kind: 'halt', reason: next.reason, rule: `flows.${flow.name}.from.pages` };
    if (next.kind === 'end') break;
    position = next.position;
  }
  await book.save(closePass(flow, before, open));
  return { kind: 'done', ...total };
}

/** The page that was asked for ahead, unless it has grown old. */
async function fetchPage(
  options: PassOptions,
  book: PassBook,
  position: PagePosition,
  ahead: Promise<FetchedPage> | undefined,
): Promise<FetchedPage> {
  const fetched = await ahead;
  const isFresh = fetched !== undefined && options.context.clock.now() - fetched.askedAtMs <= STALE_MS;
  return isFresh ? fetched : askForPage(options, book, position);
}

async function askForPage(
  { flow, client, context }: PassOptions,
  book: PassBook,
  position: PagePosition,
): Promise<FetchedPage> {
  const request = buildRequest(flow, position);
  const askedAtMs = context.clock.now();
  const outcome = await client.call(request, {
    role: 'read',
    rules: flow.read.calls ?? [],
    flow: flow.name,
    lane: book.lane,
  });
  return { request, outcome, askedAtMs };
}

/** Nobody waits for it while the page before it is written down; what goes wrong there ends the pass. */
function askAhead(options: PassOptions, book: PassBook, position: PagePosition): Promise<FetchedPage> {
  const asked = askForPage(options, book, position);
  asked.catch(() => undefined);
  return asked;
}

function firstPage(flow: AnyFlow, sinceMs: number): PagePosition {
  return {
    sinceMs,
    cursor: undefined,
    number: startNumber(flow),
    pageIndex: 0,
    seen: new Set(),
    depth: 0,
  };
}

/** The same page under one cursor after another: a source that never comes to its end. */
const MOST_REPEATS = 5;
const MOST_RESTARTS = 3;
/** How vendors say that a page cursor is no longer good. */
const EXPIRED: ReadonlySet<number> = new Set([400, 404, 410, 422]);

/**
 * A cursor that was good and is refused has expired: the pass starts again, at the newest value that it has stored where
 * records come oldest first, else at its beginning. What then comes again is known and counts as read again.
 */
function restartExpired(
  flow: AnyFlow,
  outcome: Exclude<CallOutcome, { readonly kind: 'ok' }>,
  at: { readonly position: PagePosition; readonly open: OpenPass; readonly restarts: number },
): PagePosition | undefined {
  const refused = outcome.kind === 'refused' && outcome.action === 'halt' && EXPIRED.has(outcome.status);
  if (!refused || at.position.cursor === undefined || at.restarts >= MOST_RESTARTS) return undefined;
  const { sinceMs, newestMs } = at.open;
  return firstPage(flow, flow.read.order === 'oldest-first' ? (newestMs ?? sinceMs) : sinceMs);
}

type OpenPass = NonNullable<PassState['open']>;

/**
 * A pass that was cut off goes on at the newest value it has stored, where records come oldest first; otherwise from its
 * beginning. Neither trusts a cursor that is as old as the interruption.
 */
function openPass(flow: AnyFlow, before: PassState, nowMs: number): OpenPass {
  const { open } = before;
  if (open !== undefined) {
    const sinceMs =
      flow.read.order === 'oldest-first' && open.newestMs !== undefined ? open.newestMs : open.sinceMs;
    return { ...open, sinceMs };
  }
  return {
    startedAtMs: nowMs,
    sinceMs: findSince(flow, before, nowMs),
    newestMs: undefined,
    serverMs: undefined,
  };
}

function findSince(flow: AnyFlow, before: PassState, nowMs: number): number {
  const { changes } = flow.read;
  if (changes.field === undefined) return 0;
  // Of two clocks that differ the earlier one holds: the other costs records, this one some that are read again.
  if (before.watermarkMs !== undefined)
    return Math.max(0, Math.min(before.watermarkMs, nowMs) - changes.lookbackMs);
  if (changes.first === 'all' || changes.first === 'seen') return 0;
  return changes.first === 'now' ? nowMs : Date.parse(changes.first);
}

function closePass(flow: AnyFlow, before: PassState, open: OpenPass): PassState {
  // A server whose clock runs ahead for a while would put the watermark before what is still to be changed.
  const serverMs = Math.min(open.serverMs ?? open.startedAtMs, open.startedAtMs) - flow.read.changes.settleMs;
  const reached = open.newestMs === undefined ? undefined : Math.min(open.newestMs, serverMs);
  // With nothing read, the next pass begins where this one did.
  const began = before.watermarkMs ?? (flow.read.changes.first === 'now' ? open.sinceMs : undefined);
  const floor = began === undefined ? undefined : Math.min(began, open.startedAtMs);
  const watermarkMs = reached === undefined ? floor : Math.max(reached, floor ?? Number.NEGATIVE_INFINITY);
  return { watermarkMs, firstDone: true, open: undefined };
}

function startNumber(flow: AnyFlow): number {
  const { pages } = flow.read;
  return pages.kind === 'page' || pages.kind === 'offset' ? pages.start : 0;
}

/** Queries are inclusive, so that two records of one moment cannot be parted; one that is not steps back. */
function findBound({ read }: AnyFlow, sinceMs: number): number {
  return Math.max(0, sinceMs - (read.changes.stepMs ?? 0));
}

function buildRequest(flow: AnyFlow, position: PagePosition): FrozenRequest {
  const page: PageCursor = { cursor: position.cursor, number: position.number };
  const request = freezeRequest(flow.read.request(createInstant(findBound(flow, position.sinceMs)), page));
  const follows =
    (flow.read.pages.kind === 'link' || flow.read.pages.kind === 'next-url') && position.cursor !== undefined;
  return follows ? { ...request, target: position.cursor ?? request.target } : request;
}

function describeRequest({ target, body }: FrozenRequest): string {
  return `${target}\n${body ?? ''}`;
}

function endEarly(outcome: Exclude<CallOutcome, { readonly kind: 'ok' }>, context: RunContext): PassEnd {
  const nowMs = context.clock.now();
  switch (outcome.kind) {
    case 'wait':
      return { kind: 'later', untilMs: outcome.untilMs, reason: outcome.reason };
    case 'refused':
      if (outcome.action === 'skip')
        return { kind: 'later', untilMs: nowMs + DEFER_MS, reason: outcome.message };
      return {
        kind: 'halt',
        reason: `the source refuses the reading: ${outcome.message}`,
        rule: outcome.rule,
      };
    case 'missing':
      return { kind: 'halt', reason: 'the source has no such list (404)', rule: undefined };
    case 'unknown':
    case 'stale':
    case 'exists':
    case 'defer':
      return { kind: 'later', untilMs: nowMs + DEFER_MS, reason: outcome.reason };
  }
}

function readPage(flow: AnyFlow, body: unknown): readonly unknown[] | undefined {
  try {
    const records: unknown = flow.read.records(body);
    return Array.isArray(records) ? records : undefined;
  } catch {
    return undefined;
  }
}

function findNewest(times: readonly (number | undefined)[], sofar: number | undefined): number | undefined {
  let newest = sofar;
  for (const ms of times) {
    if (ms !== undefined && (newest === undefined || ms > newest)) newest = ms;
  }
  return newest;
}

async function takeInPage(
  { flow, context, book = createLiveBook(flow, context) }: PassOptions,
  page: readonly unknown[],
  pass: PassState,
  claimFor: ClaimFor | undefined,
): Promise<IntakeReport> {
  const sources = new Map<TakenRecord, unknown>();
  const records = page.map((source) => {
    const record = takeRecord(flow, source);
    sources.set(record, source);
    return record;
  });
  const options = {
    integration: context.integration,
    flow,
    marking: flow.read.changes.first === 'seen' && !pass.firstDone,
    nowMs: context.clock.now(),
  };
  const judge = (record: TakenRecord, known: KnownKey): Judgement =>
    judgeRecord(sources.get(record), record, known, options);
  const report = await book.takeIn(records, pass, judge, claimFor);
  for (const [state, count] of report.states) context.metrics.records.inc({ flow: flow.name, state }, count);
  return report;
}

export function takeRecord(flow: AnyFlow, source: unknown): TakenRecord {
  const payload = stringifyExactJson(source) ?? 'null';
  const hash = digest('sha256', payload, 'base64url');
  return {
    key: readName(flow, () => flow.read.key(source), `${BLANK_KEY}${hash}`),
    version: readName(flow, () => flow.read.version(source), ''),
    hash,
    payload,
  };
}

/** An object or a list is no name: as text, all of them would be one. */
function readName(flow: AnyFlow, read: () => unknown, otherwise: string): string {
  try {
    const value = read();
    const isName = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
    return isName && (flow.findBlankKind ?? findBlankKind)(value) === undefined ? String(value) : otherwise;
  } catch {
    return otherwise;
  }
}
