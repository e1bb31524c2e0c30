import { hasErrors } from '../diagnostics/diagnostic.ts';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.ts';
import type { CheckedFlow, CheckedModel } from '../model/checked-model.ts';
import type { Model } from '../model/integration-model.ts';
import { formatPath } from '../source/source-ref.ts';
import type { PathStep } from '../source/source-ref.ts';
import { applyAllowed } from './apply-allowed.ts';
import { checkExpressions } from './check-expressions.ts';
import { decideFields } from './decide-fields.ts';
import { declareTypes } from './declare-types.ts';
import type { NamedRoot, TypeDeclarations } from './declare-types.ts';
import { listFoundReads, listReads } from './flow-reads.ts';
import type { GateContext } from './gate-context.ts';
import { mergeDecisions, mergeFindings } from './merge-alike.ts';
import type { Recorded } from './measure-recorded.ts';
import { findTier } from './rules/once.rule.ts';
import { gates } from './rules/index.ts';
import { sliceTypes } from './slice-types.ts';

/**
 * Type-checks every expression and walks every gate; the value is undefined while a decision is open.
 * @param earlier what the stages before found, of which `allow` may set something aside too
 * @param today as YYYY-MM-DD
 * @param recorded what messages say how often something happens by
 */
export function checkModel(
  model: Model,
  earlier: readonly Diagnostic[],
  today: string,
  recorded: Recorded,
): Result<CheckedModel | undefined> {
  const whole = new Map(
    model.systems.map((system) => [system.name, declareTypes(listRoots(model, system.name))] as const),
  );
  const { expressions, found: expressionFindings } = checkExpressions(
    model,
    whole satisfies Map<string, TypeDeclarations>,
  );
  const flows = model.flows.map((flow): CheckedFlow => ({
    flow,
    targets: flow.targets.map((target) => ({
      flow,
      target,
      tier: findTier(target),
      fields: decideFields(flow, target, expressions, model.policy),
    })),
    reads: listReads(flow, expressions),
    foundReads: listFoundReads(flow, expressions),
  }));
  const context: GateContext = { model, expressions, flows, recorded, found: [], register: [] };
  for (const gate of gates) gate.check(context);
  const { found, register } = applyAllowed(
    model.workspace.rulesFile,
    model.rules.allow ?? [],
    mergeFindings([...earlier, ...expressionFindings, ...dropFollowUps(context.found, expressionFindings)]),
    today,
  );
  if (hasErrors(found)) return [undefined, found];
  const types = sliceTypes(model, flows, expressions);
  return [
    { model, expressions, flows, types, register: mergeDecisions([...context.register, ...register]) },
    found,
  ];
}

/** What a gate says of a rule whose expression is wrong is only that mistake again. */
function dropFollowUps(gateFindings: readonly Diagnostic[], wrong: readonly Diagnostic[]): Diagnostic[] {
  const rules = new Set(wrong.map(({ at }) => formatPath(ruleOf(at.path))));
  return gateFindings.filter(
    ({ at, code }) =>
      !((code === 'unused-custom' || code === 'unused-config') && wrong.length > 0) &&
      !at.path.some((_, index) => rules.has(formatPath(at.path.slice(0, index + 1)))),
  );
}

/** A line of a mapping is one rule; elsewhere each value stands for itself. */
function ruleOf(path: readonly PathStep[]): readonly PathStep[] {
  const isMapping = path[0] === 'flows' && path[2] === 'to' && path[4] === 'map';
  return isMapping ? path.slice(0, 6) : path;
}

function listRoots(model: Model, system: string): NamedRoot[] {
  return model.flows.flatMap(({ name, source, find, targets }) => {
    const roots: NamedRoot[] = [];
    if (source.system.name === system)
      roots.push(
        { name: `${name}-answer`, schema: source.answer },
        { name: `${name}-record`, schema: source.record },
      );
    for (const entry of find)
      if (entry.system.name === system) roots.push({ name: `${name}-${entry.name}`, schema: entry.record });
    for (const target of targets) {
      if (target.system.name !== system) continue;
      roots.push({ name: `${name}-item`, schema: target.itemSchema });
      if (target.answer !== undefined)
        roots.push({ name: `${name}-${target.name}-answer`, schema: target.answer });
      if (target.batch !== undefined)
        roots.push({ name: `${name}-${target.name}-result`, schema: target.batch.result });
    }
    return roots;
  });
}
