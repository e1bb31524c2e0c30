import { parseExactJson } from '../exact-json.ts';
import { deliverBatch } from '../deliver/deliver-batch.ts';
import type { EndedWrite } from '../deliver/deliver-batch.ts';
import { deliverIntent } from '../deliver/deliver-intent.ts';
import type { DeliverOptions } from '../deliver/deliver-options.ts';
import { groupBatches } from '../deliver/group-batches.ts';
import { judgeRecord } from '../inbox/judge-record.ts';
import type { ClaimedIntent, KnownKey, QueuedItem, Settlement } from '../store/store.ts';
import { LOOK_MS } from './flow-work.ts';
import type { FlowWork, TargetWork, Underway } from './flow-work.ts';

/** What is claimed is marked as sending, so few more than are under way. */
const CLAIM = 64;
const LARGEST_CLAIM = 256;
/** Records in all batches that are under way. */
const LARGEST_BATCHES = 1000;
const SOON_MS = 50;
const PREPARE = 100;

/**
 * Sends what waits for one target, oldest first, until the service is asked to stop or `isDone` says so. What is under
 * way when it stops is answered and settled first.
 */
export async function deliverTo(at: TargetWork, isDone: () => Promise<boolean>): Promise<void> {
  const { work, client, active, delivery } = at;
  const { context, halts } = work;
  delivery.most = fewestOf(at);
  while (!context.signal.aborted && delivery.failure === undefined) {
    const prepared = await prepareQueued(work);
    const now = context.clock.now();
    const halted = await halts.find();
    const paused = client.pausedUntilMs > now;
    const mayClaim = halted === undefined && !paused && delivery.unanswered <= delivery.most / 2;
    const claimed = mayClaim ? await claim(at, now) : [];
    startAll(at, claimed);
    if (claimed.length > 0 || prepared === PREPARE) continue;
    if (active.size === 0 && (await isDone())) break;
    // What may not be claimed now is not worth waking for, however long it has been due.
    const wakeAt = mayClaim || paused ? await findNextDue(at) : Number.POSITIVE_INFINITY;
    await at.wakeup.wait(Math.max(1, Math.min(LOOK_MS, wakeAt - now)));
  }
  await Promise.all([...active].map((one) => one.done));
  if (delivery.failure !== undefined) throw delivery.failure;
}

/** After a crash, what was claimed is of unknown outcome; where that takes a person or a look-up, no more than can be under way. */
function fewestOf({ target, client }: TargetWork): number {
  const calls = Math.min(CLAIM, client.concurrency);
  if (target.batch !== undefined) return Math.min(calls * target.batch.size, LARGEST_BATCHES);
  return target.tier > 2 ? calls : CLAIM;
}

/** When something that waits may go out; infinitely late where nothing waits. */
export async function findNextDue({ work, target, client }: TargetWork): Promise<number> {
  const dueMs = await work.context.store.nextDueMs(work.flow.name, target.name);
  return Math.max(dueMs ?? Number.POSITIVE_INFINITY, client.pausedUntilMs);
}

/** Judges what goes on to its next target, what a person put back, or what waited for an older version. @returns how many */
export async function prepareQueued(work: FlowWork): Promise<number> {
  const { context, flow } = work;
  // Where things are looked up, that is done by `findForQueued`.
  if ((flow.find?.length ?? 0) > 0) return 0;
  const judge = (item: QueuedItem, known: KnownKey) =>
    judgeRecord(parseExactJson(item.payload), item, known, {
      integration: context.integration,
      flow,
      marking: false,
      nowMs: item.takenAtMs,
      itemId: item.itemId,
      editGeneration: item.editGeneration,
      byPerson: item.byPerson,
      edited: item.edited,
      remakes: item.remakes,
    });
  const report = await context.store.prepareQueued(flow.name, PREPARE, judge);
  const waiting = report.states.get('waiting') ?? 0;
  if (waiting > 0) work.wakeAll();
  work.live += waiting;
  for (const [state, count] of report.states)
    if (state !== 'queued') context.metrics.records.inc({ flow: flow.name, state }, count);
  await work.halts.notePage(report);
  return [...report.states.values()].reduce((sum, count) => sum + count, 0);
}

async function claim(at: TargetWork, nowMs: number): Promise<readonly ClaimedIntent[]> {
  const { work, target, settlements, delivery } = at;
  noteClaim(at, nowMs);
  // A claim that has become smaller than what is under way takes nothing.
  const free = delivery.most - delivery.unanswered;
  if (free <= 0) return [];
  // What has ended shares the transaction of what begins.
  settlements.flush();
  const claimed = await work.context.store.claimIntents(work.flow.name, target.name, nowMs, free);
  delivery.isDrained = claimed.length < free;
  if (delivery.isDrained) delivery.hunger.wake();
  return claimed;
}

/** Where a repeat is harmless and the target takes a claim in less than `SOON_MS`, fewer and larger claims. */
function noteClaim(at: TargetWork, nowMs: number): void {
  const { delivery } = at;
  const fewest = fewestOf(at);
  delivery.most = isFast(at, nowMs) ? Math.min(delivery.most * 2, Math.max(LARGEST_CLAIM, fewest)) : fewest;
  delivery.claimedAtMs = nowMs;
}

function isFast({ target, delivery }: TargetWork, nowMs: number): boolean {
  return target.tier <= 2 && nowMs - delivery.claimedAtMs < SOON_MS;
}

/**
 * Whether a page's writes may be claimed as they are planned, in one transaction with the page: only where a repeat is
 * harmless, the target is quick, and nothing else waits. Waits a moment for it, so that reading keeps to the target's pace.
 */
export async function waitForHunger(at: TargetWork): Promise<boolean> {
  const { work, client, delivery } = at;
  const { clock, signal } = work.context;
  const startedMs = clock.now();
  if (client.pausedUntilMs > startedMs || !isFast(at, startedMs)) return false;
  for (;;) {
    if (isHungry(at)) return true;
    const leftMs = startedMs + SOON_MS - clock.now();
    if (leftMs <= 0 || signal.aborted) return false;
    await delivery.hunger.wait(leftMs);
  }
}

export function isHungry({ client, work, delivery }: TargetWork): boolean {
  const { clock, signal } = work.context;
  const mayCall = !signal.aborted && delivery.failure === undefined && client.pausedUntilMs <= clock.now();
  return mayCall && delivery.isDrained && delivery.unanswered <= delivery.most / 2;
}

/** Sends what was claimed with its page. */
export function startClaimed(at: TargetWork, claimed: readonly ClaimedIntent[]): void {
  noteClaim(at, at.work.context.clock.now());
  startAll(at, claimed);
}

/** Each on its own, or as many in one call as the target takes. */
function startAll(at: TargetWork, claimed: readonly ClaimedIntent[]): void {
  const { batch } = at.target;
  const single = batch === undefined ? claimed : claimed.filter(({ updates }) => updates === true);
  for (const intent of single)
    start(at, [intent], async (options) => [{ intent, settlement: await deliverIntent(intent, options) }]);
  if (batch === undefined) return;
  const rest = claimed.filter(({ updates }) => updates !== true);
  for (const group of groupBatches(rest, batch, optionsOf(at)))
    start(
      at,
      group.members.map(({ intent }) => intent),
      (options) => deliverBatch(group, batch, options),
    );
}

function optionsOf({ work, target, client, questions }: TargetWork): DeliverOptions {
  return { flow: work.flow, target, client, context: work.context, questions };
}

type Deliver = (options: DeliverOptions) => Promise<readonly EndedWrite[]>;

function start(at: TargetWork, intents: readonly ClaimedIntent[], deliver: Deliver): void {
  const { active, wakeup, delivery } = at;
  const one: Underway = { isAdopting: false, done: Promise.resolve() };
  one.done = deliverAll(at, intents, () =>
    deliver({ ...optionsOf(at), settleOthers: () => settleOthers(at, one) }),
  )
    .catch((error: unknown) => {
      delivery.failure ??= error;
    })
    .finally(() => {
      at.questions.release(intents);
      active.delete(one);
      if (active.size === 0) wakeup.wake();
    });
  active.add(one);
}

/** What is found at the target may have been made by a write whose answer is not yet written down. */
async function settleOthers({ active }: TargetWork, one: Underway): Promise<void> {
  // Two that adopt do not wait for each other: neither has written anything.
  one.isAdopting = true;
  await Promise.all([...active].filter((other) => !other.isAdopting).map((other) => other.done));
}

async function deliverAll(
  at: TargetWork,
  intents: readonly ClaimedIntent[],
  deliver: () => Promise<readonly EndedWrite[]>,
): Promise<void> {
  const { wakeup, delivery } = at;
  delivery.unanswered += intents.length;
  const ended = await deliver().finally(() => {
    delivery.unanswered -= intents.length;
    if (delivery.unanswered > delivery.most / 2) return;
    if (delivery.isDrained) delivery.hunger.wake();
    else wakeup.wake();
  });
  await Promise.all(ended.map(({ intent, settlement }) => settleOne(at, intent, settlement)));
}

async function settleOne(at: TargetWork, intent: ClaimedIntent, settlement: Settlement): Promise<void> {
  const { work } = at;
  const { flow, context } = work;
  const isConfirmed = settlement.kind === 'confirmed';
  const goesOn = isConfirmed && (!at.isLast || settlement.changesNext === true);
  await at.settlements.settle(intent, isConfirmed && !at.isLast ? { ...settlement, more: true } : settlement);
  context.metrics.records.inc({
    flow: flow.name,
    state: goesOn ? 'forwarded' : STATES[settlement.kind],
  });
  if (settlement.kind === 'later') {
    if (settlement.looksAgain === true) findAgain(work);
    return;
  }
  work.progressMs = context.clock.now();
  work.live -= 1;
  if (goesOn) work.wakeAll();
  await work.halts.noteOutcome(settlement, at.target.name);
}

/** What was kept of earlier look-ups may be the very thing that has changed. */
function findAgain({ finding }: FlowWork): void {
  finding.cache.clear();
  finding.wakeup.wake();
}

/** What a settlement is called in the metrics. */
const STATES: Readonly<Record<Settlement['kind'], string>> = {
  confirmed: 'delivered',
  refused: 'review',
  skipped: 'skipped',
  dead: 'dead',
  later: 'deferred',
};
