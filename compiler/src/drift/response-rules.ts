import { measureBreaks } from '../check/measure-invalid.ts';
import type { Schema } from '../model/api-model.ts';
import type { Scalar } from '../model/rules-input.ts';
import { describeBound, isShownByOther, isWiderNumber } from './request-rules.ts';
import {
  hasSameTypes,
  isSubset,
  nameTypes,
  quoteAll,
  typesWithin,
  usesBelow,
  usesOf,
} from './schema-pair.ts';
import type { SchemaPair, SchemaRule } from './schema-pair.ts';
import type { Level } from './level.ts';
import type { Use } from './use.ts';
import type { Verdict } from './variance.ts';

/** A change at one of these is what paging lives on: a missing cursor is how a list ends. */
const NOT_A_VALUE: ReadonlySet<string> = new Set(['next']);

function levelFor(uses: readonly Use[], level: Level): Pick<Verdict, 'level' | 'uses'> {
  return uses.length === 0 ? { level: 'NONE', uses: [] } : { level, uses };
}

/** Less is answered than was promised before: only the types of what is read change. */
function narrower(pair: SchemaPair, says: string, below?: string): Verdict {
  const place = below === undefined ? {} : { below };
  return { id: 'VA22', says, ...levelFor(usesBelow(pair), 'SOURCE'), ...place };
}

function requiredRule(pair: SchemaPair): Verdict | undefined {
  const { was, is } = pair;
  if (was.required === is.required) return undefined;
  if (is.required) return narrower(pair, 'is always there now');
  const uses = usesBelow(pair).filter(({ kind }) => !NOT_A_VALUE.has(kind));
  // Where something above may be missing, the rules have decided already what happens then.
  const level = was.aboveOptional ? 'SOURCE' : 'MEANING';
  return { id: 'VA2', says: 'may be missing now', ...levelFor(uses, level) };
}

function nullRule(pair: SchemaPair): Verdict | undefined {
  const { before, after, was } = pair;
  if (before.nullable === after.nullable) return undefined;
  if (before.nullable) return narrower(pair, 'is never null now');
  const uses = usesBelow(pair).filter(({ kind }) => !NOT_A_VALUE.has(kind));
  const level = was.aboveNullable ? 'SOURCE' : 'MEANING';
  return { id: 'VA3', says: 'may be null now', ...levelFor(uses, level) };
}

function typeRule(pair: SchemaPair): Verdict | undefined {
  const { before, after } = pair;
  if (hasSameTypes(before, after)) return undefined;
  const says = `was ${nameTypes(before)} and is ${nameTypes(after)}`;
  if (typesWithin(after, before)) return narrower(pair, says, 'type');
  const uses = usesBelow(pair);
  const lists = uses.filter(({ kind }) => kind === 'records');
  if (lists.length > 0) return { id: 'VA16', says, level: 'WIRE', uses: lists, below: 'type' };
  const isNext = uses.length > 0 && uses.every(({ kind }) => kind === 'next');
  return { id: isNext ? 'VA17' : 'VA4', says, ...levelFor(uses, 'WIRE'), below: 'type' };
}

function formatRule(pair: SchemaPair): Verdict | undefined {
  const [from, to] = [pair.before.format, pair.after.format];
  if (from === to) return undefined;
  const name = (format: string | undefined): string =>
    format === undefined ? 'no format' : `the format ${format}`;
  const says = `had ${name(from)} and has ${name(to)}`;
  if ((from === undefined && to !== 'int64') || isWiderNumber(to, from))
    return narrower(pair, says, 'format');
  // JavaScript's numbers are exact up to 53 bits.
  const level = to === 'int64' ? 'WIRE' : 'MEANING';
  return { id: 'VA5', says, ...levelFor(usesOf(pair), level), below: 'format' };
}

/** Keys and versions are compared as they are, whatever they are. */
const OPAQUE: ReadonlySet<string> = new Set(['key', 'version', 'changes', 'next', 'id']);

function enumRule(pair: SchemaPair): Verdict | undefined {
  const [before, after] = [pair.before.enum, pair.after.enum];
  const uses = usesOf(pair).filter(({ kind }) => !OPAQUE.has(kind));
  if (after === undefined)
    return before === undefined
      ? undefined
      : {
          id: 'VA6',
          says: 'can be any value now, not only what was listed',
          ...levelFor(uses, 'MEANING'),
          below: 'enum',
        };
  const added = before === undefined ? [] : after.filter((member) => !before.includes(member));
  if (added.length > 0) {
    const advice = adviseOnMember(uses, added);
    return {
      id: 'VA6',
      says: `can also be ${quoteAll(added)}`,
      ...levelFor(uses, 'MEANING'),
      below: 'enum',
      ...(advice === undefined ? {} : { advice }),
    };
  }
  const isGone = (member: Scalar): boolean => !after.map(String).includes(String(member));
  const gone = before?.filter(isGone);
  if (gone?.length === 0) return undefined;
  const says = gone === undefined ? `can only be ${quoteAll(after)} now` : `is no longer ${quoteAll(gone)}`;
  const names = gone?.map(String);
  const naming = uses.filter(({ mentions }) =>
    mentions.some((member) => isGone(member) && (names?.includes(String(member)) ?? true)),
  );
  if (naming.length === 0) return narrower(pair, says, 'enum');
  return { id: 'VA6', says, level: 'MEANING', uses: naming, below: 'enum' };
}

/** A table without the value does what its `otherwise` says. */
function adviseOnMember(uses: readonly Use[], added: readonly Scalar[]): string | undefined {
  const tables = uses.flatMap(({ field }) => (field?.field.table === undefined ? [] : [field]));
  const [first] = tables;
  if (first === undefined) return undefined;
  const { otherwise } = first;
  const done =
    otherwise === undefined
      ? 'review'
      : 'action' in otherwise
        ? otherwise.action
        : JSON.stringify(otherwise.default);
  return `The table has no line for ${quoteAll(added)}; until it has, "otherwise" decides: ${done}.`;
}

/** Each bound, and which way is wider. */
const BOUNDS = [
  ['maxLength', 1],
  ['minLength', -1],
  ['maximum', 1],
  ['minimum', -1],
  ['exclusiveMaximum', 1],
  ['exclusiveMinimum', -1],
] as const;

function boundRule([key, wider]: (typeof BOUNDS)[number]): SchemaRule {
  return (pair) => {
    const [from, to] = [pair.before[key], pair.after[key]];
    if (from === to || isShownByOther(key, pair)) return undefined;
    const says = describeBound(key, from, to);
    if (from === undefined || (to !== undefined && (to - from) * wider < 0))
      return { id: 'VA19', says, level: 'NONE', below: key };
    return { id: 'VA9', says, ...levelFor(meetLimit(pair, key), 'MEANING'), below: key };
  };
}

/** Lines whose target does not take what can come now, or whose value can be blank now. */
function meetLimit(pair: SchemaPair, key: string): readonly Use[] {
  const { before, after } = pair;
  return usesOf(pair).filter(({ field }) => {
    if (field === undefined || field.field.table !== undefined) return false;
    if (key === 'minLength' && (after.minLength ?? 0) < 1 && !field.blankKinds.includes('empty')) return true;
    const breaks = (source: Schema): readonly string[] => measureBreaks(field.field.schema, source, field.as);
    return !isSubset(breaks(after), breaks(before));
  });
}

/** A list may have more elements than the target takes, or none at all. */
function itemCountRule(key: 'maxItems' | 'minItems', wider: number): SchemaRule {
  return (pair) => {
    const [from, to] = [pair.before[key], pair.after[key]];
    if (from === to) return undefined;
    const says = describeBound(key, from, to);
    if (from === undefined || (to !== undefined && (to - from) * wider < 0))
      return { id: 'VA19', says, level: 'NONE', below: key };
    const uses = usesOf(pair).filter(({ kind, field }) => {
      if (kind !== 'map') return false;
      const most = field?.field.schema.maxItems ?? Infinity;
      return key === 'minItems' ? (to ?? 0) < 1 : (to ?? Infinity) > most;
    });
    return { id: 'VA9', says, ...levelFor(uses, 'MEANING'), below: key };
  };
}

function patternRule(pair: SchemaPair): Verdict | undefined {
  const [from, to] = [pair.before.pattern, pair.after.pattern];
  if (from === to) return undefined;
  if (from === undefined) return { id: 'VA19', says: `matches ${to} now`, level: 'NONE', below: 'pattern' };
  const says = to === undefined ? 'has no pattern any more' : `matches ${to}, and matched ${from}`;
  const parsing = usesOf(pair).filter(
    ({ field }) => field !== undefined && (field.as.length > 0 || field.field.schema.pattern === from),
  );
  return { id: 'VA10', says, ...levelFor(parsing, 'MEANING'), below: 'pattern' };
}

function writeOnlyRule(pair: SchemaPair): Verdict | undefined {
  const { before, after } = pair;
  if (before.writeOnly === after.writeOnly) return undefined;
  if (before.writeOnly) return { id: 'VA19', says: 'is answered now', level: 'NONE' };
  return {
    id: 'VA15',
    says: 'is write-only now',
    ...levelFor(usesBelow(pair), 'MEANING'),
    below: 'writeOnly',
  };
}

function discriminatorRule(pair: SchemaPair): Verdict | undefined {
  const [from, to] = [pair.before.discriminator, pair.after.discriminator];
  if (JSON.stringify(from) === JSON.stringify(to)) return undefined;
  const says =
    to === undefined
      ? `no longer says by which property its alternatives are told apart (it was ${from?.property})`
      : from?.property === to.property
        ? `tells its alternatives apart by other values of ${to.property}`
        : `tells its alternatives apart by ${to.property}${from === undefined ? ' now' : `, not by ${from.property}`}`;
  return { id: 'VA8', says, ...levelFor(usesBelow(pair), 'WIRE'), below: 'discriminator' };
}

/** What may become of the place of a value that is read. */
export const RESPONSE_RULES: readonly SchemaRule[] = [
  requiredRule,
  nullRule,
  typeRule,
  writeOnlyRule,
  discriminatorRule,
];

/** What may become of the value, where its type is what it was. Each looks at one thing. */
export const RESPONSE_VALUE_RULES: readonly SchemaRule[] = [
  formatRule,
  enumRule,
  patternRule,
  ...BOUNDS.map(boundRule),
  itemCountRule('maxItems', 1),
  itemCountRule('minItems', -1),
];
