import { mentions } from '../model/expression-tree.ts';

import { actionOf } from '../check/format-decision.ts';
import { identify } from '../check/declare-types.ts';
import type { Schema } from '../model/api-model.ts';
import type { CheckedModel, CheckedTarget } from '../model/checked-model.ts';
import { invariant } from '../diagnostics/invariant.ts';
import { labelTarget, listFields } from '../model/integration-model.ts';
import type { FieldModel } from '../model/integration-model.ts';
import { formatSteps } from '../model/field-path.ts';
import type { FieldStep } from '../model/field-path.ts';
import type { FieldPlan, MappingPlan, ResultNode } from '../model/service-plan.ts';
import type { NameAllocator } from './allocate-names.ts';
import { toKebabCase } from '../model/name-case.ts';
import { toPascalCase } from './allocate-names.ts';

/** One mapping: a constant for each field, and the object that they make. */
export function planMapping(checked: CheckedModel, entry: CheckedTarget, names: NameAllocator): MappingPlan {
  const { flow, target } = entry;
  // What is changed may be another object than what is made, so each has a mapping of its own.
  const name = `${flow.name}-${target.name}${target.mode === 'update' ? '-update' : ''}`;
  const file = `src/mappings/${toKebabCase(name)}.ts`;
  const planFields = (fields: readonly FieldModel[], above: number): FieldPlan[] =>
    fields.map((field): FieldPlan => {
      const decided = entry.fields.find((candidate) => candidate.field === field);
      invariant(decided !== undefined, `the field ${field.path.text} was not decided`);
      const below: readonly FieldStep[] = [...field.path.steps, { kind: 'each' }];
      const inner = field.each === undefined ? [] : planFields(field.each.fields, below.length);
      return {
        checked: decided,
        variable: names.allocate(
          `field:${flow.name}.${labelTarget(target)}.${field.path.text}`,
          formatSteps(field.path.steps.slice(above)) ||
            `${formatSteps(field.path.steps.slice(-2, -1))} element`,
          file,
        ),
        each:
          field.each === undefined
            ? undefined
            : { fields: inner, root: planResult(inner, field.each.schema, below) },
      };
    });
  const fields = planFields(target.fields, 0);
  const trees = listFields(target.fields).flatMap((field) =>
    [
      ...field.values.flatMap((value) => (value.kind === 'expression' ? [value.expression] : [])),
      ...(field.each === undefined ? [] : [field.each.list]),
    ].flatMap((expression) => checked.expressions.get(expression)?.tree ?? []),
  );
  const types = checked.types.get(target.system.name);
  const body = target.operation.body?.schema;
  return {
    file,
    functionName: `map${toPascalCase(name)}`,
    itemType: types?.nameOf(identify(target.itemSchema)) ?? 'unknown',
    bodyType: body === undefined ? 'unknown' : (types?.nameOf(identify(body)) ?? 'unknown'),
    target,
    usesConfig: trees.some((tree) => mentions(tree, 'config')),
    usesCustom: trees.some((tree) => mentions(tree, 'custom')),
    usesSource: trees.some((tree) => mentions(tree, 'source')),
    scope: ['now', 'ids', 'found'].filter((part) => trees.some((tree) => mentions(tree, part))),
    fields,
    root: planResult(fields, target.itemSchema, []),
  };
}

interface Branch {
  readonly steps: readonly FieldStep[];
  readonly field: FieldPlan;
}

/** @param above the steps of the fields' paths that lead to the object */
function planResult(fields: readonly FieldPlan[], item: Schema, above: readonly FieldStep[]): ResultNode {
  return build(
    fields.map((field) => ({ steps: field.checked.field.path.steps.slice(above.length), field })),
    above,
    { schema: item, required: true, isRoot: true },
  );
}

/** @param required whether the target cannot do without what stands here */
function build(
  branches: readonly Branch[],
  above: readonly FieldStep[],
  place: {
    readonly schema: Schema | undefined;
    readonly required: boolean;
    readonly isRoot?: boolean;
  },
): ResultNode {
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
        node: build(inner, [...above, step], { schema: place.schema?.items, required: false }),
      })),
    };
  }
  const entries = list.map(({ step, inner }) => {
    const name = step.kind === 'name' ? step.name : formatSteps([step]);
    const property = place.schema?.properties.get(name);
    return [
      name,
      build(inner, [...above, step], { schema: property?.schema, required: property?.required === true }),
    ] as const;
  });
  // An object of which nothing is sent is not sent either, unless the target wants it or a literal fills it.
  const filled = branches.some(
    ({ field }) => field.checked.kind === 'constant' || field.checked.field.required,
  );
  return { kind: 'object', mayBeEmpty: place.isRoot !== true && !place.required && !filled, entries };
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
