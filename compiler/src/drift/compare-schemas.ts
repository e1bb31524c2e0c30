import { identify } from '../check/declare-types.ts';
import type { Property, Schema } from '../model/api-model.ts';
import { compareVariants } from './compare-variants.ts';
import { addedInRequest, addedInResponse, removedInRequest, removedInResponse } from './member-rules.ts';
import { REQUEST_RULES, REQUEST_VALUE_RULES } from './request-rules.ts';
import { RESPONSE_RULES, RESPONSE_VALUE_RULES } from './response-rules.ts';
import { deprecatedRule, typesWithin } from './schema-pair.ts';
import type { Presence, SchemaPair } from './schema-pair.ts';
import { lineAbove, listUsesBelow, stepInto } from './use.ts';
import type { UseNode } from './use.ts';
import { emit, emitAt, joinName } from './walk.ts';
import type { Walk } from './walk.ts';

const ALWAYS: Presence = { required: true, aboveOptional: false, aboveNullable: false };

/** Compares what one place holds, and all below it. @param node what the rules use of it */
export function compareRoots(walk: Walk, before: Schema, after: Schema, node: UseNode | undefined): void {
  compareSchemas(walk, { before, after, was: ALWAYS, is: ALWAYS, node, holder: node }, '');
}

export function compareSchemas(walk: Walk, pair: SchemaPair, path: string): void {
  if (isSeen(walk, pair)) return;
  const { before, after } = pair;
  const isRequest = walk.side === 'request';
  const rules = [...(isRequest ? REQUEST_RULES : RESPONSE_RULES), deprecatedRule];
  const values = isRequest ? REQUEST_VALUE_RULES : RESPONSE_VALUE_RULES;
  // Of a value of another type, the bounds say nothing that the type does not.
  const isSameValue = typesWithin(before, after) || typesWithin(after, before);
  for (const rule of isSameValue ? [...rules, ...values] : rules) emit(walk, pair, path, rule(pair));
  if (!isSameValue) return;
  compareMembers(walk, pair, path);
  if (before.items !== undefined && after.items !== undefined) {
    const node = stepInto(pair.node, '[]');
    const inner = { before: before.items, after: after.items, was: ALWAYS, is: ALWAYS };
    compareSchemas(walk, { ...inner, node, holder: pair.node }, `${path}[]`);
  }
  const { verdicts, kept } = compareVariants(walk.side, pair);
  for (const verdict of verdicts) emit(walk, pair, path, verdict);
  for (const inner of kept) compareSchemas(walk, inner, path);
}

function isSeen(walk: Walk, { before, after, node, was, is }: SchemaPair): boolean {
  const seen = walk.seen.get(node) ?? new Set<string>();
  walk.seen.set(node, seen);
  const name = JSON.stringify([
    walk.side,
    identify(before),
    identify(after),
    before.nullable,
    after.nullable,
    was.required,
    is.required,
  ]);
  if (seen.has(name)) return true;
  seen.add(name);
  return false;
}

function compareMembers(walk: Walk, pair: SchemaPair, path: string): void {
  const { before, after, node } = pair;
  const names = new Set([...before.properties.keys(), ...after.properties.keys()]);
  for (const name of names) {
    const child = stepInto(node, name);
    const find = (schema: Schema): Property | undefined =>
      child === undefined && schema.variants.length === 0
        ? schema.properties.get(name)
        : memberOf(schema, name);
    const [was, is] = [find(before), find(after)];
    compareMember(walk, pair, joinName(path, name), { was, is, child });
  }
  if (before.additional === undefined) return;
  const extras = [...(node?.children ?? [])].filter(([name]) => name !== '[]' && !names.has(name));
  for (const [name, child] of extras) {
    const was: Property = { schema: before.additional, required: false };
    compareMember(walk, pair, joinName(path, name), { was, is: memberOf(after, name), child });
  }
  if (extras.length > 0 || after.additional === undefined) return;
  const was: Property = { schema: before.additional, required: false };
  const is: Property = { schema: after.additional, required: false };
  compareMember(walk, pair, joinName(path, '*'), { was, is, child: stepInto(node, '*') });
}

interface Member {
  readonly was: Property | undefined;
  readonly is: Property | undefined;
  readonly child: UseNode | undefined;
}

function compareMember(walk: Walk, pair: SchemaPair, path: string, { was, is, child }: Member): void {
  const { node } = pair;
  const isRequest = walk.side === 'request';
  if (was !== undefined && is !== undefined) {
    const inner: SchemaPair = {
      before: was.schema,
      after: is.schema,
      was: presenceBelow(pair.was, pair.before, was),
      is: presenceBelow(pair.is, pair.after, is),
      node: child,
      holder: node,
    };
    compareSchemas(walk, inner, path);
  } else if (was !== undefined) {
    const uses = child === undefined ? [] : listUsesBelow(child);
    const verdict = isRequest ? removedInRequest(uses, pair.after) : removedInResponse(uses);
    emitAt(walk, path, verdict, { before: was.schema.origin, after: pair.after.origin, uses });
  } else if (is !== undefined) {
    const verdict = isRequest ? addedInRequest(is, node, child) : addedInResponse();
    // What nobody sends has no lines of its own: those of the object that lacks it are shown.
    const uses = node === undefined ? [] : lineAbove(listUsesBelow(node));
    emitAt(walk, path, verdict, { before: pair.before.origin, after: is.schema.origin, uses });
  }
}

/** What a name leads to: a property, one of an alternative, or an unlisted one. */
function memberOf(schema: Schema, name: string, above: readonly Schema[] = []): Property | undefined {
  const own = schema.properties.get(name);
  if (own !== undefined || above.includes(schema)) return own;
  for (const variant of schema.variants) {
    const held = memberOf(variant, name, [...above, schema]);
    if (held !== undefined) return { schema: held.schema, required: false };
  }
  return schema.additional === undefined ? undefined : { schema: schema.additional, required: false };
}

function presenceBelow(above: Presence, holder: Schema, { required }: Property): Presence {
  return {
    required,
    aboveOptional: above.aboveOptional || !above.required,
    aboveNullable: above.aboveNullable || holder.nullable,
  };
}
