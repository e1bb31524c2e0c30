import type { Operation, Schema } from '../model/api-model.ts';
import { parseFieldPath } from '../model/field-path.ts';
import { findField } from '../resolve/find-field.ts';

/** A field of a target as a mapping names it: `Phones[0].PhoneNumber`. */
export interface TargetField {
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
}

const DEEPEST = 4;
/** Some descriptions nest without end; nobody reads more than this from a list. */
const MOST = 1500;

/** The fields of what a write takes, below its `item`; empty where that names nothing. */
export function listTargetFields(operation: Operation, item: string | undefined): TargetField[] {
  if (operation.body === undefined) return [];
  const root = item === undefined ? operation.body.schema : findItem(operation.body.schema, item);
  return root === undefined ? [] : listFields(root);
}

/** Every field that holds one value, outermost first; of a list, the first element. */
export function listFields(root: Schema): TargetField[] {
  const fields: TargetField[] = [];
  let level: readonly { readonly schema: Schema; readonly prefix: string; readonly required: boolean }[] = [
    { schema: root, prefix: '', required: true },
  ];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth += 1) {
    const next: { schema: Schema; prefix: string; required: boolean }[] = [];
    for (const { schema, prefix, required } of level) {
      for (const [name, property] of schema.properties) {
        if (fields.length >= MOST) return fields;
        const path = `${prefix}${/^[A-Za-z_$][\w$-]*$/.test(name) ? `${prefix === '' ? '' : '.'}${name}` : `["${name}"]`}`;
        const inner = property.schema.items ?? property.schema;
        const place = property.schema.items === undefined ? path : `${path}[0]`;
        const isRequired = required && property.required;
        if (inner.properties.size > 0) next.push({ schema: inner, prefix: place, required: isRequired });
        else if (property.schema.items === undefined)
          fields.push({ path, schema: inner, required: isRequired });
      }
    }
    level = next;
  }
  return fields;
}

function findItem(root: Schema, item: string): Schema | undefined {
  const path = parseFieldPath(item);
  const found = path === undefined ? undefined : findField(root, path);
  return found?.kind === 'found' ? found.schema : undefined;
}

/** `string, date, at most 50, one of AUD, NZD`: for people. */
export function describeSchema({ types, format, maxLength, enum: members }: Schema): string {
  const parts = [
    types.join(' or ') || 'any value',
    ...(format === undefined ? [] : [format]),
    ...(maxLength === undefined ? [] : [`at most ${maxLength}`]),
    ...(members === undefined
      ? []
      : [`one of ${members.slice(0, 12).join(', ')}${members.length > 12 ? ', …' : ''}`]),
  ];
  return parts.join(', ');
}
