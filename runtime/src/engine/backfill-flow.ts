import type { ApiClient } from '../http/api-client.ts';
import type { PassBook } from '../inbox/pass-book.ts';
import { readPass } from '../inbox/read-pass.ts';
import type { PassEnd } from '../inbox/read-pass.ts';
import type { Backfill } from '../store/backfill.ts';
import type { IntakeReport } from '../store/store.ts';
import { countLive, LOOK_MS } from './flow-work.ts';
import type { FlowWork } from './flow-work.ts';
import { sleepThroughPause } from './sleep-through-pause.ts';

/** A backfill leaves most of the inbox to what is new. */
const MAX_LIVE = 1000;
/** It stops before its reviews would halt the flow. */
const MOST_REVIEWS = 150;
const FEWEST = 10;
/** A command in another process asks for it; this often is it looked for. */
const ASKED_MS = 5000;
const NOTHING: IntakeReport = { taken: 0, rereads: 0, states: new Map(), reviews: new Map() };

/** One reading of what was asked for. */
interface Reading {
  readonly work: FlowWork;
  readonly backfill: Backfill;
  /** It does not wait longer than this for a system or for room. */
  readonly patienceMs: number;
  /** When the page that is being read was asked for. */
  askedAtMs: number;
  /** The one record that was asked for has come. */
  isFound: boolean;
  /** It was cancelled, or is better stopped. */
  isOver: boolean;
  /** So many records the source has in an older version than was taken in before. */
  older: number;
}

/** Carries out what was asked for, again and again, until the service is asked to stop. */
export async function backfillOnRequest(work: FlowWork): Promise<void> {
  const { clock, signal } = work.context;
  while (!signal.aborted) {
    const end = await backfillFlow(work, Number.POSITIVE_INFINITY);
    const delayMs = end?.kind === 'later' ? end.untilMs - clock.now() : ASKED_MS;
    await clock.sleep(Math.max(ASKED_MS, delayMs), signal);
  }
}

/**
 * Reads what a backfill or a resync asks for, in the lane of backfills and only while few records wait, so that what is
 * new always goes first. Its progress is stored with each page. @returns undefined where nothing is asked for
 */
export async function backfillFlow(work: FlowWork, patienceMs: number): Promise<PassEnd | undefined> {
  const { flow, context, halts } = work;
  const backfill = await context.store.findBackfill(flow.name);
  if (backfill === undefined || (await halts.find()) !== undefined) return undefined;
  // Until the first pass is done nobody knows what was there before it.
  if (!(await context.store.loadPass(flow.name)).firstDone) return undefined;
  const reading: Reading = {
    work,
    backfill,
    patienceMs,
    askedAtMs: context.clock.now(),
    isFound: false,
    isOver: false,
    older: 0,
  };
  const end = await readPass({
    flow,
    client: waitPatiently(reading),
    context,
    book: createBackfillBook(reading),
    onPage: (report) => notePage(reading, report),
    waitForRoom: () => waitForRoom(reading),
  });
  await noteEnd(reading, end);
  return end;
}

/** Where the system has no room for a backfill now, it waits with the page it has reached: starting again costs more. */
function waitPatiently(reading: Reading): Pick<ApiClient, 'server' | 'call'> {
  const { source, context } = reading.work;
  const { clock, signal } = context;
  const call: ApiClient['call'] = async (request, options) => {
    for (;;) {
      reading.askedAtMs = clock.now();
      const outcome = await source.call(request, options);
      if (outcome.kind !== 'wait' || outcome.untilMs - clock.now() > reading.patienceMs || signal.aborted)
        return outcome;
      if (source.pausedUntilMs >= outcome.untilMs) await sleepThroughPause(source, context);
      else await clock.sleep(Math.max(LOOK_MS, outcome.untilMs - clock.now()), signal);
    }
  };
  return { server: source.server, call };
}

function createBackfillBook(reading: Reading): PassBook {
  const { work, backfill } = reading;
  const { store, clock } = work.context;
  const { id, flow } = backfill;
  const begun = {
    startedAtMs: clock.now(),
    sinceMs: backfill.sinceMs,
    newestMs: undefined,
    serverMs: undefined,
  };
  return {
    lane: 'backfill',
    // Nothing is marked, and the watermark of the normal reading is not touched.
    load: () => Promise.resolve({ watermarkMs: undefined, firstDone: true, open: backfill.open ?? begun }),
    save: () => Promise.resolve(),
    async takeIn(records, pass, judge) {
      reading.isFound ||= backfill.key !== undefined && records.some(({ key }) => key === backfill.key);
      const page = { id, flow, records, open: pass.open, askedAtMs: reading.askedAtMs };
      const report = await store.takeInBackfill(page, judge);
      if (report === undefined) reading.isOver = true;
      return report ?? NOTHING;
    },
  };
}

async function notePage(reading: Reading, report: IntakeReport): Promise<void> {
  const { work, backfill } = reading;
  work.live += report.states.get('waiting') ?? 0;
  reading.older += report.older ?? 0;
  work.wakeAll();
  const { store } = work.context;
  const judged = [...report.states.values()].reduce((sum, count) => sum + count, 0);
  const ends = [
    ['went to review', report.reviews],
    ['are dead letters', report.dead ?? new Map<string, number>()],
  ] as const;
  for (const [what, counts] of ends) {
    for (const [cause, count] of counts) {
      if (judged >= FEWEST && count > judged / 2)
        await stop(reading, `${count} of ${judged} records ${what} for one reason: ${cause}`);
    }
  }
  if (report.reviews.size === 0) return;
  const open = await store.countOpenReviews(backfill.flow);
  if (open >= MOST_REVIEWS) await stop(reading, `${open} records wait in review`);
}

/** Not the flow halts but what floods it. */
async function stop(reading: Reading, reason: string): Promise<void> {
  const { store, clock, log } = reading.work.context;
  const { id, flow, kind } = reading.backfill;
  reading.isOver = true;
  if (await store.endBackfill(id, { state: 'stopped', reason }, clock.now()))
    log.error(`${kind} stopped`, { flow, step: kind, outcome: 'stopped', reason });
}

/** @returns false where there is nothing more to do for now */
async function waitForRoom(reading: Reading): Promise<boolean> {
  const { work, patienceMs } = reading;
  const { clock, signal, store } = work.context;
  const startedMs = clock.now();
  for (;;) {
    if (reading.isOver || reading.isFound) return false;
    if ((await store.findBackfill(work.flow.name))?.id !== reading.backfill.id) return false;
    if ((await work.halts.find()) !== undefined || clock.now() - startedMs > patienceMs) return false;
    if (work.live >= MAX_LIVE) await countLive(work);
    if (work.live < MAX_LIVE || signal.aborted) return true;
    await clock.sleep(LOOK_MS, signal);
  }
}

/** A source that was restored from a copy gives what it gave before, and the targets stay ahead of it. */
function describeOlder({ older }: Reading): string | undefined {
  if (older === 0) return undefined;
  const what = older === 1 ? '1 record is' : `${older} records are`;
  return `${what} of an older version at the source than was taken in before, and left alone`;
}

async function noteEnd(reading: Reading, end: PassEnd): Promise<void> {
  const { backfill, work, isFound } = reading;
  const { store, clock, log } = work.context;
  const told = { flow: backfill.flow, step: backfill.kind };
  if (end.kind === 'done' || (end.kind === 'stopped' && isFound)) {
    const missing = backfill.key !== undefined && !isFound;
    const reason = missing ? 'the source does not give this record' : describeOlder(reading);
    await store.endBackfill(
      backfill.id,
      { state: 'done', ...(reason === undefined ? {} : { reason }) },
      clock.now(),
    );
    log.info(`${backfill.kind} done`, { ...told, outcome: reason ?? 'done' });
  }
  if (end.kind === 'halt') await stop(reading, `the source refuses it: ${end.reason}`);
  if (end.kind === 'later') log.warn(`${backfill.kind} goes on later`, { ...told, outcome: end.reason });
}
