import { wantsText } from '../model/api-model.ts';
import type { Schema } from '../model/api-model.ts';
import type { Value } from '../model/integration-model.ts';
import type { Scalar } from '../model/rules-input.ts';

type Literal = Value & { readonly kind: 'literal' };

/** The literal as the target wants it: where that is text, the scalar as it was typed (`2.10` stays `2.10`). */
export function coerceLiteral(literal: Literal, target: Schema): Scalar {
  if (literal.value === null) return null;
  return wantsText(target) ? literal.text : literal.value;
}

export { wantsText };
