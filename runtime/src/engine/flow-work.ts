import { createSettlementGroup } from '../deliver/settlement-group.ts';
import type { SettlementGroup } from '../deliver/settlement-group.ts';
import type { AnyFlow } from '../flow.ts';
import type { ApiClient } from '../http/api-client.ts';
import type { RunContext } from '../run-context.ts';
import { createHaltWatch } from './halt-watch.ts';
import type { HaltWatch } from './halt-watch.ts';
import { createWakeup } from './wakeup.ts';
import type { Wakeup } from './wakeup.ts';

export interface FlowRunnerOptions {
  readonly flow: AnyFlow;
  readonly source: ApiClient;
  readonly target: ApiClient;
  readonly context: RunContext;
}

/** What the reading and the delivering side of one flow share. */
export interface FlowWork extends FlowRunnerOptions {
  readonly wakeup: Wakeup;
  readonly halts: HaltWatch;
  readonly settlements: SettlementGroup;
  /** Records that wait to be delivered, as far as this process knows. */
  live: number;
  /** When a record last came to an end. */
  progressMs: number;
}

/** Commands in another process change the store; it is looked at this often. */
export const LOOK_MS = 1000;

export function createFlowWork(options: FlowRunnerOptions): FlowWork {
  const { flow, context } = options;
  return {
    ...options,
    wakeup: createWakeup(context.clock, context.signal),
    halts: createHaltWatch(flow, context),
    // Where a repeat is harmless, more may be of unknown outcome after a crash, so larger groups pay.
    settlements: createSettlementGroup(context, flow.target.tier <= 2 ? 20 : 5),
    live: 0,
    progressMs: context.clock.now(),
  };
}

export async function countLive(work: FlowWork): Promise<void> {
  work.live = await work.context.store.countLive(work.flow.name);
}
