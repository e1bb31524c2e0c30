import type { Schema } from '../model/api-model.ts';
import type { CheckedExpression } from '../model/checked-model.ts';
import type { ExpressionTree } from '../model/expression-tree.ts';
import type { FieldModel, TransformCall, Value } from '../model/integration-model.ts';
import type { InvalidKind, Scalar } from '../model/rules-input.ts';
import { boundsAfter, UNKNOWN } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import type { BlankContext } from './measure-blank.ts';
import { transformsOf } from './implied-transforms.ts';
import { CHECKED_FORMATS, satisfiesFormat, satisfiesPattern } from './satisfies-text.ts';
import { findTransform } from './transform-catalog.ts';
import { findRead } from './value-scope.ts';

export { CHECKED_FORMATS };

/** How a field's value can break what the target accepts. Where a table makes the value, its entries are checked instead. */
export function measureInvalid(field: FieldModel, context: BlankContext): readonly InvalidKind[] {
  if (field.each !== undefined) return [];
  const kinds = new Set<InvalidKind>();
  const calls = transformsOf(field, context);
  if (calls.some((call) => findTransform(call.name)?.canFail === true)) kinds.add('format');
  if (field.table !== undefined) return [...kinds];
  for (const value of field.values) {
    const bounds = boundsAfter(calls, measureBounds(value, context));
    for (const kind of compare(field.schema, bounds)) kinds.add(kind);
  }
  return [...kinds];
}

/** How a value that the source describes can break what the target accepts, once the transforms have been through it. */
export function measureBreaks(
  target: Schema,
  source: Schema,
  calls: readonly TransformCall[],
): readonly InvalidKind[] {
  return compare(target, boundsAfter(calls, { ...source, members: source.enum }));
}

function compare(target: Schema, bounds: Bounds): InvalidKind[] {
  const kinds: InvalidKind[] = [];
  const { members } = bounds;
  if (members !== undefined)
    return members.every((member) => fits(target, member)) ? [] : listBroken(target, members);
  if (target.maxLength !== undefined && (bounds.maxLength ?? Infinity) > target.maxLength)
    kinds.push('too-long');
  if ((target.minLength ?? 0) > 1 && (bounds.minLength ?? 0) < (target.minLength ?? 0))
    kinds.push('too-short');
  if (target.pattern !== undefined && bounds.pattern !== target.pattern) kinds.push('pattern');
  if (target.enum !== undefined) kinds.push('not-listed');
  if (target.format !== undefined && CHECKED_FORMATS.has(target.format) && bounds.format !== target.format)
    kinds.push('format');
  if (reachesBelow(bounds, target)) kinds.push('too-small');
  if (reachesAbove(bounds, target)) kinds.push('too-large');
  if (target.multipleOf !== undefined) kinds.push('multiple');
  return kinds;
}

function reachesBelow(bounds: Bounds, target: Schema): boolean {
  if (target.minimum === undefined) return false;
  const least = bounds.minimum ?? -Infinity;
  return least < target.minimum || (least === target.exclusiveMinimum && bounds.exclusiveMinimum !== least);
}

function reachesAbove(bounds: Bounds, target: Schema): boolean {
  if (target.maximum === undefined) return false;
  const most = bounds.maximum ?? Infinity;
  return most > target.maximum || (most === target.exclusiveMaximum && bounds.exclusiveMaximum !== most);
}

/** What the descriptions say of a value before its transforms. */
export function measureBounds(value: Value, context: BlankContext): Bounds {
  if (value.kind === 'literal')
    return {
      ...UNKNOWN,
      members: value.value === null || typeof value.value === 'object' ? [] : [value.value],
    };
  const checked: CheckedExpression | undefined = context.checked(value);
  if (checked === undefined) return UNKNOWN;
  if (checked.type.literals !== undefined) return { ...UNKNOWN, members: checked.type.literals };
  const field = findRead(checked.tree, context);
  if (isAddress(checked.tree)) return { ...UNKNOWN, format: 'uri' };
  if (field?.kind !== 'found') return UNKNOWN;
  return { ...field.schema, members: field.schema.enum };
}

/** Tagged `url`, with its host written out: whatever is filled in stays one part of the address. */
function isAddress(tree: ExpressionTree): boolean {
  return (
    tree.kind === 'template' &&
    tree.tag === 'url' &&
    /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+(?::\d+)?[/?#]/i.test(tree.texts[0] ?? '') &&
    URL.canParse(tree.texts[0] ?? '')
  );
}

/** Whether one known value satisfies the target. */
export function fits(target: Schema, value: Scalar): boolean {
  // The service keeps to the bounds that are described; what no 32 bits hold is known to be wrong all the same.
  const isTooLong =
    target.format === 'int32' && typeof value === 'number' && (value > 2 ** 31 - 1 || value < -(2 ** 31));
  return !isTooLong && listBroken(target, [value]).length === 0;
}

/** Each way in which known values break what the target accepts, in the order in which the service looks. */
export function listBroken(target: Schema, values: readonly Scalar[]): InvalidKind[] {
  const kinds = new Set<InvalidKind>();
  for (const value of values) {
    if (target.enum !== undefined && !target.enum.includes(value)) kinds.add('not-listed');
    if (typeof value === 'string') {
      if (target.maxLength !== undefined && value.length > target.maxLength) kinds.add('too-long');
      if (target.minLength !== undefined && value.length < target.minLength) kinds.add('too-short');
      if (target.pattern !== undefined && !satisfiesPattern(target.pattern, value)) kinds.add('pattern');
      if (target.enum === undefined && target.format !== undefined && !satisfiesFormat(target.format, value))
        kinds.add('format');
    }
    if (typeof value === 'number') {
      if (target.minimum !== undefined && value < target.minimum) kinds.add('too-small');
      if (target.maximum !== undefined && value > target.maximum) kinds.add('too-large');
      if (target.exclusiveMinimum !== undefined && value <= target.exclusiveMinimum) kinds.add('too-small');
      if (target.exclusiveMaximum !== undefined && value >= target.exclusiveMaximum) kinds.add('too-large');
      if (target.multipleOf !== undefined && !isMultiple(value, target.multipleOf)) kinds.add('multiple');
    }
  }
  return [...kinds];
}

/** Decimal fractions are not exact in floats: 0.3 is a multiple of 0.1 to everybody but the machine. */
function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9 * Math.max(1, Math.abs(quotient));
}
