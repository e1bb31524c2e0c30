import { describeTier } from '../../check/rules/once.rule.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { FlowModel, Rate, SourceModel, SystemModel } from '../../model/integration-model.ts';
import type { FlowPlan, ServicePlan } from '../../model/service-plan.ts';
import { formatDuration } from '../text/format-duration.ts';
import { describeSetting } from './describe-setting.ts';
import { anchorOf, WRITES } from './name-target.ts';

/** What the service is for, what it connects, and what it promises. */
export function viewOverview(plan: ServicePlan) {
  const legs = plan.flows.flatMap(({ checked }) => checked.targets);
  return {
    integration: plan.integration,
    purpose: plan.purpose,
    rules: plan.rulesName,
    systems: plan.systems.map(({ system }) => ({
      name: system.name,
      part: listParts(plan, system).join('; ') || 'nothing yet',
      address: describeSetting(system.server),
      limits: listLimits(system).join('; ') || 'none are stated',
    })),
    flows: plan.flows.map(viewFlow),
    marksFirst: plan.flows.some(({ flow }) => flow.source.changes?.first === 'seen'),
    once: legs
      .filter(({ tier }) => tier < 5)
      .map((leg) => ({ name: anchorOf(leg), tier: describeTier(leg) })),
    blind: legs.filter(({ tier }) => tier === 5).map((leg) => ({ name: anchorOf(leg) })),
  };
}

function listParts(plan: ServicePlan, system: SystemModel): string[] {
  return plan.flows.flatMap(({ flow }) => [
    ...(flow.source.system === system ? [`read by ${flow.name}`] : []),
    ...flow.find
      .filter((find) => find.system === system)
      .map((find) => `asked for ${find.name} by ${flow.name}`),
    ...new Set(
      flow.targets.filter((target) => target.system === system).map(() => `written to by ${flow.name}`),
    ),
  ]);
}

/** What the rules say that a system bears. */
export function listLimits({ rate, concurrency, daily, reserve, pools }: SystemModel): string[] {
  return [
    ...(rate === undefined ? [] : [formatRate(rate)]),
    ...pools.map((pool) => `${formatRate(pool.rate)} for ${pool.for}`),
    ...(concurrency === undefined ? [] : [`${concurrency} at a time`]),
    ...(daily === undefined
      ? []
      : [`${daily} a day${reserve === undefined ? '' : `, of which a backfill leaves ${reserve}`}`]),
  ];
}

export function formatRate({ count, perMs }: Rate): string {
  return `${count} calls in ${formatDuration(perMs)}`;
}

function viewFlow({ flow, checked }: FlowPlan) {
  const { source, find, keep } = flow;
  return {
    name: flow.name,
    read: nameOperation(source.operation),
    source: source.system.name,
    rhythm: describeRhythm(source),
    volume:
      source.volume === undefined
        ? undefined
        : `${source.volume.count} records in ${formatDuration(source.volume.perMs)}`,
    begins: describeBeginning(source),
    keep: keep.map((rule) => ({ when: rule.when.text.trim(), otherwise: rule.otherwise })),
    finds: find.map((one) => ({
      name: one.name,
      target: one.target,
      call: nameOperation(one.operation),
      system: one.system.name,
    })),
    targets: checked.targets.map((leg) => ({
      anchor: anchorOf(leg),
      verb: WRITES[leg.target.mode],
      write: nameOperation(leg.target.operation),
      system: leg.target.system.name,
      fields: leg.fields.length,
    })),
    later: describeLater(flow),
  };
}

export function describeRhythm({ everyMs, schedule }: SourceModel): string {
  return schedule === undefined
    ? `every ${formatDuration(everyMs)}`
    : `at ${schedule.cron} (${schedule.zone})`;
}

function describeBeginning({ changes }: SourceModel): string {
  const first = changes?.first;
  if (first === undefined) return 'reads everything each time';
  if (first === 'all') return 'the first run takes everything that is there';
  if (first === 'now') return 'the first run takes only what changes after it';
  if (first === 'seen')
    return 'the first run only marks what is there and writes nothing; of what cannot be read then, a person decides';
  return `the first run takes what has changed since ${first}`;
}

function describeLater({ later }: FlowModel): string {
  return [
    later.changed === undefined ? undefined : `changed at the source: ${later.changed}`,
    later.left === undefined ? undefined : `no longer kept: ${later.left}`,
    later.deleted === undefined ? undefined : `deleted at the source: ${later.deleted}`,
    later.because === undefined ? undefined : `because ${later.because.replace(/\.$/, '')}`,
  ]
    .filter((part) => part !== undefined)
    .join('; ');
}
