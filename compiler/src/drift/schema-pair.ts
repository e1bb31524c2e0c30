import type { JsonType, Schema } from '../model/api-model.ts';
import { listUsesBelow } from './use.ts';
import type { Use, UseNode } from './use.ts';
import type { Verdict } from './variance.ts';

/** One place of a body or an answer as both descriptions give it. */
export interface SchemaPair {
  readonly before: Schema;
  readonly after: Schema;
  /** Whether whoever holds the place must have it. */
  readonly was: Presence;
  readonly is: Presence;
  /** Undefined where no flow comes here. */
  readonly node: UseNode | undefined;
  /** What flows use of the object that holds the place. */
  readonly holder: UseNode | undefined;
}

export interface Presence {
  readonly required: boolean;
  /** Something above may be missing, or null: then so may this, whatever its own line says. */
  readonly aboveOptional: boolean;
  readonly aboveNullable: boolean;
}

/** A rule of variance for one place: undefined where nothing changed that it is about. */
export type SchemaRule = (pair: SchemaPair) => Verdict | undefined;

/** Lines that use the value itself. */
export function usesOf({ node }: SchemaPair): readonly Use[] {
  return node?.uses ?? [];
}

/** Lines that use the value or a part of it. */
export function usesBelow({ node }: SchemaPair): readonly Use[] {
  return node === undefined ? [] : listUsesBelow(node);
}

export function quoteAll(values: readonly unknown[]): string {
  const shown = values.slice(0, 5).map((value) => JSON.stringify(value));
  return values.length > 5 ? `${shown.join(', ')} and ${values.length - 5} more` : shown.join(', ');
}

/** The types of a value: those of its alternatives where it says none itself. */
export function typesOf(schema: Schema, above: readonly Schema[] = []): readonly JsonType[] {
  if (schema.types.length > 0 || above.includes(schema)) return schema.types;
  const parts = schema.variants.map((variant) => typesOf(variant, [...above, schema]));
  return parts.some((types) => types.length === 0) ? [] : [...new Set(parts.flat())].toSorted();
}

/** `string or integer`; `anything` where no type is given. */
export function nameTypes(schema: Schema): string {
  const types = typesOf(schema);
  return types.length === 0 ? 'anything' : types.join(' or ');
}

export function hasSameTypes(left: Schema, right: Schema): boolean {
  return isSubset(typesOf(left), typesOf(right)) && isSubset(typesOf(right), typesOf(left));
}

export function isSubset<T>(part: readonly T[], whole: readonly T[]): boolean {
  return part.every((entry) => whole.includes(entry));
}

/** Whether every type of `part` is one of `whole`; no type is every type, and a whole number is a number. */
export function typesWithin(part: Schema, whole: Schema): boolean {
  const [inner, outer] = [typesOf(part), typesOf(whole)];
  if (outer.length === 0) return true;
  if (inner.length === 0) return false;
  return inner.every((type) => outer.includes(type) || (type === 'integer' && outer.includes('number')));
}

/** Said of what is sent and of what is read alike. */
export function deprecatedRule(pair: SchemaPair): Verdict | undefined {
  const { before, after } = pair;
  if (before.deprecated || !after.deprecated) return undefined;
  const level = usesBelow(pair).length === 0 ? 'NONE' : 'SOURCE';
  return { id: 'VA18', says: 'is deprecated now', level, below: 'deprecated' };
}
