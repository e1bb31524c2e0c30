import { parseExactJson } from '../exact-json.ts';
import { deliverIntent } from '../deliver/deliver-intent.ts';
import { judgeRecord } from '../inbox/judge-record.ts';
import type { ClaimedIntent, KnownKey, QueuedItem, Settlement } from '../store/store.ts';
import { LOOK_MS } from './flow-work.ts';
import type { FlowWork } from './flow-work.ts';

/** What is claimed is marked as sending, so few more than are under way. */
const CLAIM = 64;
/** Where a repeat is harmless and the target takes a claim in less than `SOON_MS`, fewer and larger claims. */
const LARGEST_CLAIM = 256;
const SOON_MS = 50;
const PREPARE = 100;

/** One write from its claim to its settlement. */
interface Underway {
  isAdopting: boolean;
  done: Promise<void>;
}

/** What is under way on the delivering side. */
interface Delivery {
  readonly active: Set<Underway>;
  /** Sent, and not yet answered. */
  unanswered: number;
  /** The size of a claim. */
  most: number;
  claimedAtMs: number;
  failure: unknown;
}

/**
 * Sends what waits, oldest first, until the service is asked to stop or `isDone` says so. What is under way when it
 * stops is answered and settled first.
 */
export async function deliverFlow(work: FlowWork, isDone: () => Promise<boolean>): Promise<void> {
  const { context, halts, target } = work;
  const delivery: Delivery = {
    active: new Set(),
    unanswered: 0,
    most: fewestOf(work),
    claimedAtMs: Number.NEGATIVE_INFINITY,
    failure: undefined,
  };
  while (!context.signal.aborted && delivery.failure === undefined) {
    const prepared = await prepareQueued(work);
    const now = context.clock.now();
    const halted = await halts.find();
    const paused = target.pausedUntilMs > now;
    const mayClaim = halted === undefined && !paused && delivery.unanswered <= delivery.most / 2;
    const claimed = mayClaim ? await claim(work, delivery, now) : [];
    for (const intent of claimed) start(work, delivery, intent);
    if (claimed.length > 0 || prepared === PREPARE) continue;
    if (delivery.active.size === 0 && (await isDone())) break;
    // What may not be claimed now is not worth waking for, however long it has been due.
    const wakeAt = mayClaim || paused ? await findNextDue(work) : Number.POSITIVE_INFINITY;
    await work.wakeup.wait(Math.max(1, Math.min(LOOK_MS, wakeAt - now)));
  }
  await Promise.all([...delivery.active].map((one) => one.done));
  if (delivery.failure !== undefined) throw delivery.failure;
}

/** After a crash, what was claimed is of unknown outcome; where that takes a person or a look-up, no more than can be under way. */
function fewestOf({ flow, target }: FlowWork): number {
  return flow.target.tier > 2 ? Math.min(CLAIM, target.concurrency) : CLAIM;
}

/** When something that waits may go out; infinitely late where nothing waits. */
export async function findNextDue({ context, flow, target }: FlowWork): Promise<number> {
  const dueMs = await context.store.nextDueMs(flow.name);
  return Math.max(dueMs ?? Number.POSITIVE_INFINITY, target.pausedUntilMs);
}

/** Judges what a person put back, or what waited for an older version. @returns how many */
async function prepareQueued(work: FlowWork): Promise<number> {
  const { context, flow } = work;
  const judge = (item: QueuedItem, known: KnownKey) =>
    judgeRecord(parseExactJson(item.payload), item, known, {
      integration: context.integration,
      flow,
      marking: false,
      nowMs: context.clock.now(),
      editGeneration: item.editGeneration,
      byPerson: item.byPerson,
    });
  const report = await context.store.prepareQueued(flow.name, PREPARE, judge);
  work.live += report.states.get('waiting') ?? 0;
  return [...report.states.values()].reduce((sum, count) => sum + count, 0);
}

function claim(work: FlowWork, delivery: Delivery, nowMs: number): Promise<readonly ClaimedIntent[]> {
  const { flow, context, settlements } = work;
  const isFast = flow.target.tier <= 2 && nowMs - delivery.claimedAtMs < SOON_MS;
  delivery.most = isFast ? Math.min(delivery.most * 2, LARGEST_CLAIM) : fewestOf(work);
  delivery.claimedAtMs = nowMs;
  // A claim that has become smaller than what is under way takes nothing.
  const free = delivery.most - delivery.unanswered;
  if (free <= 0) return Promise.resolve([]);
  // What has ended shares the transaction of what begins.
  settlements.flush();
  return context.store.claimIntents(flow.name, nowMs, free);
}

function start(work: FlowWork, delivery: Delivery, intent: ClaimedIntent): void {
  const one: Underway = { isAdopting: false, done: Promise.resolve() };
  one.done = deliverOne(work, delivery, intent, one)
    .catch((error: unknown) => {
      delivery.failure ??= error;
    })
    .finally(() => {
      delivery.active.delete(one);
      if (delivery.active.size === 0) work.wakeup.wake();
    });
  delivery.active.add(one);
}

/** What is found at the target may have been made by a write whose answer is not yet written down. */
async function settleOthers({ active }: Delivery, one: Underway): Promise<void> {
  // Two that adopt do not wait for each other: neither has written anything.
  one.isAdopting = true;
  await Promise.all([...active].filter((other) => !other.isAdopting).map((other) => other.done));
}

async function deliverOne(
  work: FlowWork,
  delivery: Delivery,
  intent: ClaimedIntent,
  one: Underway,
): Promise<void> {
  const { flow, context, target } = work;
  delivery.unanswered += 1;
  const settlement = await deliverIntent(intent, {
    flow,
    client: target,
    context,
    settleOthers: () => settleOthers(delivery, one),
  }).finally(() => {
    delivery.unanswered -= 1;
    if (delivery.unanswered <= delivery.most / 2) work.wakeup.wake();
  });
  await work.settlements.settle(intent, settlement);
  context.metrics.records.inc({ flow: flow.name, state: STATES[settlement.kind] });
  if (settlement.kind === 'later') return;
  work.progressMs = context.clock.now();
  work.live -= 1;
  await work.halts.noteOutcome(settlement);
}

/** What a settlement is called in the metrics. */
const STATES: Readonly<Record<Settlement['kind'], string>> = {
  confirmed: 'delivered',
  refused: 'review',
  skipped: 'skipped',
  dead: 'dead',
  later: 'deferred',
};
