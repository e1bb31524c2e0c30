import { findNextReadingMs } from '../schedule/next-reading.ts';
import { readPass } from '../inbox/read-pass.ts';
import type { PassEnd } from '../inbox/read-pass.ts';
import type { ClaimFor, IntakeReport } from '../store/store.ts';
import { isHungry, startClaimed, waitForHunger } from './deliver-to-target.ts';
import { countLive } from './flow-work.ts';
import type { FlowWork } from './flow-work.ts';
import { sleepThroughPause } from './sleep-through-pause.ts';

/** Reading stops while so many records wait to be delivered. */
const MAX_LIVE = 10_000;
/** A full inbox is looked at this often: it empties fast where the target is fast. */
const ROOM_MS = 500;
/** A halted flow is looked at this often, for a person may have lifted the halt. */
const HALTED_MS = 10_000;

/** One reading pass; a source that refuses halts the flow. */
export async function readFlow(work: FlowWork): Promise<PassEnd> {
  const { flow, context, halts } = work;
  const halted = await halts.find();
  if (halted !== undefined) return { kind: 'halt', reason: halted, rule: undefined };
  const end = await readPass({
    flow,
    client: work.source,
    context,
    onPage: (report) => notePage(work, report),
    beforeTaking: () => prepareToTake(work),
    waitForRoom: () => waitForRoom(work),
    readsAhead: true,
  });
  const stopped = end.kind === 'stopped' ? await halts.find() : undefined;
  if (stopped !== undefined) return { kind: 'halt', reason: stopped, rule: undefined };
  if (end.kind === 'halt') await halts.halt(end.reason);
  if (end.kind === 'done') {
    const { pages, taken, rereads } = end;
    context.log.info('pass done', { flow: flow.name, step: 'read', pages, taken, rereads });
  }
  if (end.kind === 'later')
    context.log.warn('reading goes on later', { flow: flow.name, step: 'read', outcome: end.reason });
  return end;
}

/** Reads again and again, as often as the rules say, until the service is asked to stop. */
export async function readOnSchedule(work: FlowWork): Promise<void> {
  const { clock, signal } = work.context;
  const { read } = work.flow;
  const last = await work.context.store.readFreshness(work.flow.name);
  // What is read at an interval is read at once; a time of a schedule that is still to come is waited for.
  if (read.at !== undefined) await sleepUntil(work, findNextReadingMs(read, last.lastPassMs));
  while (!signal.aborted) {
    const startedMs = clock.now();
    const end = await readFlow(work);
    const nextMs = end.kind === 'later' ? end.untilMs : findNextReadingMs(read, startedMs);
    // A person may lift a halt at any time.
    const haltedMs = clock.now() + Math.min(read.everyMs, HALTED_MS);
    if (end.kind === 'later' && work.source.pausedUntilMs >= nextMs)
      await sleepThroughPause(work.source, work.context);
    else await sleepUntil(work, end.kind === 'halt' ? Math.min(nextMs, haltedMs) : nextMs);
  }
}

/** A clock that is set while we sleep is noticed within this time. */
const LONGEST_SLEEP_MS = 60_000;

async function sleepUntil({ context: { clock, signal } }: FlowWork, untilMs: number): Promise<void> {
  for (;;) {
    const beforeMs = clock.now();
    const leftMs = untilMs - beforeMs;
    if (signal.aborted) return;
    await clock.sleep(Math.max(0, Math.min(leftMs, LONGEST_SLEEP_MS)), signal);
    // Set back, it says nothing any more of how long ago the last reading was.
    if (leftMs <= LONGEST_SLEEP_MS || clock.now() < beforeMs) return;
  }
}

/** A pass that is told to go on later does so, as long as that is soon. */
export async function readPatiently(work: FlowWork, patienceMs: number): Promise<PassEnd> {
  const { clock, signal } = work.context;
  const deadline = clock.now() + patienceMs;
  for (;;) {
    const end = await readFlow(work);
    if (end.kind !== 'later' || end.untilMs > deadline || signal.aborted) return end;
    await clock.sleep(end.untilMs - clock.now(), signal);
  }
}

/** What has ended shares the transaction of what begins. */
async function prepareToTake(work: FlowWork): Promise<ClaimFor | undefined> {
  const [first] = work.targets;
  const isHungryNow =
    first !== undefined && (await waitForHunger(first)) && (await work.halts.find()) === undefined;
  for (const { settlements } of work.targets) settlements.flush();
  return isHungryNow ? (target) => target === first.target.name && isHungry(first) : undefined;
}

async function notePage(work: FlowWork, report: IntakeReport): Promise<void> {
  const waiting = report.states.get('waiting') ?? 0;
  const queued = report.states.get('queued') ?? 0;
  const claimed = report.claimed ?? [];
  work.live += waiting + queued;
  const [first] = work.targets;
  if (claimed.length > 0 && first !== undefined) startClaimed(first, claimed);
  if (waiting > claimed.length || queued > 0) work.wakeAll();
  await work.halts.notePage(report);
}

/** @returns false where the flow was halted meanwhile */
async function waitForRoom(work: FlowWork): Promise<boolean> {
  const { clock, signal } = work.context;
  for (;;) {
    if ((await work.halts.find()) !== undefined) return false;
    // Counted again, because a record that was superseded while it waited is never settled.
    if (work.live >= MAX_LIVE) await countLive(work);
    if (work.live < MAX_LIVE || signal.aborted) return true;
    await clock.sleep(ROOM_MS, signal);
  }
}
