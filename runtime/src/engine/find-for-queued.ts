import { parseExactJson, stringifyExactJson } from '../exact-json.ts';
import { DEAD_AFTER_MS } from '../deliver/deliver-options.ts';
import type { AnyFind } from '../flow.ts';
import { calculateDeferralMs } from '../http/backoff.ts';
import { askWhereMaybe, createScope, judgeRecord, toReview } from '../inbox/judge-record.ts';
import type { FoundSoFar, JudgeOptions, LooksUp } from '../inbox/judge-record.ts';
import { readFound } from '../inbox/read-found.ts';
import type { LookedUp } from '../inbox/read-found.ts';
import type { Judgement, KnownKey, Queued, QueuedItem } from '../store/store.ts';
import { LOOK_MS } from './flow-work.ts';
import type { FlowWork } from './flow-work.ts';

/** Behind a pause of its system a look-up is tried again within this time. */
const LONGEST_PUT_OFF_MS = 300_000;
/** So many records are looked up for at a time; how many calls that makes at once is for the systems' limits. */
const MOST = 50;

/**
 * Looks up what the flow's records need before they can be mapped, oldest first, until the service is asked to stop or
 * `isDone` says so. Nothing is written: after a crash the look-ups are made again.
 */
export async function findForQueued(work: FlowWork, isDone: () => Promise<boolean>): Promise<void> {
  const { context, flow, finding } = work;
  if ((flow.find?.length ?? 0) === 0) return;
  const { clock, signal, store } = context;
  while (!signal.aborted) {
    const now = clock.now();
    const isHalted = (await work.halts.find()) !== undefined;
    const queued = isHalted ? [] : await store.listQueued(flow.name, now, MOST);
    if (queued.length > 0) {
      finding.active = true;
      await settleQueued(work, queued);
      finding.active = false;
      continue;
    }
    if (await isDone()) return;
    const nextMs = isHalted ? undefined : await store.nextQueuedMs(flow.name);
    await finding.wakeup.wait(Math.max(1, Math.min(LOOK_MS, (nextMs ?? Number.POSITIVE_INFINITY) - now)));
  }
}

/** What was found for one record, as far as its look-ups went. */
interface Gathered {
  readonly found: FoundSoFar;
  /** What the look-ups decided; undefined where they only found. */
  readonly end: Judgement | undefined;
}

async function settleQueued(work: FlowWork, queued: readonly Queued[]): Promise<void> {
  const { flow, context } = work;
  const gathered = new Map<number, Gathered>();
  await Promise.all(
    queued.map(async ({ item, known }) => {
      gathered.set(item.itemId, await gather(work, item, known));
    }),
  );
  if (context.signal.aborted) return;
  const report = await context.store.prepareQueued(flow.name, queued.length, (item, known) => {
    const one = gathered.get(item.itemId);
    return one === undefined ? undefined : decide(work, item, known, one);
  });
  const settled = [...report.states].reduce(
    (sum, [state, count]) => sum + (state === 'queued' ? 0 : count),
    0,
  );
  const waiting = report.states.get('waiting') ?? 0;
  work.live += waiting - settled;
  if (settled > 0) work.progressMs = context.clock.now();
  for (const [state, count] of report.states)
    if (state !== 'queued') context.metrics.records.inc({ flow: flow.name, state }, count);
  if (waiting > 0) work.wakeAll();
  await work.halts.notePage(report);
}

/** Undefined where a record that was changed meanwhile needs more than was looked up: then it stays queued. */
function decide(work: FlowWork, item: QueuedItem, known: KnownKey, one: Gathered): Judgement | undefined {
  const judgement =
    one.end === undefined
      ? judgeQueued(work, item, known, one.found)
      : item.byPerson
        ? one.end
        : askWhereMaybe(one.end, known, work.flow);
  if ('next' in judgement) return undefined;
  const isKept = judgement.state === 'waiting' && work.flow.targets.length > 1;
  const found = isKept ? stringifyExactJson(selectShared(work, one.found)) : undefined;
  return found === undefined ? judgement : { ...judgement, found };
}

/** What the next targets use, too; what one target needs is looked up when it is that target's turn. */
function selectShared({ flow }: FlowWork, { values }: FoundSoFar): FoundSoFar['values'] {
  const own = (flow.find ?? []).flatMap(({ name, target }) => (target === undefined ? [] : [name]));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !own.includes(name)));
}

function judgeQueued(
  work: FlowWork,
  item: QueuedItem,
  known: KnownKey,
  found: FoundSoFar,
): Judgement | LooksUp {
  const options: JudgeOptions = {
    integration: work.context.integration,
    flow: work.flow,
    marking: false,
    nowMs: item.takenAtMs,
    itemId: item.itemId,
    editGeneration: item.editGeneration,
    byPerson: item.byPerson,
    edited: item.edited,
    remakes: item.remakes,
    found,
  };
  // A backfill asks about what may be at the target as it is.
  const again = item.lane === 'backfill' ? { ...known, againAs: item.editGeneration } : known;
  return judgeRecord(parseExactJson(item.payload), item, again, options);
}

/** Looks up one thing after the other, and nothing more than it takes to decide. */
async function gather(work: FlowWork, item: QueuedItem, known: KnownKey): Promise<Gathered> {
  let found = recallFound(work, item);
  for (;;) {
    // A condition may leave the record out before anything more is asked for.
    const judgement = judgeQueued(work, item, known, found);
    if (!('next' in judgement)) return { found, end: undefined };
    const find = judgement.next;
    const scope = createScope(known, { nowMs: item.takenAtMs, found });
    const looked = await readFound(parseExactJson(item.payload), scope, {
      flow: work.flow,
      find,
      client: work.findClient(find),
      cache: work.finding.cache,
      key: item.key,
      lane: item.deferrals > 0 && item.lane === 'live' ? 'retry' : item.lane,
    });
    const end = judgeLookUp(work, item, find, looked);
    if (looked.kind === 'refused' && looked.action === 'halt')
      await work.halts.halt(`${find.rule}: ${looked.reason}`, end?.review?.fingerprint);
    if (end !== undefined) return { found, end };
    const value = looked.kind === 'found' ? looked.value : find.take === 'all' ? [] : undefined;
    found = addFound(found, find, value);
  }
}

/** Of a record that has reached a target, what was looked up for every target is known. */
function recallFound({ flow: { find = [] } }: FlowWork, item: QueuedItem): FoundSoFar {
  if (item.found === undefined) return { values: {}, count: 0, own: [] };
  const values = parseExactJson(item.found) as FoundSoFar['values'];
  return { values, count: find.filter(({ target }) => target === undefined).length, own: [] };
}

function addFound({ values, count, own }: FoundSoFar, find: AnyFind, value: unknown): FoundSoFar {
  return {
    values: { ...values, [find.name]: value },
    count: find.target === undefined ? count + 1 : count,
    own: find.target === undefined ? own : [...own, find.name],
  };
}

/** What a look-up decides by itself; undefined where the record goes on. */
function judgeLookUp(
  work: FlowWork,
  item: QueuedItem,
  find: AnyFind,
  looked: LookedUp,
): Judgement | undefined {
  const { flow } = work;
  switch (looked.kind) {
    case 'found':
      return undefined;
    case 'none':
      if (find.none === 'blank') return undefined;
      return act(work, item, find, { action: find.none, reason: 'none found', message: 'nothing was found' });
    case 'many': {
      const message = `${looked.count} were found, and one is wanted`;
      return act(work, item, find, { action: find.many, reason: 'several found', message });
    }
    case 'refused':
      if (looked.action === 'review' || looked.action === 'halt')
        return toReview('look-up refused', find.rule, looked.reason, flow);
      return looked.action === 'skip'
        ? { state: 'skipped', reason: looked.reason }
        : {
            state: 'dead',
            reason: looked.reason,
            ...(looked.cause === undefined ? {} : { cause: looked.cause }),
          };
    case 'wait': {
      // A person may end a pause, so nothing sleeps through the whole of a long one.
      const isPaused = work.findClient(find).pausedUntilMs >= looked.untilMs;
      const mostMs = isPaused ? work.context.clock.now() + LONGEST_PUT_OFF_MS : Number.POSITIVE_INFINITY;
      const putOff = { untilMs: Math.min(looked.untilMs, mostMs), agedMs: item.agedMs, counts: false };
      return { state: 'queued', reason: looked.reason, putOff };
    }
    case 'later':
      return deferItem(work, item, find, looked.reason);
  }
}

function act(
  work: FlowWork,
  item: QueuedItem,
  find: AnyFind,
  given: { readonly action: string; readonly reason: string; readonly message: string },
): Judgement {
  const text = `${find.name}: ${given.message}`;
  switch (given.action) {
    case 'defer':
      return deferItem(work, item, find, text);
    case 'skip':
      return { state: 'skipped', reason: `${find.rule}: ${given.reason}` };
    case 'fail':
      return { state: 'dead', reason: `${find.rule}: ${given.reason}` };
    default:
      return toReview(given.reason, find.rule, text, work.flow);
  }
}

/** Tried again later, for longer each time; a day of healthy systems is the limit. */
function deferItem(work: FlowWork, item: QueuedItem, find: AnyFind, reason: string): Judgement {
  const { context } = work;
  const delayMs = calculateDeferralMs(item.deferrals, context.random);
  const agedMs = item.agedMs + (work.findClient(find).isFailing ? 0 : delayMs);
  if (agedMs > DEAD_AFTER_MS) return { state: 'dead', reason: `not found for 24 hours: ${reason}` };
  const untilMs = context.clock.now() + delayMs;
  return { state: 'queued', reason, putOff: { untilMs, agedMs, counts: true } };
}
