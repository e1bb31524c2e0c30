import type { AnyFlow } from '../flow.ts';
import type { RunContext } from '../run-context.ts';
import type { Ends, IntakeReport, Settlement } from '../store/store.ts';

/** Stops a flow for which nearly everything ends the same bad way, before a person drowns in reviews: section 8.3. */
export interface HaltWatch {
  notePage(report: IntakeReport): Promise<void>;
  /** @param target where it ended */
  noteOutcome(settlement: Settlement, target: string): Promise<void>;
  /** @param fingerprint of what is tried again once that is lifted */
  halt(reason: string, fingerprint?: string): Promise<void>;
  /** Why the flow is halted, or undefined. */
  find(): Promise<string | undefined>;
}

const WINDOW = 20;
const FEWEST = 10;
const MOST_REVIEWS = 200;

interface Cause {
  readonly text: string;
  readonly end: string;
}

/**
 * Looks at what came of records as they were judged, of as many pages as it takes to have enough of them.
 * @returns the end of more than half of them
 */
function createJudgedWatch(): (more: Ends) => Cause | undefined {
  let count = 0;
  let reviews = new Map<string, number>();
  let dead = new Map<string, number>();
  return (more) => {
    for (const [state, some] of more.states) if (state !== 'queued') count += some;
    addTo(reviews, more.reviews);
    addTo(dead, more.dead ?? new Map());
    if (count < FEWEST) return undefined;
    const cause = findMost(reviews, count, 'went to review') ?? findMost(dead, count, 'are dead letters');
    count = 0;
    reviews = new Map();
    dead = new Map();
    return cause;
  };
}

function addTo(sums: Map<string, number>, more: ReadonlyMap<string, number>): void {
  for (const [end, count] of more) sums.set(end, (sums.get(end) ?? 0) + count);
}

function findMost(ends: ReadonlyMap<string, number>, all: number, what: string): Cause | undefined {
  for (const [end, count] of ends) {
    if (count <= all / 2) continue;
    return { text: `${count} of ${all} records ${what} for one reason: ${end.replace(/: $/, '')}`, end };
  }
  return undefined;
}

export function createHaltWatch(flow: AnyFlow, context: RunContext): HaltWatch {
  /** By target: a record that goes on to the next one has ended well at this one. */
  const ended = new Map<string, (string | undefined)[]>();
  let judged = { first: createJudgedWatch(), onward: createJudgedWatch() };
  const name = `flow:${flow.name}`;
  // Only this engine halts the flow; a person, in another process, can only lift that.
  let mayBeHalted = true;

  const find = async (): Promise<string | undefined> => {
    if (!mayBeHalted) return undefined;
    const pauses = await context.store.listPauses();
    const reason = pauses.find((pause) => pause.name === name && pause.kind === 'halt')?.reason;
    mayBeHalted = reason !== undefined;
    return reason;
  };
  const halt = async (why: string, fingerprint?: string): Promise<void> => {
    // What stopped it first is what is tried again once that is lifted.
    if ((await find()) !== undefined) return;
    const reason = context.scrubber.scrub(why);
    context.log.error('flow halted', { flow: flow.name, outcome: 'halt', reason });
    await context.store.setPause({
      name,
      kind: 'halt',
      untilMs: undefined,
      reason,
      ...(fingerprint === undefined ? {} : { fingerprint }),
      sinceMs: context.clock.now(),
    });
    mayBeHalted = true;
    ended.clear();
    judged = { first: createJudgedWatch(), onward: createJudgedWatch() };
  };
  const checkReviews = async (): Promise<void> => {
    const open = await context.store.countOpenReviews(flow.name);
    if (open >= MOST_REVIEWS)
      await halt(`${open} records wait in review; resolve some, then resume the flow`);
  };
  return {
    halt,
    async notePage(report) {
      const reason =
        judged.first(report.judged?.first ?? report) ??
        (report.judged === undefined ? undefined : judged.onward(report.judged.onward));
      if (reason !== undefined) return halt(reason.text, reason.end);
      if (report.reviews.size > 0) await checkReviews();
    },
    async noteOutcome(settlement, target) {
      const recent = ended.get(target) ?? [];
      ended.set(target, recent);
      recent.push(
        settlement.kind === 'refused'
          ? settlement.review.fingerprint
          : settlement.kind === 'dead'
            ? (settlement.cause ?? settlement.reason)
            : undefined,
      );
      if (recent.length > WINDOW) recent.shift();
      if (settlement.kind !== 'refused' && settlement.kind !== 'dead') return;
      if (settlement.kind === 'refused' && settlement.halts === true)
        return halt(`${settlement.review.rule}: ${settlement.review.message}`, settlement.review.fingerprint);
      const last = recent.at(-1);
      const same = recent.filter((entry) => entry === last).length;
      if (recent.length >= FEWEST && same > recent.length / 2)
        return halt(`${same} of the last ${recent.length} records ended alike: ${last}`, last);
      await checkReviews();
    },
    find,
  };
}
