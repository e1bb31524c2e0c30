import type { AnyFlow } from '../flow.ts';
import type { Lane } from '../http/lane.ts';
import type { RunContext } from '../run-context.ts';
import type { ClaimFor, IntakeReport, Judge, PassState, TakenRecord } from '../store/store.ts';

/** Where a reading writes down how far it came, and what it took in. */
export interface PassBook {
  readonly lane: Lane;
  load(): Promise<PassState>;
  save(pass: PassState): Promise<void>;
  takeIn(
    records: readonly TakenRecord[],
    pass: PassState,
    judge: Judge,
    claimFor: ClaimFor | undefined,
  ): Promise<IntakeReport>;
}

/** The book of the normal reading: its watermark says what the next one begins with. */
export function createLiveBook({ name }: AnyFlow, { store, clock, metrics }: RunContext): PassBook {
  return {
    lane: 'live',
    load: () => store.loadPass(name),
    async save(pass) {
      await store.savePass(name, pass);
      if (pass.open === undefined) metrics.lastPass.set({ flow: name }, clock.now() / 1000);
    },
    takeIn: (records, pass, judge, claimFor) => store.takeIn(name, records, pass, judge, claimFor),
  };
}
