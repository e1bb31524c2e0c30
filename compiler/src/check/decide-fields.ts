import type { CheckedExpression, CheckedField, ChosenDecision, FieldKind } from '../model/checked-model.ts';
import type { TypeFacts } from '../model/expression-tree.ts';
import type {
  Decision,
  DecisionRule,
  Expression,
  FieldModel,
  FlowModel,
  PolicyModel,
  TargetModel,
  Value,
} from '../model/integration-model.ts';
import { BLANK_KINDS, INVALID_KINDS } from '../model/rules-input.ts';
import { wantsText } from './coerce-literal.ts';
import { transformsOf } from './implied-transforms.ts';
import { isKeyField } from './key-fields.ts';
import { measureBlank } from './measure-blank.ts';
import type { BlankContext } from './measure-blank.ts';
import { findElement, scopeOf } from './value-scope.ts';
import { measureInvalid } from './measure-invalid.ts';
import { findTransform } from './transform-catalog.ts';

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
    kind: findKind(field, (value) =>
      value.kind === 'expression' ? context.checked(value)?.type : undefined,
    ),
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

/** What takes anything is sent what the rules make for it: the last transform says, or the type of the value. */
function kindOfValue({ values, as }: FieldModel, typeOf: (value: Value) => TypeFacts | undefined): FieldKind {
  const made = findTransform(as.at(-1)?.name ?? '')?.makes;
  if (made !== undefined) return made === 'string' ? 'text' : made;
  const types = values.map(typeOf);
  const isOnly = (
    name: 'number' | 'boolean',
    ...others: readonly ('string' | 'number' | 'boolean')[]
  ): boolean =>
    types.length > 0 &&
    types.every(
      (type) =>
        type !== undefined && type[name] && type.other === undefined && !others.some((other) => type[other]),
    );
  if (isOnly('number', 'string', 'boolean')) return 'number';
  return isOnly('boolean', 'string', 'number') ? 'boolean' : 'text';
}

function findKind(field: FieldModel, typeOf: (value: Value) => TypeFacts | undefined): FieldKind {
  const { schema, values } = field;
  if (field.each !== undefined) return 'list';
  if (values.length === 1 && values[0]?.kind === 'literal') return 'constant';
  if (field.table !== undefined) return 'choice';
  if (wantsText(schema)) return schema.enum === undefined ? 'text' : 'choice';
  if (schema.enum !== undefined && !schema.types.includes('boolean')) return 'choice';
  if (schema.types.includes('boolean')) return 'boolean';
  if (schema.types.includes('number') || schema.types.includes('integer')) return 'number';
  return schema.types.length === 0 ? kindOfValue(field, typeOf) : 'text';
}
