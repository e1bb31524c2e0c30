import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { listOwnTargets } from '../../model/integration-model.ts';
import type { FlowModel, SystemModel, TargetModel } from '../../model/integration-model.ts';
import { childOf } from '../../source/source-ref.ts';
import type { Gate } from '../gate-context.ts';

const DAY_MS = 86_400_000;
const DEFAULT_PAGE = 100;

export interface Forecast {
  readonly system: string;
  readonly callsPerDay: number;
  readonly sum: string;
  /** No flow says how many records to expect, so only the calls that poll are counted. */
  readonly unknownVolume: boolean;
}

/** What a flow calls a system for, and how often a day. */
interface Term {
  readonly text: string;
  readonly calls: number;
}

/** Opens where interval and volume cannot fit the limits. */
export const quotaGate: Gate = {
  name: 'quota',
  check(context) {
    for (const system of context.model.systems) {
      const forecast = forecastCalls(system, context.model.flows);
      const limit = system.daily;
      if (limit === undefined || forecast.callsPerDay <= limit) continue;
      const sum = `${forecast.sum} = ${Math.ceil(forecast.callsPerDay)} calls a day, and ${limit} are allowed.`;
      context.found.push(
        createDiagnostic('quota', { system: system.name, sum }, childOf(system.origin, 'limits', 'daily')),
      );
    }
  },
};

/** A look-up that comes first in `once` is made before each record is written. */
function lookUpCalls(flow: FlowModel, { name, once: [first] }: TargetModel, records: number): Term[] {
  return first?.kind === 'look-up'
    ? [{ text: `${flow.name} looks up ${name} ${Math.ceil(records)}`, calls: records }]
    : [];
}

/** Batches are only as full as the readings that bring their records. */
function writeCalls(flow: FlowModel, target: TargetModel, records: number): Term {
  const { source } = flow;
  const passes = source.schedule?.runsPerDay ?? DAY_MS / source.everyMs;
  const calls =
    target.batch === undefined ? records : records / target.batch.size + Math.min(records, passes);
  return { text: `${flow.name} writes ${Math.ceil(calls)}`, calls };
}

/** Calls a day, from interval and expected volume. */
export function forecastCalls(system: SystemModel, flows: readonly FlowModel[]): Forecast {
  const terms = flows.flatMap((flow) => {
    const { source } = flow;
    const records =
      source.volume === undefined ? undefined : (source.volume.count * DAY_MS) / source.volume.perMs;
    const passes = source.schedule?.runsPerDay ?? DAY_MS / source.everyMs;
    const isFull = source.changes?.full === true;
    const reads = passes + (isFull ? 0 : (records ?? 0) / (source.pages?.size?.count ?? DEFAULT_PAGE));
    return [
      ...(source.system === system
        ? [
            {
              text: `${flow.name} reads ${Math.ceil(reads)}${isFull ? ' (each pass reads everything; of its pages only the first is counted)' : ''}`,
              calls: reads,
            },
          ]
        : []),
      ...flow.find.flatMap((find) =>
        find.system === system && records !== undefined
          ? [{ text: `${flow.name} looks up ${find.name} ${Math.ceil(records)}`, calls: records }]
          : [],
      ),
      ...listOwnTargets(flow).flatMap((target) =>
        target.system === system && records !== undefined
          ? [...lookUpCalls(flow, target, records), writeCalls(flow, target, records)]
          : [],
      ),
    ];
  });
  return {
    system: system.name,
    callsPerDay: terms.reduce((sum, term) => sum + term.calls, 0),
    sum: terms.map((term) => term.text).join(' + '),
    unknownVolume: flows.some((flow) => flow.source.volume === undefined),
  };
}
