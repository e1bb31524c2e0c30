import type { CheckedExpression } from '../model/checked-model.ts';
import type { FieldModel, TransformCall, Value } from '../model/integration-model.ts';
import { wantsText } from './coerce-literal.ts';
import { DECIMAL } from './transform-catalog.ts';
import { findRead } from './value-scope.ts';
import type { ValueScope } from './value-scope.ts';

export interface TransformScope extends ValueScope {
  checked(value: Extract<Value, { readonly kind: 'expression' }>): CheckedExpression | undefined;
}

/**
 * What is made of a field's value on the way: what the rules say, or, where they say nothing and a fact types the text
 * that goes into a number as `decimal`, just that.
 */
export function transformsOf(field: FieldModel, scope: TransformScope): readonly TransformCall[] {
  const { as, table, each, schema, values } = field;
  const takesNumber = schema.types.includes('number') && !wantsText(schema);
  if (as.length > 0 || table !== undefined || each !== undefined || !takesNumber) return as;
  const isDecimal = values.length > 0 && values.every((value) => isDecimalText(value, scope));
  return isDecimal ? [{ name: DECIMAL, argument: undefined, at: field.origin }] : as;
}

function isDecimalText(value: Value, scope: TransformScope): boolean {
  if (value.kind === 'literal') return false;
  const checked = scope.checked(value);
  const field = checked === undefined ? undefined : findRead(checked.tree, scope);
  return field?.kind === 'found' && field.schema.meaning === 'decimal';
}
