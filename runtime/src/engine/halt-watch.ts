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

export function createHaltWatch(flow: AnyFlow, context: RunContext): HaltWatch {
  const recent: (string | undefined)[] = [];
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
  };
  const checkReviews = async (): Promise<void> => {
    const open = await context.store.countOpenReviews(flow.name);
    if (open >= MOST_REVIEWS)
      await halt(`${open} records wait in review; resolve some, then resume the flow`);
  };
  return {
    halt,
    async notePage(report) {
      for (const [fingerprint, count] of report.reviews) {
        if (report.taken >= FEWEST && count > report.taken / 2)
          return halt(
            `${count} of ${report.taken} records went to review for one reason: ${fingerprint}`,
            fingerprint,
          );
      }
      if (report.reviews.size > 0) await checkReviews();
    },
    async noteOutcome(settlement) {
      recent.push(
        settlement.kind === 'refused'
          ? settlement.review.fingerprint
          : settlement.kind === 'dead'
            ? settlement.reason
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
