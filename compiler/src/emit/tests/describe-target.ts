import type { CheckedTarget, FieldKind } from '../../model/checked-model.ts';
import { wantsText } from '../../model/api-model.ts';
import type { Schema } from '../../model/api-model.ts';
import { formatGeneralPath, formatSteps } from '../../model/field-path.ts';
import type { FieldStep } from '../../model/field-path.ts';
import { pattern } from '../text/code-literals.ts';

/** What may be anything is sent what the rules make for it. */
const OPEN: Readonly<Partial<Record<FieldKind, string>>> = {
  text: 'string',
  number: 'number',
  boolean: 'boolean',
};

/** What the description says of the fields that are written: the oracle's only other source beside the rules. */
export function describeTarget({ fields, flow, target }: CheckedTarget) {
  const objects = fields.flatMap(({ field }) => listRequired(target.itemSchema, field.path.steps));
  return Object.fromEntries([
    ...objects.map((path) => [path, { type: 'object', required: true }] as const),
    ...fields.map(
      ({ field, as, kind }) =>
        [
          field.path.text,
          {
            type:
              field.each === undefined
                ? (field.schema.types[0] ?? OPEN[kind] ?? (wantsText(field.schema) ? 'string' : 'any'))
                : 'array',
            required: field.required,
            maxLength: field.schema.maxLength,
            minLength: field.schema.minLength,
            enum: field.schema.enum,
            // One that JavaScript cannot read forbids nothing, as in the mapping.
            pattern: pattern(field.schema.pattern ?? '') === undefined ? undefined : field.schema.pattern,
            format: field.schema.format,
            minimum: field.schema.minimum,
            maximum: field.schema.maximum,
            multipleOf: field.schema.multipleOf,
            ...(field.each === undefined
              ? {}
              : { minItems: field.schema.minItems, maxItems: field.schema.maxItems }),
            // A fact says that the source writes this number as text.
            ...(as.length > field.as.length ? { decimalText: true } : {}),
            place: formatGeneralPath(field.path),
            key: flow.source.key.text,
          },
        ] as const,
    ),
  ]);
}

/** The objects on the way to a field that are always sent, also without any of their fields: each is required in the one above. */
function listRequired(item: Schema, steps: readonly FieldStep[]): string[] {
  const found: string[] = [];
  let schema = item;
  for (const [index, step] of steps.slice(0, -1).entries()) {
    const property = step.kind === 'name' ? schema.properties.get(step.name) : undefined;
    if (property === undefined || !property.required || property.schema.items !== undefined) break;
    found.push(formatSteps(steps.slice(0, index + 1)));
    schema = property.schema;
  }
  return found;
}
