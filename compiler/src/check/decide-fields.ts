import type { CheckedExpression, CheckedField, ChosenDecision, FieldKind } from '../model/checked-model.ts';
import type {
  Decision,
  DecisionRule,
  Expression,
  FieldModel,
  FlowModel,
  PolicyModel,
  TargetModel,
} from '../model/integration-model.ts';
import { BLANK_KINDS, INVALID_KINDS } from '../model/rules-input.ts';
import { wantsText } from './coerce-literal.ts';
import { transformsOf } from './implied-transforms.ts';
import { isKeyField } from './key-fields.ts';
import { measureBlank } from './measure-blank.ts';
import type { BlankContext } from './measure-blank.ts';
import { findElement, scopeOf } from './value-scope.ts';
import { measureInvalid } from './measure-invalid.ts';

/** Every field with what can go wrong with it and what was decided, by the rules, the policy, or as a last resort. */
export function decideFields(
  flow: FlowModel,
  target: TargetModel,
  expressions: ReadonlyMap<Expression, CheckedExpression>,
  policy: PolicyModel | undefined,
): CheckedField[] {
  const decideAll = (fields: readonly FieldModel[], context: BlankContext): CheckedField[] =>
    fields.flatMap((field) => {
      const decided = decideField(field, isKeyField(field, target, expressions), context, policy);
      if (field.each === undefined) return [decided];
      const list = expressions.get(field.each.list);
      const element = list === undefined ? undefined : findElement(list.tree, context);
      return [decided, ...decideAll(field.each.fields, { ...context, element })];
    });
  return decideAll(target.fields, {
    ...scopeOf(flow),
    checked: (value) => expressions.get(value.expression),
  });
}

function decideField(
  field: FieldModel,
  isKey: boolean,
  context: BlankContext,
  policy: PolicyModel | undefined,
): CheckedField {
  const orNothing = (action: string | undefined): Decision | undefined =>
    action === undefined ? undefined : { action };
  const forBlank = isKey ? undefined : orNothing(field.required ? policy?.required : policy?.optional);
  const forInvalid = orNothing(policy?.invalid);
  const blankKinds = measureBlank(field, context);
  return {
    field,
    kind: findKind(field),
    as: transformsOf(field, context),
    blankKinds,
    blank: choose(BLANK_KINDS, field.blank, forBlank, blankKinds),
    invalidKinds: measureInvalid(field, context),
    invalid: choose(INVALID_KINDS, field.invalid, forInvalid, []),
    otherwise: field.otherwise,
  };
}

function choose<K extends string>(
  kinds: readonly K[],
  rule: DecisionRule<K> | undefined,
  policy: Decision | undefined,
  open: readonly K[],
): ReadonlyMap<K, ChosenDecision> {
  const chosen = new Map<K, ChosenDecision>();
  for (const kind of kinds) {
    const own = rule?.byKind.get(kind) ?? rule?.all;
    if (own !== undefined) chosen.set(kind, { decision: own, from: 'rules' });
    else if (policy !== undefined) chosen.set(kind, { decision: policy, from: 'policy' });
    // The gate is closed by what the description says; should the value come all the same, a person looks at it.
    else if (!open.includes(kind)) chosen.set(kind, { decision: { action: 'review' }, from: 'fallback' });
  }
  return chosen;
}

function findKind(field: FieldModel): FieldKind {
  const { schema, values } = field;
  if (field.each !== undefined) return 'list';
  if (values.length === 1 && values[0]?.kind === 'literal') return 'constant';
  if (field.table !== undefined) return 'choice';
  if (wantsText(schema)) return schema.enum === undefined ? 'text' : 'choice';
  if (schema.types.includes('boolean')) return 'boolean';
  return schema.types.includes('number') || schema.types.includes('integer') ? 'number' : 'text';
}
