import type { Schema } from '../model/api-model.ts';
import type { InvalidKind } from '../model/rules-input.ts';
import { hasSameTypes, nameTypes, quoteAll, typesWithin, usesBelow, usesOf } from './schema-pair.ts';
import type { SchemaPair, SchemaRule } from './schema-pair.ts';
import type { Use } from './use.ts';
import type { Level } from './level.ts';
import type { Verdict } from './variance.ts';

/** WIRE for the lines whose value can meet the change; NONE where none of them can. */
function wireFor(uses: readonly Use[], level: Level = 'WIRE'): Pick<Verdict, 'level' | 'uses'> {
  return uses.length === 0 ? { level: 'NONE', uses: [] } : { level, uses };
}

function canBreak(pair: SchemaPair, kinds: readonly InvalidKind[], schema = pair.after): readonly Use[] {
  return usesOf(pair).filter((use) => {
    const broken = use.sent?.breaks(schema) ?? kinds;
    return kinds.some((kind) => broken.includes(kind));
  });
}

function requiredRule(pair: SchemaPair): Verdict | undefined {
  const { was, is, after, node, holder } = pair;
  if (was.required === is.required) return undefined;
  if (was.required) return { id: 'VQ20', says: 'is no longer required', level: 'NONE' };
  const says = 'is required now';
  // In a request, a read-only property is required of the answer alone.
  if (after.readOnly) return { id: 'VQ5', says, level: 'NONE' };
  if (node === undefined)
    return {
      id: 'VQ5',
      says: `${says}, and nothing sends it`,
      level: holder === undefined ? 'NONE' : 'WIRE',
    };
  const own = usesOf(pair);
  const isSent = own.length === 0 || own.some((use) => use.sent?.mayOmit !== true);
  const leftOut = own.filter((use) => use.sent?.mayOmit === true);
  return { id: 'VQ5', says, ...(isSent && leftOut.length === 0 ? wireFor([]) : wireFor(leftOut)) };
}

function typeRule(pair: SchemaPair): Verdict | undefined {
  const { before, after } = pair;
  if (hasSameTypes(before, after)) return undefined;
  const says = `was ${nameTypes(before)} and is ${nameTypes(after)}`;
  if (typesWithin(before, after)) return { id: 'VQ20', says, level: 'NONE' };
  return { id: 'VQ7', says, ...wireFor(usesBelow(pair)), below: 'type' };
}

function formatRule(pair: SchemaPair): Verdict | undefined {
  const { before, after } = pair;
  if (before.format === after.format) return undefined;
  const says = `had ${nameFormat(before)} and has ${nameFormat(after)}`;
  const widens = after.format === undefined || isWiderNumber(before.format, after.format);
  if (widens) return { id: 'VQ20', says, level: 'NONE' };
  const uses =
    before.format === undefined || usesOf(pair).some((use) => use.sent?.values !== undefined)
      ? canBreak(pair, ['format'])
      : usesOf(pair);
  return { id: 'VQ7', says, ...wireFor(uses), below: 'format' };
}

function nameFormat({ format }: Schema): string {
  return format === undefined ? 'no format' : `the format ${format}`;
}

/** Every number of 32 bits is one of 64. */
export function isWiderNumber(from: string | undefined, to: string | undefined): boolean {
  return (from === 'int32' && to === 'int64') || (from === 'float' && to === 'double');
}

function encodingRule(pair: SchemaPair): Verdict | undefined {
  const { before, after } = pair;
  if (before.contentEncoding === after.contentEncoding) return undefined;
  const says = `was encoded as ${before.contentEncoding ?? 'plain text'} and is as ${after.contentEncoding ?? 'plain text'}`;
  return { id: 'VQ12', says, ...wireFor(usesOf(pair)), below: 'contentEncoding' };
}

function enumRule(pair: SchemaPair): Verdict | undefined {
  const [before, after] = [pair.before.enum, pair.after.enum];
  if (after === undefined)
    return before === undefined
      ? undefined
      : { id: 'VQ20', says: 'takes any value now, not only what was listed', level: 'NONE' };
  const gone = before?.filter((member) => !after.includes(member));
  const added = after.filter((member) => before?.includes(member) === false);
  if (gone?.length === 0)
    return added.length === 0
      ? undefined
      : { id: 'VQ20', says: `also takes ${quoteAll(added)}`, level: 'NONE', below: 'enum' };
  const says = gone === undefined ? `takes only ${quoteAll(after)} now` : `no longer takes ${quoteAll(gone)}`;
  return { id: 'VQ8', says, ...wireFor(canBreak(pair, ['not-listed'])), below: 'enum' };
}

/** Each bound, how a value breaks it, and which way is tighter. */
const BOUNDS = [
  ['maxLength', 'too-long', -1],
  ['minLength', 'too-short', 1],
  ['maximum', 'too-large', -1],
  ['minimum', 'too-small', 1],
  ['exclusiveMaximum', 'too-large', -1],
  ['exclusiveMinimum', 'too-small', 1],
] as const;

function boundRule([key, kind, tighter]: (typeof BOUNDS)[number]): SchemaRule {
  return (pair) => {
    const [from, to] = [pair.before[key], pair.after[key]];
    if (from === to || isShownByOther(key, pair)) return undefined;
    const says = describeBound(key, from, to);
    if (to === undefined || (from !== undefined && (to - from) * tighter < 0))
      return { id: 'VQ20', says, level: 'NONE', below: key };
    return { id: 'VQ9', says, ...wireFor(canBreak(pair, [kind])), below: key };
  };
}

/** An exclusive bound is kept beside the bound, and a change of both is one change. */
export function isShownByOther(key: string, { before, after }: SchemaPair): boolean {
  if (key === 'exclusiveMaximum') return before.maximum !== after.maximum;
  return key === 'exclusiveMinimum' && before.minimum !== after.minimum;
}

function multipleRule(pair: SchemaPair): Verdict | undefined {
  const [from, to] = [pair.before.multipleOf, pair.after.multipleOf];
  if (from === to) return undefined;
  const says = describeBound('multipleOf', from, to);
  if (to === undefined) return { id: 'VQ20', says, level: 'NONE' };
  return { id: 'VQ9', says, ...wireFor(canBreak(pair, ['multiple'])), below: 'multipleOf' };
}

export function describeBound(key: string, from: number | undefined, to: number | undefined): string {
  if (from === undefined) return `has ${key} ${to} now`;
  return to === undefined ? `has no ${key} any more (it was ${from})` : `has ${key} ${to}, and had ${from}`;
}

/** How many elements are sent is known to nobody before the service runs. */
function itemCountRule(key: 'maxItems' | 'minItems', tighter: number): SchemaRule {
  return (pair) => {
    const [from, to] = [pair.before[key], pair.after[key]];
    if (from === to) return undefined;
    const says = describeBound(key, from, to);
    if (to === undefined || (from !== undefined && (to - from) * tighter < 0))
      return { id: 'VQ20', says, level: 'NONE', below: key };
    // Nobody sends a list without elements, so that one is always there.
    const uses = key === 'minItems' && to <= 1 ? [] : usesBelow(pair);
    return { id: 'VQ9', says, ...wireFor(uses), below: key };
  };
}

function patternRule(pair: SchemaPair): Verdict | undefined {
  const { before, after } = pair;
  if (before.pattern === after.pattern) return undefined;
  if (after.pattern === undefined) return { id: 'VQ20', says: 'has no pattern any more', level: 'NONE' };
  const says =
    before.pattern === undefined
      ? `must match ${after.pattern} now`
      : `must match ${after.pattern}, and had to match ${before.pattern}`;
  return { id: 'VQ10', says, ...wireFor(canBreak(pair, ['pattern'])), below: 'pattern' };
}

function nullRule(pair: SchemaPair): Verdict | undefined {
  const { before, after } = pair;
  if (before.nullable === after.nullable) return undefined;
  if (after.nullable) return { id: 'VQ20', says: 'may be null now', level: 'NONE' };
  const uses = usesOf(pair).filter((use) => use.sent?.mayNull === true);
  return { id: 'VQ11', says: 'may no longer be null', ...wireFor(uses) };
}

function closedRule(pair: SchemaPair): Verdict | undefined {
  const { before, after, node } = pair;
  if (before.closed === after.closed) return undefined;
  if (!after.closed) return { id: 'VQ20', says: 'takes properties that it does not list', level: 'NONE' };
  const extras = [...(node?.children ?? [])].filter(
    ([name]) => name !== '[]' && !after.properties.has(name) && !before.properties.has(name),
  );
  const uses = extras.flatMap(([, child]) => child.uses);
  return {
    id: 'VQ14',
    says: 'no longer takes properties that it does not list',
    ...wireFor(uses),
    below: 'additionalProperties',
  };
}

/** A default decides for whoever sends nothing. */
function defaultRule(pair: SchemaPair): Verdict | undefined {
  const { before, after, node, holder } = pair;
  if (JSON.stringify(before.default) === JSON.stringify(after.default)) return undefined;
  const name = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));
  const says = `had the default ${name(before.default)} and has ${name(after.default)}`;
  const own = usesOf(pair);
  const leftOut = own.filter((use) => use.sent?.mayOmit === true);
  const below = after.default === undefined ? undefined : { below: 'default' };
  if (node === undefined)
    return { id: 'VQ15', says, level: holder === undefined ? 'NONE' : 'MEANING', ...below };
  return { id: 'VQ15', says, ...wireFor(leftOut, 'MEANING'), ...below };
}

function readOnlyRule(pair: SchemaPair): Verdict | undefined {
  const { before, after } = pair;
  if (before.readOnly === after.readOnly) return undefined;
  if (!after.readOnly) return { id: 'VQ20', says: 'may be written now', level: 'NONE' };
  return { id: 'VQ16', says: 'is read-only now', ...wireFor(usesBelow(pair), 'MEANING'), below: 'readOnly' };
}

/** What may become of the place of a value that is sent. */
export const REQUEST_RULES: readonly SchemaRule[] = [
  requiredRule,
  typeRule,
  nullRule,
  defaultRule,
  readOnlyRule,
  closedRule,
];

/** What may become of the value, where its type is what it was. Each looks at one thing. */
export const REQUEST_VALUE_RULES: readonly SchemaRule[] = [
  formatRule,
  encodingRule,
  enumRule,
  patternRule,
  multipleRule,
  ...BOUNDS.map(boundRule),
  itemCountRule('maxItems', -1),
  itemCountRule('minItems', 1),
];
