import type { CheckedExpression } from '../model/checked-model.ts';
import type { ExpressionTree, TypeFacts } from '../model/expression-tree.ts';
import type { Expression, FieldModel, Value } from '../model/integration-model.ts';
import { BLANK_KINDS } from '../model/rules-input.ts';
import type { BlankKind, Scalar } from '../model/rules-input.ts';
import { DECIMAL_FUNCTIONS } from './expression-library.ts';
import { listRecordReads } from './list-reads.ts';
import { CHECKED_FORMATS, satisfiesFormat } from './satisfies-text.ts';
import { findRead } from './value-scope.ts';
import type { ScopedRead, ValueScope } from './value-scope.ts';

export interface BlankContext extends ValueScope {
  readonly checked: (value: Value & { readonly kind: 'expression' }) => CheckedExpression | undefined;
  /** Names whose members are never blank. */
  readonly filled?: ReadonlySet<string>;
}

type Kinds = ReadonlySet<BlankKind>;

const NONE: Kinds = new Set();

/** The kinds of blank that a field's value can have. Unknown counts as possible: an unknown opens the gate. */
export function measureBlank(field: FieldModel, context: BlankContext): readonly BlankKind[] {
  if (field.each !== undefined) return measureList(field.each.list, context);
  const [only, ...others] = field.values;
  // What stands in the rules alone is sent as it stands there, whatever it stands for elsewhere.
  const own = others.length === 0 && only?.kind === 'literal' ? { ...context, sentinels: [] } : context;
  const sets = field.values.map((value) => measureValue(value, own));
  // A list gives the first that is not blank, so it is blank only when all of them are.
  if (sets.some((set) => set.size === 0)) return [];
  const all = new Set(sets.flatMap((set) => [...set]));
  return BLANK_KINDS.filter((kind) => all.has(kind));
}

export function measureValue(value: Value, context: BlankContext): Kinds {
  // An empty list that the rules write out is meant.
  if (value.kind === 'literal' && typeof value.value === 'object' && value.value !== null) return NONE;
  if (value.kind === 'literal') return classify(value.value === null ? null : value.text, context);
  const checked = context.checked(value);
  return checked === undefined ? new Set(BLANK_KINDS) : measureTree(checked.tree, checked.type, context);
}

function measureTree(tree: ExpressionTree, type: TypeFacts | undefined, context: BlankContext): Kinds {
  if (tree.kind === 'literal') return classify(tree.value, context);
  const read = findRead(tree, context);
  if (read !== undefined) return measureField(read, context);
  if (['now', ...(context.filled ?? [])].some((name) => listRecordReads(tree, name)[0]?.tree === tree))
    return NONE;
  if (tree.kind === 'template') {
    const parts = tree.parts.map((part) => measureTree(part, undefined, context));
    // A text with a blank part would be worse than none, so the service gives none: see the runtime's `whole`.
    return parts.some((part) => part.size > 0) ? new Set(['absent']) : NONE;
  }
  if (tree.kind === 'conditional')
    return union(measureTree(tree.yes, undefined, context), measureTree(tree.no, undefined, context));
  if (tree.kind === 'binary' && (tree.operator === '??' || tree.operator === '||'))
    return measureFallback(tree, context);
  if (tree.kind === 'binary' && tree.operator === '+') {
    // Beside a part that is there, the whole is.
    const isFilled = [tree.left, tree.right].some((part) => measureTree(part, undefined, context).size === 0);
    return isFilled ? NONE : fromType(type, context);
  }
  if (tree.kind === 'binary') return NONE;
  if (tree.kind === 'call' && tree.callee.kind === 'name' && tree.callee.name === 'String') {
    const [argument] = tree.args;
    return argument === undefined ? new Set(textKinds(context)) : measureTree(argument, undefined, context);
  }
  if (tree.kind === 'call' && tree.callee.kind === 'name' && DECIMAL_FUNCTIONS.includes(tree.callee.name)) {
    const isFilled = tree.args.every((part) => measureTree(part, undefined, context).size === 0);
    return isFilled ? NONE : new Set(['absent']);
  }
  return fromType(type, context);
}

function measureFallback(tree: ExpressionTree & { readonly kind: 'binary' }, context: BlankContext): Kinds {
  const left = new Set(measureTree(tree.left, undefined, context));
  const caught: BlankKind[] = tree.operator === '??' ? ['absent', 'null'] : ['absent', 'null', 'empty'];
  if (!caught.some((kind) => left.has(kind))) return left;
  for (const kind of caught) left.delete(kind);
  return union(left, measureTree(tree.right, undefined, context));
}

/** A list without elements is as blank as none. */
function measureList(list: Expression, context: BlankContext): readonly BlankKind[] {
  const checked = context.checked({ kind: 'expression', expression: list, at: list.at });
  if (checked === undefined) return ['absent', 'null', 'empty'];
  const read = findRead(checked.tree, context);
  // Where nothing is found the record does not come so far, unless the rules let it.
  if (read?.kind === 'all') return read.find.none === 'blank' ? ['empty'] : [];
  const kinds = read?.kind === 'found' ? measureField(read, context) : nullish(checked.type);
  return BLANK_KINDS.filter(
    (kind) => kind === 'empty' || ((kind === 'absent' || kind === 'null') && kinds.has(kind)),
  );
}

function measureField(field: ScopedRead, scope: ValueScope): Kinds {
  if (field.kind === 'key') return NONE;
  if (field.kind === 'all') return field.find.none === 'blank' ? new Set(['empty']) : NONE;
  if (field.kind === 'missing') return new Set(BLANK_KINDS);
  const kinds = new Set<BlankKind>();
  if (field.optional) kinds.add('absent');
  if (field.nullable) kinds.add('null');
  const { types, format, enum: members, minLength } = field.schema;
  const isText = types.length === 0 || types.includes('string');
  if (members !== undefined)
    return members.reduce<Kinds>((all, member) => union(all, classify(member as Scalar, scope)), kinds);
  if (!isText) return kinds;
  // A text of a format may be one that the rules name: a day long ago, an id of zeros.
  if (scope.sentinels.some((text) => satisfiesFormat(format ?? '', text.trim()))) kinds.add('sentinel');
  if (format !== undefined && CHECKED_FORMATS.has(format)) return kinds;
  if ((minLength ?? 0) < 1) kinds.add('empty');
  return kinds.add('whitespace');
}

function fromType(type: TypeFacts | undefined, scope: ValueScope): Kinds {
  if (type === undefined) return new Set(BLANK_KINDS);
  if (type.literals !== undefined)
    return type.literals.reduce<Kinds>((kinds, value) => union(kinds, classify(value, scope)), nullish(type));
  const kinds = new Set<BlankKind>(nullish(type));
  if (type.string || type.other !== undefined) for (const kind of textKinds(scope)) kinds.add(kind);
  return kinds;
}

function textKinds({ sentinels }: ValueScope): readonly BlankKind[] {
  return sentinels.length === 0 ? ['empty', 'whitespace'] : ['empty', 'whitespace', 'sentinel'];
}

function nullish(type: TypeFacts): Kinds {
  const kinds = new Set<BlankKind>();
  if (type.undefined) kinds.add('absent');
  if (type.null) kinds.add('null');
  return kinds;
}

export function classify(
  value: Scalar | undefined,
  { sentinels }: { readonly sentinels: readonly string[] },
): Kinds {
  if (value === undefined) return new Set(['absent']);
  if (value === null) return new Set(['null']);
  if (typeof value !== 'string') return NONE;
  if (value === '') return new Set(['empty']);
  if (value.trim() === '') return new Set(['whitespace']);
  const said = value.trim().toLowerCase();
  return sentinels.some((text) => text.trim().toLowerCase() === said) ? new Set(['sentinel']) : NONE;
}

function union(left: Kinds, right: Kinds): Kinds {
  return new Set([...left, ...right]);
}
