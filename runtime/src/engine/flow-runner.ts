import { deliverIntent } from '../deliver/deliver-intent.ts';
import { createSettlementGroup } from '../deliver/settlement-group.ts';
import type { AnyFlow } from '../flow.ts';
import type { ApiClient } from '../http/api-client.ts';
import { judgeRecord } from '../inbox/judge-record.ts';
import { readPass } from '../inbox/read-pass.ts';
import type { PassEnd } from '../inbox/read-pass.ts';
import type { RunContext } from '../run-context.ts';
import type { ClaimedIntent, IntakeReport, QueuedItem, Settlement } from '../store/store.ts';
import { createHaltWatch } from './halt-watch.ts';
import { createWakeup } from './wakeup.ts';

export interface FlowRunner {
  readonly flow: AnyFlow;
  /** Reads on schedule and delivers until the service is asked to stop. */
  run(): Promise<void>;
  /** One reading pass and everything that can be delivered now. */
  runOnce(): Promise<PassEnd>;
  /** One reading pass and no delivery: what `plan` does on a copy of the store. */
  read(onPage: (report: IntakeReport) => void): Promise<PassEnd>;
}

export interface FlowRunnerOptions {
  readonly flow: AnyFlow;
  readonly source: ApiClient;
  readonly target: ApiClient;
  readonly context: RunContext;
}

/** Reading stops while so many records wait to be delivered. */
const MAX_LIVE = 10_000;
/** Commands in another process change the store; it is looked at this often. */
const LOOK_MS = 1000;
/** What is claimed is marked as sending, so few more than are under way. */
const CLAIM = 64;
/** Where a repeat is harmless and the target takes a claim in less than `SOON_MS`, fewer and larger claims. */
const LARGEST_CLAIM = 256;
const SOON_MS = 50;
const PREPARE = 100;
/** A run of `once` does not wait longer than this for a system that asks to wait. */
const ONCE_PATIENCE_MS = 60_000;

export function createFlowRunner(options: FlowRunnerOptions): FlowRunner {
  const { flow, context } = options;
  const work = createWakeup(context.clock, context.signal);
  const halts = createHaltWatch(flow, context);
  const settlements = createSettlementGroup(context, flow.target.tier <= 2 ? 20 : 5);
  // After a crash, what was claimed is of unknown outcome; where that takes a person or a look-up, no more than can be under way.
  const fewest = flow.target.tier > 2 ? Math.min(CLAIM, options.target.concurrency) : CLAIM;
  let live = 0;
  /** When a record last came to an end. */
  let progressMs = context.clock.now();

  const countLive = async (): Promise<void> => {
    live = await context.store.countLive(flow.name);
  };
  const waitForRoom = async (): Promise<boolean> => {
    for (;;) {
      if ((await halts.find()) !== undefined) return false;
      // Counted again, because a record that was superseded while it waited is never settled.
      if (live >= MAX_LIVE) await countLive();
      if (live < MAX_LIVE || context.signal.aborted) return true;
      await context.clock.sleep(LOOK_MS, context.signal);
    }
  };
  const onPage = async (report: IntakeReport): Promise<void> => {
    live += report.states.get('waiting') ?? 0;
    work.wake();
    await halts.notePage(report);
  };
  const read = async (): Promise<PassEnd> => {
    const halted = await halts.find();
    if (halted !== undefined) return { kind: 'halt', reason: halted, rule: undefined };
    const end = await readPass({ flow, client: options.source, context, onPage, waitForRoom });
    const stopped = end.kind === 'stopped' ? await halts.find() : undefined;
    if (stopped !== undefined) return { kind: 'halt', reason: stopped, rule: undefined };
    if (end.kind === 'halt') await halts.halt(end.reason);
    if (end.kind === 'done')
      context.log.info('pass done', {
        flow: flow.name,
        step: 'read',
        pages: end.pages,
        taken: end.taken,
        rereads: end.rereads,
      });
    else if (end.kind === 'later')
      context.log.warn('reading goes on later', { flow: flow.name, step: 'read', outcome: end.reason });
    return end;
  };
  /** @returns how many were judged */
  const prepare = async (): Promise<number> => {
    const judge = (item: QueuedItem, known: Parameters<typeof judgeRecord>[2]) =>
      judgeRecord(JSON.parse(item.payload), item, known, {
        integration: context.integration,
        flow,
        marking: false,
        nowMs: context.clock.now(),
        editGeneration: item.editGeneration,
        byPerson: item.byPerson,
      });
    const report = await context.store.prepareQueued(flow.name, PREPARE, judge);
    live += report.states.get('waiting') ?? 0;
    return [...report.states.values()].reduce((sum, count) => sum + count, 0);
  };
  const settle = async (intent: ClaimedIntent, settlement: Settlement): Promise<void> => {
    await settlements.settle(intent, settlement);
    const state = {
      confirmed: 'delivered',
      refused: 'review',
      skipped: 'skipped',
      dead: 'dead',
      later: 'deferred',
    }[settlement.kind];
    context.metrics.records.inc({ flow: flow.name, state });
    if (settlement.kind === 'later') return;
    progressMs = context.clock.now();
    live -= 1;
    await halts.noteOutcome(settlement);
  };
  const deliver = async (isDone: () => Promise<boolean>): Promise<void> => {
    const active = new Set<Promise<void>>();
    let failure: unknown;
    let unanswered = 0;
    let most = fewest;
    let claimedAtMs = Number.NEGATIVE_INFINITY;
    const claim = async (now: number): Promise<readonly ClaimedIntent[]> => {
      most =
        flow.target.tier <= 2 && now - claimedAtMs < SOON_MS ? Math.min(most * 2, LARGEST_CLAIM) : fewest;
      claimedAtMs = now;
      // What has ended shares the transaction of what begins.
      settlements.flush();
      return context.store.claimIntents(flow.name, now, most - unanswered);
    };
    const deliverOne = async (intent: ClaimedIntent): Promise<void> => {
      unanswered += 1;
      const settlement = await deliverIntent(intent, { flow, client: options.target, context }).finally(
        () => {
          unanswered -= 1;
          if (unanswered <= most / 2) work.wake();
        },
      );
      await settle(intent, settlement);
    };
    while (!context.signal.aborted && failure === undefined) {
      const prepared = await prepare();
      const now = context.clock.now();
      const halted = await halts.find();
      const paused = options.target.pausedUntilMs > now;
      const mayClaim = halted === undefined && !paused && unanswered <= most / 2;
      const claimed = mayClaim ? await claim(now) : [];
      for (const intent of claimed) {
        const one: Promise<void> = deliverOne(intent)
          .catch((error: unknown) => {
            failure ??= error;
          })
          .finally(() => {
            active.delete(one);
            if (active.size === 0) work.wake();
          });
        active.add(one);
      }
      if (claimed.length > 0 || prepared === PREPARE) continue;
      if (active.size === 0 && (await isDone())) break;
      const dueMs = await context.store.nextDueMs(flow.name);
      // What may not be claimed now is not worth waking for, however long it has been due.
      const wakeAt =
        mayClaim || paused
          ? Math.max(dueMs ?? Number.POSITIVE_INFINITY, options.target.pausedUntilMs)
          : Number.POSITIVE_INFINITY;
      await work.wait(Math.max(1, Math.min(LOOK_MS, wakeAt - now)));
    }
    await Promise.all(active);
    if (failure !== undefined) throw failure;
  };
  const readOnSchedule = async (): Promise<void> => {
    while (!context.signal.aborted) {
      const startedMs = context.clock.now();
      const end = await read();
      const nextMs = end.kind === 'later' ? end.untilMs : startedMs + flow.read.everyMs;
      const delayMs =
        end.kind === 'halt' ? Math.min(flow.read.everyMs, 10_000) : nextMs - context.clock.now();
      await context.clock.sleep(Math.max(0, delayMs), context.signal);
    }
  };
  return {
    flow,
    read: (report) =>
      readPass({
        flow,
        client: options.source,
        context,
        onPage: report,
        waitForRoom: () => Promise.resolve(true),
      }),
    async run() {
      await countLive();
      await Promise.all([readOnSchedule(), deliver(() => Promise.resolve(false))]);
    },
    async runOnce() {
      const startedMs = context.clock.now();
      await countLive();
      let end: PassEnd | undefined;
      const reading = readPatiently(read, context).then((result) => {
        end = result;
        work.wake();
      });
      const isDone = async (): Promise<boolean> => end !== undefined && (await isIdle());
      const isIdle = async (): Promise<boolean> => {
        if ((await halts.find()) !== undefined) return true;
        const dueMs = await context.store.nextDueMs(flow.name);
        // Where nothing has come to an end for so long, the rest will not either while somebody watches.
        const isStuck = context.clock.now() - Math.max(progressMs, startedMs) > ONCE_PATIENCE_MS;
        return (
          isStuck ||
          dueMs === undefined ||
          Math.max(dueMs, options.target.pausedUntilMs) - context.clock.now() > ONCE_PATIENCE_MS
        );
      };
      await Promise.all([reading, deliver(isDone)]);
      return end ?? { kind: 'stopped' };
    },
  };
}

/** A pass that is told to go on later does so, as long as that is soon. */
async function readPatiently(read: () => Promise<PassEnd>, context: RunContext): Promise<PassEnd> {
  const deadline = context.clock.now() + ONCE_PATIENCE_MS;
  for (;;) {
    const end = await read();
    if (end.kind !== 'later' || end.untilMs > deadline || context.signal.aborted) return end;
    await context.clock.sleep(end.untilMs - context.clock.now(), context.signal);
  }
}
