import type { AnyFlow } from '../flow.ts';
import type { RunContext } from '../run-context.ts';
import type { IntakeReport, Settlement } from '../store/store.ts';

/** Stops a flow for which nearly everything ends the same bad way, before a person drowns in reviews: section 8.3. */
export interface HaltWatch {
  notePage(report: IntakeReport): Promise<void>;
  noteOutcome(settlement: Settlement): Promise<void>;
  /** @param fingerprint of what is tried again once that is lifted */
  halt(reason: string, fingerprint?: string): Promise<void>;
  /** Why the flow is halted, or undefined. */
  find(): Promise<string | undefined>;
}

const WINDOW = 20;
const FEWEST = 10;
const MOST_REVIEWS = 200;

/** What came of records as they were judged, of as many pages as it takes to have enough of them. */
interface Judged {
  count: number;
  readonly reviews: Map<string, number>;
  readonly dead: Map<string, number>;
}

function createJudged(): Judged {
  return { count: 0, reviews: new Map(), dead: new Map() };
}

function addTo(sums: Map<string, number>, more: ReadonlyMap<string, number>): void {
  for (const [end, count] of more) sums.set(end, (sums.get(end) ?? 0) + count);
}

/** The end of more than half of all. */
function findMost(
  ends: ReadonlyMap<string, number>,
  all: number,
): { readonly end: string; readonly count: number } | undefined {
  for (const [end, count] of ends) if (count > all / 2) return { end, count };
  return undefined;
}

export function createHaltWatch(flow: AnyFlow, context: RunContext): HaltWatch {
  const recent: (string | undefined)[] = [];
  let judged = createJudged();
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
    recent.length = 0;
    judged = createJudged();
  };
  const checkReviews = async (): Promise<void> => {
    const open = await context.store.countOpenReviews(flow.name);
    if (open >= MOST_REVIEWS)
      await halt(`${open} records wait in review; resolve some, then resume the flow`);
  };
  return {
    halt,
    async notePage(report) {
      for (const [state, count] of report.states) if (state !== 'queued') judged.count += count;
      addTo(judged.reviews, report.reviews);
      addTo(judged.dead, report.dead ?? new Map());
      if (judged.count >= FEWEST) {
        const { count, reviews, dead } = judged;
        judged = createJudged();
        const parked = findMost(reviews, count);
        if (parked !== undefined) {
          const what = `${parked.count} of ${count} records went to review for one reason`;
          return halt(`${what}: ${parked.end}`, parked.end);
        }
        const lost = findMost(dead, count);
        if (lost !== undefined) {
          const what = `${lost.count} of ${count} records are dead letters for one reason`;
          return halt(`${what}: ${lost.end.replace(/: $/, '')}`, lost.end);
        }
      }
      if (report.reviews.size > 0) await checkReviews();
    },
    async noteOutcome(settlement) {
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
