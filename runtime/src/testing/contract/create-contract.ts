import type { ServiceDefinition } from '../../engine/create-service.ts';
import { findCall, listSliceChanges } from '../../recording/slice.ts';
import type { Exchange } from '../exchange.ts';
import { isSuccess } from '../exchange.ts';
import { expectRun, systemOf } from '../expect-run.ts';
import type { ExpectedRecord, ExpectOptions, RecordedFlow } from '../expect-run.ts';
import { readAnswerData } from '../recorded-body.ts';
import { selectFlow } from '../replayed-flow.ts';
import { listValues } from '../slice-path.ts';
import { checkReplayed, findStray, listUnasked } from './check-replayed.ts';
import { findLies } from './find-lies.ts';
import { isShared, listFaults, tryFault } from './try-fault.ts';
import type { FaultCase, FaultRun } from './try-fault.ts';
import { listVariants } from './list-variants.ts';
import type { Variant } from './list-variants.ts';
import { COUNTED, KEYLESS, replayFlow } from './replay-flow.ts';
import { changeAnswer, shortenRecordings } from './shorten-recordings.ts';

export interface ContractOptions extends ExpectOptions {
  /** The fields that a mapping fills, by target. */
  readonly targets: Readonly<
    Record<string, Readonly<Record<string, { readonly type?: string; readonly place?: string }>>>
  >;
  /** What is known to be otherwise than described: `recordings/known-lies.json`. */
  readonly knownLies: readonly unknown[];
}

/** A flow between recorded answers: what the systems promise, and what the flow makes of it when they do not keep it. */
export interface Contract {
  readonly exchanges: readonly Exchange[];
  /** Where an answer is not as described, and nobody has said so. */
  findLies(exchange: Exchange): string[];
  /** What of the description is used otherwise than when it was recorded. */
  findChanges(exchange: Exchange): string[];
  /** A run over everything that was recorded: what it did, and what the rules say that it does. */
  run(): Promise<ContractRun>;
  /** By name. */
  readonly variants: readonly (readonly [name: string, variant: Variant])[];
  /** A run over one record, with one answer changed. */
  tryVariant(variant: Variant): Promise<{ readonly observed: Ending; readonly expected: Ending }>;
  /** What can go wrong with each call, by name. */
  readonly faults: readonly (readonly [name: string, fault: FaultCase])[];
  /** A run over one record, in which one call fails once. */
  tryFault(fault: FaultCase): Promise<{ readonly observed: FaultRun; readonly expected: FaultRun }>;
  /** Target fields for which no recording holds a value. */
  listUncovered(): string[];
}

/** How a run ended. */
export interface Ending {
  readonly states: Readonly<Record<string, number>>;
  /** What the metrics say of the states that are an end. */
  readonly counted: Readonly<Record<string, number>>;
  /** Keys of the records of which a person is asked. */
  readonly reviews: readonly string[];
  /** Bodies of writes, as data. */
  readonly writes: readonly unknown[];
  /** What the targets call what was written. */
  readonly ids: readonly string[];
  /** Writes of something else: there must be none. */
  readonly wrongWrites: readonly string[];
  /** The next reading begins where this one ended. */
  readonly isComplete: boolean;
}

export interface ContractRun {
  readonly observed: Ending;
  readonly expected: Ending;
  readonly unmatched: readonly string[];
  /** Requests that are not what the descriptions ask for. */
  readonly badRequests: readonly string[];
  /** Credentials that went to another place than their own system. */
  readonly strayCredentials: readonly string[];
  readonly requests: number;
}

export function createContract(
  definition: ServiceDefinition,
  exchanges: readonly Exchange[],
  options: ContractOptions,
): Contract {
  const recorded = selectFlow(definition, exchanges);
  const { slice } = options;
  const short = shortenRecordings(recorded, options);
  const callOf = (exchange: Exchange) => findCall(slice, exchange);
  return {
    exchanges: exchanges.filter((exchange) => callOf(exchange) !== undefined),
    findLies(exchange) {
      const call = callOf(exchange);
      if (call === undefined) return [];
      const lies = findLies(exchange, call, systemOf(definition.systems, exchange));
      return lies.filter((lie) => !options.knownLies.includes(lie));
    },
    findChanges(exchange) {
      const call = callOf(exchange);
      return call === undefined || exchange.slice === undefined ? [] : listSliceChanges(exchange.slice, call);
    },
    async run() {
      const expected = expectRun(recorded, options);
      const run = await replayFlow(recorded, expected);
      return {
        observed: describeRun(run),
        expected: describeExpected(recorded, expected, options),
        unmatched: run.unmatched,
        badRequests: [
          ...checkReplayed(run.requests, recorded, { expected, slice }),
          ...listUnasked(run.requests, { expected, slice }),
        ],
        strayCredentials: findStray(run.requests, recorded, Object.values(options.oracles)[0]),
        requests: run.requests.length,
      };
    },
    variants: listVariants(
      short.exchanges.filter((exchange) => !isShared(exchange, short)),
      slice,
      definition.systems,
    ).map((variant) => [variant.name, variant]),
    async tryVariant(variant) {
      const changed = {
        ...short,
        exchanges: short.exchanges.map((exchange) =>
          exchange === variant.exchange ? changeAnswer(exchange, variant.data) : exchange,
        ),
      };
      const expected = expectRun(changed, options);
      const run = await replayFlow(changed, expected);
      return { observed: describeRun(run), expected: describeExpected(changed, expected, options) };
    },
    faults: listFaults(short, options).map((fault) => [fault.name, fault]),
    tryFault: (fault) => tryFault(fault, short, options),
    listUncovered: () => listUncovered(expectRun(recorded, options), options),
  };
}

function describeRun(run: Awaited<ReturnType<typeof replayFlow>>): Ending {
  return {
    states: run.states,
    counted: run.counted,
    reviews: run.reviews,
    writes: run.writes.map(({ body }) => body),
    ids: run.ids,
    wrongWrites: run.wrongWrites,
    isComplete: run.isComplete,
  };
}

function describeExpected(
  { systems, exchanges }: RecordedFlow,
  expected: readonly ExpectedRecord[],
  { slice }: ContractOptions,
): Ending {
  const states: Record<string, number> = {};
  for (const { state } of expected) states[state] = (states[state] ?? 0) + 1;
  const reads = exchanges.filter((exchange) => exchange.role === 'read' && isSuccess(exchange));
  return {
    states,
    counted: Object.fromEntries(Object.entries(states).filter(([state]) => COUNTED.has(state))),
    reviews: expected
      .filter(({ state }) => state === 'review')
      .map(({ key }) => (key.startsWith('\0') ? KEYLESS : key))
      .toSorted(),
    writes: expected.flatMap(({ writes }) => writes.map(({ body }) => body)),
    ids: expected.flatMap(({ writes }) => writes.flatMap(({ id }) => id ?? [])),
    wrongWrites: [],
    isComplete: reads.every((exchange) => holdsList(exchange, systems, slice)),
  };
}

/** Whether a page that was read holds a list where the records stand. */
function holdsList(
  exchange: Exchange,
  systems: RecordedFlow['systems'],
  slice: ContractOptions['slice'],
): boolean {
  const data = readAnswerData(systemOf(systems, exchange), exchange);
  return listValues(data, findCall(slice, exchange)?.records ?? '').some((list) => Array.isArray(list));
}

function listUncovered(expected: readonly ExpectedRecord[], { targets, custom }: ContractOptions): string[] {
  // A hand-written function that is not written yet lets nothing be written: the flow's own test shows the review.
  if (custom !== undefined && expected.every(({ writes }) => writes.length === 0)) return [];
  return Object.entries(targets).flatMap(([target, fields]) => {
    const items = expected.flatMap(({ writes }) =>
      writes.filter((write) => write.target.name === target).map(({ item }) => item),
    );
    return Object.entries(fields)
      .filter(([path, { place = path }]) => !items.some((item) => listValues(item, place).some(isFilled)))
      .map(([path]) => `${target}.${path}`);
  });
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
