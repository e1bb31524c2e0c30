import type { AnyTarget } from '../../flow.ts';
import type { Exchange } from '../exchange.ts';
import { isSuccess } from '../exchange.ts';
import { expectRun } from '../expect-run.ts';
import type { ExpectedRecord, ExpectOptions, RecordedFlow } from '../expect-run.ts';
import { checkReplayed } from './check-replayed.ts';
import { expectFaultEnd, FAULTS } from './expect-fault.ts';
import type { Fault, FaultEnd } from './expect-fault.ts';
import { replayFlow } from './replay-flow.ts';

/** One call that fails once. */
export interface FaultCase {
  readonly name: string;
  readonly exchange: Exchange;
  readonly fault: Fault;
  readonly end: Exclude<FaultEnd, undefined>;
}

/** How a run with a failure ended. */
export interface FaultRun {
  readonly states: Readonly<Record<string, number>>;
  readonly isComplete: boolean;
  /** The call was made again. */
  readonly isRepeated: boolean;
  readonly wrongWrites: readonly string[];
  /** Also a repeat is what the description asks for, and has the key of what it repeats. */
  readonly badRequests: readonly string[];
}

/** Each failure of each call whose end the rules tell. */
export function listFaults(recorded: RecordedFlow, options: ExpectOptions): FaultCase[] {
  const expected = expectRun(recorded, options);
  // Where nothing is delivered, nothing can be seen to recover.
  if (expected.length !== 1 || expected[0]?.state !== 'delivered') return [];
  const seen = new Set<string>();
  return recorded.exchanges.flatMap((exchange) => {
    const { role, name, operation } = exchange;
    const call = `${operation.method} ${operation.path}`;
    if (!isSuccess(exchange) || !['read', 'find', 'write'].includes(role) || seen.has(`${role} ${call}`))
      return [];
    seen.add(`${role} ${call}`);
    // A call that is made for several ends cannot be told from the others.
    if (isShared(exchange, recorded)) return [];
    const [oracle] = Object.values(options.oracles);
    const rules = oracle?.calls(recorded.flow.name, { role, name }, exchange.system) ?? [];
    const target = targetOf(exchange, recorded);
    const unapplied =
      target === undefined ? [] : (oracle?.unapplied(recorded.flow.name, target.name, exchange.system) ?? []);
    return FAULTS.flatMap((fault) => {
      const end = expectFaultEnd(fault, { role, tier: target?.tier, rules, unapplied });
      return end === undefined ? [] : [{ name: `${role} ${call} ${fault.name}`, exchange, fault, end }];
    });
  });
}

/** Made for several ends: what is changed for one of them would be changed for all. */
export function isShared({ role, name, operation, system }: Exchange, { exchanges }: RecordedFlow): boolean {
  return exchanges.some(
    (other) =>
      other.system === system &&
      other.operation.method === operation.method &&
      other.operation.path === operation.path &&
      (other.role !== role || other.name !== name),
  );
}

function targetOf({ role, name }: Exchange, { flow }: RecordedFlow): AnyTarget | undefined {
  if (role !== 'write') return undefined;
  return flow.targets.find((target) => target.name === (name ?? flow.targets[0].name));
}

export async function tryFault(
  { exchange, fault, end }: FaultCase,
  recorded: RecordedFlow,
  options: ExpectOptions,
): Promise<{ readonly observed: FaultRun; readonly expected: FaultRun }> {
  const expected = expectRun(end === 'none' ? withoutFound(exchange, recorded, options) : recorded, options);
  const run = await replayFlow(recorded, expected, { exchange, outcome: fault.outcome });
  const calls = run.requests.filter((request) => request.exchange === exchange).length;
  return {
    observed: {
      states: run.states,
      isComplete: run.isComplete,
      isRepeated: calls > 1,
      wrongWrites: run.wrongWrites,
      badRequests: checkReplayed(run.requests, recorded, { expected, slice: options.slice }),
    },
    expected: {
      states: stateAfter(end, exchange, { recorded, options }, expected),
      isComplete: end !== 'halts',
      isRepeated: isRepeated(end, exchange, { recorded, options }),
      wrongWrites: [],
      badRequests: [],
    },
  };
}

/** A record that goes on without what is not found is written as if nothing had been recorded of it. */
function withoutFound(
  { name = '' }: Exchange,
  recorded: RecordedFlow,
  { oracles }: ExpectOptions,
): RecordedFlow {
  if (Object.values(oracles)[0]?.find(recorded.flow.name, name, 'none') !== 'blank') return recorded;
  return {
    ...recorded,
    exchanges: recorded.exchanges.filter((other) => other.role !== 'find' || other.name !== name),
  };
}

interface FaultWorld {
  readonly recorded: RecordedFlow;
  readonly options: ExpectOptions;
}

function isRepeated(
  end: FaultCase['end'],
  { role, name = '' }: Exchange,
  { recorded, options }: FaultWorld,
): boolean {
  // A reading that goes well is made again in every round.
  if (role === 'read') return end !== 'halts';
  if (end !== 'none') return end === 'recovers';
  return Object.values(options.oracles)[0]?.find(recorded.flow.name, name, 'none') === 'defer';
}

function stateAfter(
  end: FaultCase['end'],
  { name = '' }: Exchange,
  { recorded: { flow }, options }: FaultWorld,
  expected: readonly ExpectedRecord[],
): Readonly<Record<string, number>> {
  if (end === 'halts') return {};
  if (end === 'recovers') return { delivered: 1 };
  if (end !== 'none') return { [end]: 1 };
  const [oracle] = Object.values(options.oracles);
  const states: Readonly<Record<string, ExpectedRecord['state']>> = {
    skip: 'skipped',
    fail: 'dead',
    review: 'review',
  };
  const action = oracle?.find(flow.name, name, 'none') ?? '';
  // What is deferred is looked for again, and found; without it, the record goes on, as far as its fields let it.
  if (action === 'blank') return { [expected[0]?.state ?? 'delivered']: 1 };
  return { [states[action] ?? 'delivered']: 1 };
}
