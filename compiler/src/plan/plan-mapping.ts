import { listChildren } from '../model/expression-tree.ts';
import type { ExpressionTree } from '../model/expression-tree.ts';
import { actionOf } from '../check/format-decision.ts';
import { identify } from '../check/declare-types.ts';
import type { CheckedFlow, CheckedModel } from '../model/checked-model.ts';
import { formatSteps } from '../model/field-path.ts';
import type { FieldStep } from '../model/field-path.ts';
import type { FieldPlan, MappingPlan, ResultNode } from '../model/service-plan.ts';
import type { NameAllocator } from './allocate-names.ts';
import { toKebabCase, toPascalCase } from './allocate-names.ts';

/** One mapping: a constant for each field, and the object that they make. */
export function planMapping(checked: CheckedModel, entry: CheckedFlow, names: NameAllocator): MappingPlan {
  const { flow } = entry;
  const { target } = flow;
  const file = `src/mappings/${toKebabCase(`${flow.name}-${target.name}`)}.ts`;
  const fields = entry.fields.map((field): FieldPlan => ({
    checked: field,
    variable: names.allocate(
      `field:${flow.name}.${target.name}.${field.field.path.text}`,
      field.field.path.text,
      file,
    ),
  }));
  const trees = entry.fields.flatMap((field) =>
    field.field.values.flatMap((value) =>
      value.kind === 'expression' ? (checked.expressions.get(value.expression)?.tree ?? []) : [],
    ),
  );
  const types = checked.types.get(target.system.name);
  const body = target.operation.body?.schema;
  return {
    file,
    functionName: `map${toPascalCase(`${flow.name}-${target.name}`)}`,
    itemType: types?.nameOf(identify(target.itemSchema)) ?? 'unknown',
    bodyType: body === undefined ? 'unknown' : (types?.nameOf(identify(body)) ?? 'unknown'),
    target,
    usesConfig: trees.some((tree) => mentions(tree, 'config')),
    usesNow: trees.some((tree) => mentions(tree, 'now')),
    usesSource: trees.some((tree) => mentions(tree, 'source')),
    fields,
    root: planResult(fields),
  };
}

export function mentions(tree: ExpressionTree, name: string): boolean {
  return (
    (tree.kind === 'name' && tree.name === name) || listChildren(tree).some((child) => mentions(child, name))
  );
}

interface Branch {
  readonly steps: readonly FieldStep[];
  readonly field: FieldPlan;
}

function planResult(fields: readonly FieldPlan[]): ResultNode {
  return build(
    fields.map((field) => ({ steps: field.checked.field.path.steps, field })),
    [],
  );
}

function build(branches: readonly Branch[], above: readonly FieldStep[]): ResultNode {
  const [first] = branches;
  if (first !== undefined && first.steps.length === 0) return { kind: 'field', field: first.field };
  const groups = new Map<string, { readonly step: FieldStep; readonly inner: Branch[] }>();
  for (const { steps, field } of branches) {
    const [step, ...rest] = steps;
    if (step === undefined) continue;
    const key = formatSteps([step]);
    const group = groups.get(key) ?? { step, inner: [] };
    group.inner.push({ steps: rest, field });
    groups.set(key, group);
  }
  const list = [...groups.values()];
  if (list.every(({ step }) => step.kind !== 'name')) {
    const ordered = list.toSorted((left, right) => indexOf(left.step) - indexOf(right.step));
    return {
      kind: 'list',
      elements: ordered.map(({ step, inner }) => ({
        path: formatSteps([...above, step]),
        droppable: inner.some((branch) => canDrop(branch.field)),
        node: build(inner, [...above, step]),
      })),
    };
  }
  return {
    kind: 'object',
    entries: list.map(
      ({ step, inner }) =>
        [step.kind === 'name' ? step.name : formatSteps([step]), build(inner, [...above, step])] as const,
    ),
  };
}

function indexOf(step: FieldStep): number {
  return step.kind === 'index' ? step.index : 0;
}

function canDrop({ checked }: FieldPlan): boolean {
  const decisions = [...checked.blank.values(), ...checked.invalid.values()].map((chosen) =>
    actionOf(chosen.decision),
  );
  return (
    decisions.includes('drop') || (checked.otherwise !== undefined && actionOf(checked.otherwise) === 'drop')
  );
}
