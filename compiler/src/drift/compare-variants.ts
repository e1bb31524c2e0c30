import type { Schema } from '../model/api-model.ts';
import { findField } from '../resolve/find-field.ts';
import { hasSameTypes, isSubset, nameTypes, typesOf, usesBelow } from './schema-pair.ts';
import type { SchemaPair } from './schema-pair.ts';
import type { UseNode } from './use.ts';
import type { Verdict } from './variance.ts';

export interface VariantChanges {
  readonly verdicts: readonly Verdict[];
  /** The branches that stayed, to be compared in their turn. */
  readonly kept: readonly SchemaPair[];
}

/** The branches of `oneOf` and `anyOf`: those that came, those that went, and those that stayed. */
export function compareVariants(side: 'request' | 'response', pair: SchemaPair): VariantChanges {
  const { before, after, node } = pair;
  if (before.variants.length === 0 && after.variants.length === 0) return { verdicts: [], kept: [] };
  const isRequest = side === 'request';
  if (before.variants.length === 0)
    return { verdicts: [isRequest ? wrappedInRequest(pair) : wrappedInResponse(pair)], kept: [] };
  const { kept, gone, added } = matchVariants(before, after);
  const ours = kept.filter(([variant]) => covers(variant, node));
  return {
    verdicts: [
      // Where the type says as much, the branch need not.
      ...(isRequest || hasSameTypes(before, after) ? gone : []).map((variant) =>
        isRequest ? goneFromRequest(pair, variant) : goneFromResponse(pair, variant),
      ),
      ...added.map((variant) => (isRequest ? addedToRequest(variant) : addedToResponse(pair, variant))),
    ],
    kept: kept.map(([was, is]) => {
      // What is sent has one shape: that of the branch that holds all of it.
      const isOurs = !isRequest || ours.length === 0 || ours.some(([variant]) => variant === was);
      return {
        before: was,
        after: is,
        was: { ...pair.was, aboveOptional: true },
        is: { ...pair.is, aboveOptional: true },
        node: isOurs ? node : undefined,
        holder: isOurs ? pair.holder : undefined,
      };
    }),
  };
}

/** What was one object is a choice of several: that is harmless to who sends what one of them takes. */
function wrappedInRequest({ after, node }: SchemaPair): Verdict {
  const says = `is one of several alternatives now: ${after.variants.map(nameVariant).join(', ')}`;
  const isTaken = node === undefined || after.variants.some((variant) => covers(variant, node));
  return isTaken ? { id: 'VQ20', says, level: 'NONE' } : { id: 'VQ13', says, level: 'WIRE' };
}

function wrappedInResponse(pair: SchemaPair): Verdict {
  const says = `is one of several alternatives now: ${pair.after.variants.map(nameVariant).join(', ')}`;
  return { id: 'VA7', says, level: usesBelow(pair).length === 0 ? 'NONE' : 'MEANING' };
}

interface Matched {
  readonly kept: readonly (readonly [Schema, Schema])[];
  readonly gone: readonly Schema[];
  readonly added: readonly Schema[];
}

/** By name, or by shape; what then stands alone on both sides in the same number is the same, changed. */
function matchVariants(before: Schema, after: Schema): Matched {
  const kept: (readonly [Schema, Schema])[] = [];
  const open = new Set(after.variants);
  const left: Schema[] = [];
  for (const was of before.variants) {
    const is = [...open].find((candidate) => nameShape(candidate) === nameShape(was));
    if (is === undefined) left.push(was);
    else {
      open.delete(is);
      kept.push([was, is]);
    }
  }
  const unnamed = (schema: Schema): boolean => schema.name === undefined;
  const [rest, fresh] = [left.filter(unnamed), [...open].filter(unnamed)];
  const pairs = rest.length === fresh.length ? rest : [];
  pairs.forEach((was, index) => {
    const is = fresh[index];
    if (is !== undefined) kept.push([was, is]);
  });
  const isPaired = (schema: Schema): boolean => kept.some((both) => both.includes(schema));
  return {
    kept,
    gone: left.filter((schema) => !isPaired(schema)),
    added: [...open].filter((schema) => !isPaired(schema)),
  };
}

function nameShape(schema: Schema): string {
  return schema.name ?? JSON.stringify([typesOf(schema), [...schema.properties.keys()], schema.enum]);
}

function nameVariant(schema: Schema): string {
  const { name, properties } = schema;
  if (name !== undefined) return name;
  return properties.size === 0
    ? nameTypes(schema)
    : `one with ${[...properties.keys()].slice(0, 3).join(', ')}`;
}

/** Whether the branch has every member that is used. */
function covers(variant: Schema, node: UseNode | undefined): boolean {
  const names = [...(node?.children.keys() ?? [])].filter((name) => name !== '[]');
  return names.every((name) => {
    const field = findField(variant, { text: name, steps: [{ kind: 'name', name }] });
    return field.kind === 'found';
  });
}

function goneFromRequest(pair: SchemaPair, variant: Schema): Verdict {
  const says = `no longer takes the alternative ${nameVariant(variant)}`;
  const { after, node } = pair;
  const others = after.variants.length === 0 ? [after] : after.variants;
  const isScalar = node !== undefined && node.children.size === 0;
  const isLeft = isScalar
    ? others.some((other) => isSubset(typesOf(variant), typesOf(other)))
    : others.some((other) => covers(other, node));
  const isOurs = node !== undefined && covers(variant, node) && !isLeft;
  return { id: 'VQ13', says, level: isOurs ? 'WIRE' : 'NONE' };
}

function addedToRequest(variant: Schema): Verdict {
  return { id: 'VQ20', says: `also takes the alternative ${nameVariant(variant)}`, level: 'NONE' };
}

function goneFromResponse(pair: SchemaPair, variant: Schema): Verdict {
  const level = usesBelow(pair).length === 0 ? 'NONE' : 'SOURCE';
  return { id: 'VA22', says: `is no longer the alternative ${nameVariant(variant)}`, level };
}

function addedToResponse(pair: SchemaPair, variant: Schema): Verdict {
  const level = usesBelow(pair).length === 0 ? 'NONE' : 'MEANING';
  return { id: 'VA7', says: `can also be the alternative ${nameVariant(variant)}`, level };
}
