import { didYouMean } from '../diagnostics/suggest.ts';
import type { Property, Schema } from '../model/api-model.ts';
import type { FieldPath, FieldStep } from '../model/field-path.ts';
import { formatSteps } from '../model/field-path.ts';

export type FoundField =
  | {
      readonly kind: 'found';
      readonly schema: Schema;
      /** Some step on the way may be absent. */
      readonly optional: boolean;
      /** Some step on the way may be null. */
      readonly nullable: boolean;
      readonly readOnly: boolean;
    }
  | { readonly kind: 'missing'; readonly path: string; readonly near: string };

/** The schema at a path, and whether something on the way may be missing. */
export function findField(root: Schema, path: FieldPath): FoundField {
  let schema = root;
  let optional = false;
  let nullable = false;
  let readOnly = false;
  for (const [index, step] of path.steps.entries()) {
    nullable ||= index > 0 && schema.nullable;
    const next = stepInto(schema, step);
    if (next === undefined) {
      const typed = step.kind === 'name' ? step.name : formatSteps([step]);
      return {
        kind: 'missing',
        path: formatSteps(path.steps.slice(0, index + 1)),
        near: didYouMean(typed, listNames(schema)),
      };
    }
    optional ||= !next.required;
    readOnly ||= next.schema.readOnly;
    schema = next.schema;
  }
  return { kind: 'found', schema, optional, nullable: nullable || schema.nullable, readOnly };
}

/** @param seen branches above, for a branch may hold itself */
function stepInto(schema: Schema, step: FieldStep, seen: readonly Schema[] = []): Property | undefined {
  if (step.kind !== 'name') {
    const items = schema.items ?? schema.variants.find((variant) => variant.items !== undefined)?.items;
    return items === undefined ? undefined : { schema: items, required: step.kind === 'each' };
  }
  const own = schema.properties.get(step.name);
  if (own !== undefined) return own;
  for (const variant of seen.includes(schema) ? [] : schema.variants) {
    const inner = stepInto(variant, step, [...seen, schema]);
    if (inner !== undefined) return { ...inner, required: false };
  }
  return schema.additional === undefined
    ? undefined
    : { schema: { ...schema.additional, nullable: true }, required: false };
}

function listNames(schema: Schema, seen: readonly Schema[] = []): string[] {
  if (seen.includes(schema)) return [];
  return [
    ...schema.properties.keys(),
    ...schema.variants.flatMap((variant) => listNames(variant, [...seen, schema])),
  ];
}
