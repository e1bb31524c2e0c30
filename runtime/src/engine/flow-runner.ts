import type { AnyFlow } from '../flow.ts';
import { readPass } from '../inbox/read-pass.ts';
import type { PassEnd } from '../inbox/read-pass.ts';
import type { IntakeReport } from '../store/store.ts';
import { backfillFlow, backfillOnRequest } from './backfill-flow.ts';
import { deliverTo, findNextDue, prepareQueued } from './deliver-to-target.ts';
import { findForQueued } from './find-for-queued.ts';
import { countLive, createFlowWork } from './flow-work.ts';
import type { FlowRunnerOptions, FlowWork } from './flow-work.ts';
import { readOnSchedule, readPatiently } from './read-flow.ts';

export interface FlowRunner {
  readonly flow: AnyFlow;
  /** Reads on schedule and delivers until the service is asked to stop. */
  run(): Promise<void>;
  /** One reading pass and everything that can be delivered now. */
  runOnce(): Promise<PassEnd>;
  /** One reading pass and no delivery: what `plan` does on a copy of the store. */
  read(onPage: (report: IntakeReport) => void): Promise<PassEnd>;
}

/** A run of `once` does not wait longer than this for a system that asks to wait. */
const ONCE_PATIENCE_MS = 60_000;

export function createFlowRunner(options: FlowRunnerOptions): FlowRunner {
  const work = createFlowWork(options);
  const { flow, source, context } = work;
  return {
    flow,
    async run() {
      await countLive(work);
      const never = (): Promise<boolean> => Promise.resolve(false);
      await Promise.all([
        readOnSchedule(work),
        backfillOnRequest(work),
        findForQueued(work, never),
        ...work.targets.map((target) => deliverTo(target, never)),
      ]);
      await finishWrites(work);
    },
    runOnce: () => runOnce(work),
    read: (onPage) =>
      readPass({ flow, client: source, context, onPage, waitForRoom: () => Promise.resolve(true) }),
  };
}

async function runOnce(work: FlowWork): Promise<PassEnd> {
  const startedMs = work.context.clock.now();
  await countLive(work);
  let end: PassEnd | undefined;
  const reading = readPatiently(work, ONCE_PATIENCE_MS).then(async (result) => {
    if (result.kind === 'done') await backfillFlow(work, ONCE_PATIENCE_MS);
    end = result;
    work.wakeAll();
  });
  const isDone = async (): Promise<boolean> => end !== undefined && (await isIdle(work, startedMs));
  // Whoever has nothing more to do may be what the others wait for.
  const wakeAll = (): void => work.wakeAll();
  await Promise.all([
    reading,
    findForQueued(work, isDone).then(wakeAll),
    ...work.targets.map((target) => deliverTo(target, isDone).then(wakeAll)),
  ]);
  await finishWrites(work);
  return end ?? { kind: 'stopped' };
}

/** What was claimed with the last page may have begun after the delivering had ended. */
async function finishWrites({ targets }: FlowWork): Promise<void> {
  await Promise.all(targets.flatMap(({ active }) => [...active].map(({ done }) => done)));
}

/** Nothing more will come to an end soon. */
async function isIdle(work: FlowWork, startedMs: number): Promise<boolean> {
  if ((await work.halts.find()) !== undefined) return true;
  const now = work.context.clock.now();
  // Where nothing has come to an end for so long, the rest will not either while somebody watches.
  if (now - Math.max(work.progressMs, startedMs) > ONCE_PATIENCE_MS) return true;
  // What ends at one target may go on to another.
  if (work.targets.some(({ active }) => active.size > 0) || (await prepareQueued(work)) > 0) return false;
  if (work.finding.active) return false;
  const queuedMs =
    (work.flow.find?.length ?? 0) > 0 ? await work.context.store.nextQueuedMs(work.flow.name) : undefined;
  if (queuedMs !== undefined && queuedMs - now <= ONCE_PATIENCE_MS) return false;
  for (const target of work.targets) if ((await findNextDue(target)) - now <= ONCE_PATIENCE_MS) return false;
  return true;
}
