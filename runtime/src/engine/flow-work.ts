import { createQuestionBook } from '../deliver/question-book.ts';
import type { QuestionBook } from '../deliver/question-book.ts';
import { createSettlementGroup } from '../deliver/settlement-group.ts';
import type { SettlementGroup } from '../deliver/settlement-group.ts';
import type { AnyFind, AnyFlow, AnyTarget } from '../flow.ts';
import { createFoundCache } from '../inbox/found-cache.ts';
import type { FoundCache } from '../inbox/found-cache.ts';
import type { ApiClient } from '../http/api-client.ts';
import type { RunContext } from '../run-context.ts';
import { createHaltWatch } from './halt-watch.ts';
import type { HaltWatch } from './halt-watch.ts';
import { createWakeup } from './wakeup.ts';
import type { Wakeup } from './wakeup.ts';

export interface FlowRunnerOptions {
  readonly flow: AnyFlow;
  readonly source: ApiClient;
  /** Of the targets' systems, in the order of the targets. */
  readonly clients: readonly ApiClient[];
  /** Of the systems in which things are looked up, by the look-up's name. */
  readonly findClients?: Readonly<Record<string, ApiClient>>;
  readonly context: RunContext;
}

/** The look-ups of a flow. */
export interface Finding {
  /** Some are under way. */
  active: boolean;
  readonly wakeup: Wakeup;
  readonly cache: FoundCache;
}

/** One write that is under way. */
export interface Underway {
  isAdopting: boolean;
  done: Promise<void>;
}

/** What the delivering to one target needs. */
export interface TargetWork {
  readonly work: FlowWork;
  readonly target: AnyTarget;
  readonly client: ApiClient;
  readonly isLast: boolean;
  /** Writes from their claim to their settlement. */
  readonly active: Set<Underway>;
  readonly wakeup: Wakeup;
  readonly settlements: SettlementGroup;
  readonly delivery: Delivery;
  readonly questions: QuestionBook;
}

/** The claims of one target. */
export interface Delivery {
  /** Sent, and not yet answered. */
  unanswered: number;
  /** The size of a claim. */
  most: number;
  claimedAtMs: number;
  /** Nothing is known to wait that could be claimed now. */
  isDrained: boolean;
  /** Wakes who waits for the target to take more. */
  readonly hunger: Wakeup;
  failure: unknown;
}

/** What the reading and the delivering side of one flow share. */
export interface FlowWork extends FlowRunnerOptions {
  readonly targets: readonly TargetWork[];
  readonly halts: HaltWatch;
  readonly finding: Finding;
  /** @throws Error where the look-up is none of this flow */
  findClient(find: AnyFind): ApiClient;
  /** There may be work for any of the targets, or for the look-ups. */
  wakeAll(): void;
  /** Records that wait to be delivered, as far as this process knows. */
  live: number;
  /** When a record last came to an end. */
  progressMs: number;
}

/** Commands in another process change the store; it is looked at this often. */
export const LOOK_MS = 5000;

export function createFlowWork(options: FlowRunnerOptions): FlowWork {
  const { flow, context } = options;
  const targets: TargetWork[] = [];
  const work: FlowWork = {
    ...options,
    targets,
    halts: createHaltWatch(flow, context),
    finding: {
      active: false,
      wakeup: createWakeup(context.clock, context.signal),
      cache: createFoundCache(context.clock),
    },
    findClient({ name }) {
      const found = options.findClients?.[name];
      if (found === undefined) throw new Error(`The flow ${flow.name} has no look-up ${name}.`);
      return found;
    },
    wakeAll() {
      work.finding.wakeup.wake();
      for (const { wakeup, delivery } of targets) {
        delivery.isDrained = false;
        wakeup.wake();
      }
    },
    live: 0,
    progressMs: context.clock.now(),
  };
  for (const [index, client] of options.clients.entries()) {
    const target = flow.targets[index];
    if (target === undefined) throw new Error(`The flow ${flow.name} has no target ${index}.`);
    targets.push({
      work,
      target,
      client,
      active: new Set(),
      isLast: index === flow.targets.length - 1,
      wakeup: createWakeup(context.clock, context.signal),
      delivery: {
        unanswered: 0,
        most: 0,
        claimedAtMs: Number.NEGATIVE_INFINITY,
        isDrained: false,
        hunger: createWakeup(context.clock, context.signal),
        failure: undefined,
      },
      questions: createQuestionBook(context.clock, target.lookUp?.settleMs),
      // Where a repeat is harmless, more may be of unknown outcome after a crash, so larger groups pay.
      settlements: createSettlementGroup(context, target.tier <= 2 ? 20 : 5),
    });
  }
  return work;
}

export async function countLive(work: FlowWork): Promise<void> {
  work.live = await work.context.store.countLive(work.flow.name);
}
