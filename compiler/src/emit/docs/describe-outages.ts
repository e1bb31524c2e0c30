import { forecastCalls } from '../../check/rules/quota.rule.ts';
import { nameOperation } from '../../model/api-model.ts';
import { listOwnTargets } from '../../model/integration-model.ts';
import type { FlowModel, Rate, SystemModel } from '../../model/integration-model.ts';
import type { ServicePlan } from '../../model/service-plan.ts';
import { matchesPattern } from '../../resolve/resolve-context.ts';
import { formatDuration } from '../text/format-duration.ts';
import { listToldOf } from './describe-alerts.ts';
import { formatRate } from './describe-overview.ts';
import { forecastOutage, formatSpan } from './forecast-outage.ts';
import type { Lane, OutageCall, OutageForecast, OutageModel } from './forecast-outage.ts';

const HOURS = [1, 6, 24, 72];
const ANSWER_SECONDS = 0.5;
const DAY_MS = 86_400_000;
const PAGE = 100;
/** The runtime's own, where the rules say nothing: `DEFAULT_CONCURRENCY`. */
const PLACES = 10;

/** How long a system can be down, what waits then, and how long the rest takes. */
export function viewOutages(plan: ServicePlan) {
  const { model } = plan.checked;
  const outage = modelOutages(model.systems, model.flows);
  return {
    answerSeconds: String(ANSWER_SECONDS),
    systems: model.systems.map((system) => ({
      name: system.name,
      rows: HOURS.map((hours) => {
        const question = { system: system.name, hours, answerSeconds: ANSWER_SECONDS };
        return { hours: `${hours} h`, ...describeForecast(forecastOutage(outage, question)) };
      }),
      bounds: listBounds(plan, system),
    })),
    volumes: model.flows.map(({ name, source }) => ({
      flow: name,
      volume:
        source.volume === undefined
          ? 'unknown: the rules state no volume'
          : `${source.volume.count} in ${formatDuration(source.volume.perMs)}`,
    })),
    forecasts: model.systems.map((system) => {
      const forecast = forecastCalls(system, model.flows);
      return {
        system: system.name,
        sum: `${forecast.sum || 'nothing'} (${Math.ceil(forecast.callsPerDay)} calls a day)`,
        limit: system.daily ?? 0,
        unknown: forecast.unknownVolume,
      };
    }),
    told: listToldOf(plan.alerts?.alerts, 'pause', '').join(', '),
  };
}

function describeForecast({ backlog, unknown, catchUpSeconds, bound }: OutageForecast) {
  if (backlog === undefined) return { backlog: UNKNOWN, catchUp: UNKNOWN, sum: '' };
  const beside = unknown.length === 0 ? '' : `, and those of ${unknown.join(', ')}, which state no volume`;
  const count = Math.ceil(backlog);
  return {
    backlog: `${count} records${beside}`,
    catchUp: formatSpan(catchUpSeconds),
    sum:
      bound === undefined
        ? 'nothing bounds it'
        : `${Math.ceil(bound.calls)} calls of ${bound.system}; ${Math.floor(bound.freePerHour)} an hour are free (${bound.lane})`,
  };
}

const UNKNOWN = 'unknown without volume';

/** What the page's form counts with, and the tables too. */
export function modelOutages(systems: readonly SystemModel[], flows: readonly FlowModel[]): OutageModel {
  return {
    systems: systems.map((system) => ({ name: system.name, lanes: listLanes(system) })),
    flows: flows.map((flow) => ({
      name: flow.name,
      recordsPerDay: flow.source.volume === undefined ? null : perDay(flow.source.volume),
      calls: listCalls(flow),
    })),
  };
}

function listLanes({ rate, pools, concurrency, daily }: SystemModel): Lane[] {
  return [
    { kind: 'concurrency', label: `${concurrency ?? PLACES} calls at a time`, places: concurrency ?? PLACES },
    ...(rate === undefined
      ? []
      : [{ kind: 'rate', label: formatRate(rate), perSecond: perDay(rate) / 86_400 } as const]),
    ...(daily === undefined
      ? []
      : [{ kind: 'daily', label: `${daily} calls a day`, perDay: daily } as const]),
    ...pools.map((pool) => ({
      kind: 'rate' as const,
      label: `${formatRate(pool.rate)} for ${pool.for}`,
      perSecond: perDay(pool.rate) / 86_400,
    })),
  ];
}

function listCalls(flow: FlowModel): OutageCall[] {
  const { source, find } = flow;
  const passes = source.schedule?.runsPerDay ?? DAY_MS / source.everyMs;
  const size = source.pages?.size?.count ?? PAGE;
  const of = (
    system: SystemModel,
    role: OutageCall['role'],
    operation: { readonly method: string; readonly path: string },
    times: { readonly perRecord: number; readonly perDay: number },
  ): OutageCall => ({
    system: system.name,
    role,
    lanes: listLanesOf(system, nameOperation(operation)),
    ...times,
  });
  const once = { perRecord: 1, perDay: 0 };
  return [
    of(source.system, 'read', source.operation, { perRecord: 1 / size, perDay: passes }),
    ...find.map((one) => of(one.system, 'find', one.operation, once)),
    ...listOwnTargets(flow).flatMap((target) => {
      const [first] = target.once;
      const asks = first?.kind === 'look-up' ? [of(target.system, 'look-up', first.operation, once)] : [];
      // What has waited is much, so that its batches are full.
      const perRecord = 1 / (target.batch?.size ?? 1);
      return [...asks, of(target.system, 'write', target.operation, { perRecord, perDay: 0 })];
    }),
  ];
}

/** A pool counts only the calls that fit its pattern. */
function listLanesOf(system: SystemModel, name: string): number[] {
  const shared = listLanes(system).length - system.pools.length;
  return [
    ...Array.from({ length: shared }, (_, index) => index),
    ...system.pools.flatMap((pool, index) => (matchesPattern(pool.for, name) ? [shared + index] : [])),
  ];
}

function perDay({ count, perMs }: Rate): number {
  return (count * DAY_MS) / perMs;
}

/** What sets an end to an outage that nobody need mend. */
function listBounds(plan: ServicePlan, system: SystemModel): { readonly text: string }[] {
  const bounds = plan.flows.flatMap(({ flow, checked }) => [
    ...(flow.source.system === system
      ? [`${flow.name} reads on where it was: the source must still hold what has changed meanwhile.`]
      : []),
    ...checked.targets.flatMap(({ target }) => {
      const key = target.once.find((entry) => entry.kind === 'key');
      return target.system === system && key !== undefined
        ? [
            `A write to ${target.name} whose outcome was unknown when the system went down is repeated safely for ${formatDuration(key.lastsMs)}; after that, ${target.once.length > 1 ? 'the next line of "once" decides' : 'a person decides'}.`,
          ]
        : [];
    }),
  ]);
  return bounds.map((text) => ({ text }));
}
