import { hasErrors } from '../diagnostics/diagnostic.ts';
import { SENTINELS } from '../model/rules-input.ts';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.ts';
import type { FlowModel, Model } from '../model/integration-model.ts';
import type { FlowInput } from '../model/rules-input.ts';
import type { Workspace } from '../model/workspace.ts';
import { childOf, valueAt } from '../source/source-ref.ts';
import { checkLookUpRules, checkReadRules } from './check-call-rules.ts';
import { resolveAlerts } from './resolve-alerts.ts';
import { resolveCallRules, resolveExpression } from './resolve-context.ts';
import type { ResolveContext, ResolvedSystem } from './resolve-context.ts';
import { resolveFinds } from './resolve-find.ts';
import { resolvePolicy } from './resolve-policy.ts';
import { resolveSource } from './resolve-source.ts';
import { reportIdleFacts } from './report-idle-facts.ts';
import { reportSameNames } from './report-same-names.ts';
import { reportSystem, resolveSystem } from './resolve-systems.ts';
import { resolveTarget } from './resolve-target.ts';

/** Replaces every name of the rules by what it stands for in the descriptions. */
export function resolveWorkspace(workspace: Workspace): Result<Model | undefined> {
  const found: Diagnostic[] = [];
  const systems = new Map<string, ResolvedSystem>();
  const context: ResolveContext = { workspace, systems, found };
  const policy = resolvePolicy(context);
  const parts = Object.entries(workspace.rules.systems).map(([name, input]) =>
    resolveSystem(context, name, input, policy?.calls ?? []),
  );
  for (const part of parts) systems.set(part.resolved.model.name, part.resolved);
  const flows = Object.entries(workspace.rules.flows).flatMap(
    ([name, input]) => resolveFlow(context, name, input) ?? [],
  );
  reportSameNames(context);
  const alerts = resolveAlerts(context);
  const systemFindings = parts.flatMap(reportSystem);
  const findings = dropFollowUps([...found, ...systemFindings]);
  // Where a call lacks a value the model is whole all the same, so that what else is open is seen at once.
  if (hasErrors(findings.filter(({ code }) => code !== 'missing-parameter'))) return [undefined, findings];
  findings.push(...reportIdleFacts(workspace.rules, systems, flows));
  return [
    {
      workspace,
      rules: workspace.rules,
      policy,
      systems: parts.map((part) => part.resolved.model),
      flows,
      alerts,
    },
    findings,
  ];
}

/** A parameter behind a broken reference has no name, so that nothing can be said of names that seem to be wrong. */
function dropFollowUps(found: readonly Diagnostic[]): Diagnostic[] {
  const isBroken = found.some(({ at }) => at.path.includes('parameters') && at.path.at(-1) === '$ref');
  return found.filter(
    ({ code }) => !isBroken || (code !== 'unknown-parameter' && code !== 'missing-parameter'),
  );
}

function resolveFlow(context: ResolveContext, name: string, input: FlowInput): FlowModel | undefined {
  const origin = valueAt(context.workspace.rulesFile, ['flows', name]);
  const source = resolveSource(context, input.from, childOf(origin, 'from'));
  const flowCalls = resolveCallRules(context, input.calls, childOf(origin, 'calls'));
  const find = resolveFinds(context, input, flowCalls, origin);
  const targets = input.to.map((entry, index) => resolveTarget(context, entry, childOf(origin, 'to', index)));
  if (source !== undefined)
    context.found.push(
      ...checkReadRules([...source.calls, ...flowCalls, ...source.system.calls], `"${name}"`),
    );
  for (const one of find ?? [])
    context.found.push(...checkLookUpRules([...one.calls, ...one.system.calls], `"${one.name}"`));
  for (const target of targets.flatMap((each) => each ?? []))
    if (target.once.some(({ kind }) => kind === 'look-up'))
      context.found.push(
        ...checkLookUpRules([...target.calls, ...flowCalls, ...target.system.calls], `of "${target.name}"`),
      );
  if (source === undefined || targets.includes(undefined) || find === undefined) return undefined;
  return {
    origin,
    name,
    source: { ...source, calls: [...source.calls, ...flowCalls] },
    find,
    keep: (input.keep ?? []).map((rule, index) => {
      const at = childOf(origin, 'keep', index);
      return {
        origin: at,
        when: resolveExpression(rule.when, childOf(at, 'when')),
        otherwise: rule.otherwise,
        because: rule.because,
      };
    }),
    later: {
      origin: childOf(origin, 'later'),
      changed: input.later?.changed,
      left: input.later?.left,
      deleted: input.later?.deleted,
      because: input.later?.because,
    },
    sentinels: context.workspace.rules.sentinels ?? SENTINELS,
    targets: targets
      .flatMap((target) => target ?? [])
      .map((target) => ({ ...target, calls: [...target.calls, ...flowCalls] })),
  };
}
