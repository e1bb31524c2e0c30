import { coerceLiteral, isScalar } from '../check/coerce-literal.ts';
import { listBroken, measureInvalid } from '../check/measure-invalid.ts';
import type { BlankContext } from '../check/measure-blank.ts';
import type { Schema } from '../model/api-model.ts';
import type { CheckedField, ChosenDecision } from '../model/checked-model.ts';
import type { Value } from '../model/integration-model.ts';
import { INVALID_KINDS } from '../model/rules-input.ts';
import type { Scalar } from '../model/rules-input.ts';
import type { Sent } from './use.ts';

/** What a value of `with` or of a header can be: a literal, or anything. */
export function describeValue(value: Value): Sent {
  if (value.kind === 'expression') return ANYTHING;
  return {
    values: [value.value].filter(isScalar),
    mayOmit: false,
    mayNull: value.value === null,
    breaks: (schema) => listBroken(schema, [coerceLiteral(value, schema)].filter(isScalar)),
  };
}

/** What nobody knows before the service runs. */
export const ANYTHING: Sent = {
  values: undefined,
  mayOmit: false,
  mayNull: false,
  breaks: () => INVALID_KINDS,
};

export function describeText(text: string): Sent {
  return {
    values: [text],
    mayOmit: false,
    mayNull: false,
    breaks: (schema) => listBroken(schema, [text]),
  };
}

/** What a line of a mapping can send: what the rules name, or what the descriptions say of what is read. */
export function describeField(checked: CheckedField, context: BlankContext): Sent {
  const { field, blank, invalid, blankKinds, invalidKinds, otherwise } = checked;
  const chosen = [
    ...blankKinds.flatMap((kind) => blank.get(kind) ?? []),
    ...invalidKinds.flatMap((kind) => invalid.get(kind) ?? []),
    ...(otherwise === undefined ? [] : [{ decision: otherwise }]),
  ];
  const defaults = chosen.flatMap(({ decision }) =>
    'default' in decision && isScalar(decision.default) ? [decision.default] : [],
  );
  const literals = field.values.map((value) => (value.kind === 'literal' ? value : undefined));
  const named = (schema: Schema): Scalar[] | undefined => {
    if (field.table !== undefined) return [...field.table.map(({ to }) => to), ...defaults];
    const known = literals.flatMap((value) =>
      value === undefined ? [] : [coerceLiteral(value, schema)].filter(isScalar),
    );
    return known.length === field.values.length && known.length > 0 ? [...known, ...defaults] : undefined;
  };
  return {
    values: named(field.schema),
    mayOmit: chosen.some((entry) => does(entry, 'omit') || does(entry, 'drop')),
    mayNull: chosen.some((entry) => does(entry, 'clear')) || literals.some((value) => value?.value === null),
    breaks(schema) {
      const known = named(schema);
      if (known !== undefined) return listBroken(schema, known);
      const given = schema.items !== undefined && field.each !== undefined ? [] : undefined;
      return given ?? [...measureInvalid({ ...field, schema }, context), ...listBroken(schema, defaults)];
    },
  };
}

function does({ decision }: Pick<ChosenDecision, 'decision'>, action: string): boolean {
  return 'action' in decision && decision.action === action;
}
