import type { CheckedTarget } from '../../model/checked-model.ts';
import { formatGeneralPath } from '../../model/field-path.ts';
import { pattern } from '../text/code-literals.ts';

/** What the description says of the fields that are written: the oracle's only other source beside the rules. */
export function describeTarget({ fields, flow }: CheckedTarget) {
  return Object.fromEntries(
    fields.map(({ field }) => [
      field.path.text,
      {
        type: field.each === undefined ? (field.schema.types[0] ?? 'string') : 'array',
        required: field.required,
        maxLength: field.schema.maxLength,
        minLength: field.schema.minLength,
        enum: field.schema.enum,
        // One that JavaScript cannot read forbids nothing, as in the mapping.
        pattern: pattern(field.schema.pattern ?? '') === undefined ? undefined : field.schema.pattern,
        format: field.schema.format,
        minimum: field.schema.minimum,
        maximum: field.schema.maximum,
        place: formatGeneralPath(field.path),
        key: flow.source.key.text,
      },
    ]),
  );
}
