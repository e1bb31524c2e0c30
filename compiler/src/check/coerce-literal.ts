import { wantsText } from '../model/api-model.ts';
import type { Schema } from '../model/api-model.ts';
import type { Value } from '../model/integration-model.ts';
import type { EmptyList, Scalar } from '../model/rules-input.ts';

/** A scalar of the rules rather than the list without elements. */
export function isScalar(value: Scalar | EmptyList): value is Scalar {
  return !Array.isArray(value);
}

type Literal = Value & { readonly kind: 'literal' };

/** The literal as the target wants it: where that is text, the scalar as it was typed (`2.10` stays `2.10`). */
export function coerceLiteral(literal: Literal, target: Schema): Scalar | EmptyList {
  if (literal.value === null || typeof literal.value === 'object') return literal.value;
  return wantsText(target) ? literal.text : literal.value;
}

export { wantsText };
