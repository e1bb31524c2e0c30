import { findBlankKind } from '../transforms/blank.ts';
import type { BlankKind } from '../transforms/blank.ts';
import { truncateText } from '../transforms/text.ts';
import type { Transformed } from '../transforms/transform.ts';
import { findBrokenBound } from './find-broken-bound.ts';
import type { Bounds, InvalidKind } from './find-broken-bound.ts';

export type Scalar = string | number | boolean | null;

export type BlankAction =
  'review' | 'fail' | 'skip' | 'omit' | 'drop' | 'clear' | { readonly default: Scalar };
export type InvalidAction =
  'review' | 'fail' | 'skip' | 'omit' | 'drop' | 'truncate' | 'keep' | { readonly default: Scalar };

/** One decision for every kind, or one for each kind that the rules name (`other` for the rest). */
export type Decisions<K extends string, A> = A | Readonly<Partial<Record<K | 'other', A>>>;

/** Where a field's value comes from and what happens when it is blank or not accepted. */
export interface FieldRule extends Bounds {
  /** The target's path: `Phones[0].PhoneNumber`. */
  readonly to: string;
  readonly value: () => Scalar | undefined;
  readonly as?: readonly ((value: string) => Transformed<Scalar>)[];
  readonly blank: Decisions<BlankKind, BlankAction>;
  readonly invalid?: Decisions<InvalidKind, InvalidAction>;
}

export interface ChoiceRule<T extends Scalar> extends FieldRule {
  readonly table?: Readonly<Record<string, T>>;
  readonly members?: readonly T[];
  readonly otherwise?: InvalidAction;
}

/** A list that is made of another, element by element. */
export interface EachRule<Element> {
  /** The target's path; the fields of an element stand below it as `LineItems[].Quantity`. */
  readonly to: string;
  readonly value: () => readonly Element[] | null | undefined;
  /** An empty list is a kind of blank, and so is one of which no element is left. */
  readonly blank: Decisions<BlankKind, BlankAction>;
}

/** Why a record cannot be sent as it is. */
export interface FieldProblem {
  readonly field: string;
  readonly rule: string;
  readonly action: 'review' | 'fail' | 'skip';
  /** `blank: null`, `invalid: too-long`, `expression`. */
  readonly problem: string;
  readonly message: string;
}

/** Collects the fields of one record; mappings ask it once a field. */
export interface Mapper {
  text(rule: FieldRule): string | undefined;
  textOrNull(rule: FieldRule): string | null | undefined;
  number(rule: FieldRule): number | undefined;
  boolean(rule: FieldRule): boolean | undefined;
  choice<const T extends Scalar>(rule: ChoiceRule<T>): T | undefined;
  /** Absent where no element is left and that is decided so. @param make one element, with a mapper of its own */
  each<Element, const T>(rule: EachRule<Element>, make: (each: Element, map: Mapper) => T): T[] | undefined;
  /** Fields that the target cannot do without. Where a decision stops the record, the value is a placeholder that is never sent. */
  readonly required: RequiredFields;
  /** Whether a decision dropped the list element at this path. */
  dropped(element: string): boolean;
  readonly problems: readonly FieldProblem[];
}

export interface RequiredFields {
  text(rule: FieldRule): string;
  number(rule: FieldRule): number;
  boolean(rule: FieldRule): boolean;
  choice<const T extends Scalar>(rule: ChoiceRule<T>): T;
  each<Element, const T>(rule: EachRule<Element>, make: (each: Element, map: Mapper) => T): T[];
}

/** @param rulePath the mapping's place in the rules: `flows.customers.to.contact.map` */
export function createMapper(rulePath: string): Mapper {
  return createMapperOf(rulePath, [], '');
}

/** @param where says which element of a list is mapped */
function createMapperOf(rulePath: string, problems: FieldProblem[], where: string): Mapper {
  const droppedElements = new Set<string>();

  const stop = (
    rule: Placed,
    action: FieldProblem['action'],
    problem: string,
    message: string,
  ): undefined => {
    const text = `${message}${where}`;
    problems.push({ field: rule.to, rule: `${rulePath}.${rule.to}`, action, problem, message: text });
  };
  /** What is cut off may have been what the pattern or the format wants. */
  const truncate = (rule: FieldRule, value: string, problem: string): string | undefined => {
    const cut = truncateText(value, rule.maxLength ?? Number.POSITIVE_INFINITY);
    const broken = findBrokenBound(cut, rule);
    return broken === undefined ? cut : stop(rule, 'review', problem, `${rule.to} ${broken.problem}`);
  };
  const settle = (
    rule: FieldRule,
    action: BlankAction | InvalidAction,
    value: Scalar | undefined,
    problem: string,
    message: string,
  ): Scalar | undefined => {
    if (typeof action === 'object') return action.default;
    switch (action) {
      case 'omit':
        return undefined;
      case 'clear':
        return null;
      case 'keep':
        return value;
      case 'truncate':
        return truncate(rule, String(value), problem);
      case 'drop':
        droppedElements.add(elementOf(rule.to));
        return undefined;
      case 'review':
      case 'fail':
      case 'skip':
        return stop(rule, action, problem, message);
    }
  };
  const refuse = (
    rule: FieldRule,
    kind: InvalidKind,
    value: Scalar,
    message: string,
    otherwise?: InvalidAction,
  ): Scalar | undefined =>
    settle(
      rule,
      otherwise ?? choose<InvalidKind, InvalidAction>(rule.invalid, kind),
      value,
      `invalid: ${kind}`,
      message,
    );

  const read = (rule: FieldRule, finish: (value: Scalar) => Scalar | undefined): Scalar | undefined => {
    let value: Scalar | undefined;
    try {
      value = rule.value();
    } catch (error) {
      return stop(rule, 'review', 'expression', `the expression failed: ${(error as Error).message}`);
    }
    const kind = findBlankKind(value);
    if (kind !== undefined)
      return settle(
        rule,
        choose<BlankKind, BlankAction>(rule.blank, kind),
        value,
        `blank: ${kind}`,
        `${rule.to} is blank (${kind})`,
      );
    return finish(value as Scalar);
  };
  const transform = (
    rule: FieldRule,
    value: Scalar,
    finish: (value: Scalar) => Scalar | undefined,
  ): Scalar | undefined => {
    let current = value;
    for (const step of rule.as ?? []) {
      const next = step(String(current));
      if (!next.ok) return refuse(rule, 'format', value, `${rule.to}: ${next.problem}`);
      current = next.value;
    }
    return finish(current);
  };
  const bound = (rule: FieldRule, value: Scalar): Scalar | undefined => {
    const broken = findBrokenBound(value, rule);
    return broken === undefined ? value : refuse(rule, broken.kind, value, `${rule.to} ${broken.problem}`);
  };
  const field = (rule: FieldRule, type: 'string' | 'number' | 'boolean'): Scalar | undefined =>
    read(rule, (value) =>
      transform(rule, value, (made) =>
        isOfType(made, type)
          ? bound(rule, made)
          : refuse(rule, 'format', made, `${rule.to} is ${typeof made}, and ${type} is wanted`),
      ),
    );
  const choice = <const T extends Scalar>(rule: ChoiceRule<T>): T | undefined =>
    read(rule, (value) =>
      transform(rule, value, (made) => {
        const { table, members } = rule;
        const listed =
          table === undefined
            ? members?.find((member) => member === made)
            : Object.hasOwn(table, String(made))
              ? table[String(made)]
              : undefined;
        return (
          listed ??
          refuse(rule, 'not-listed', made, `${rule.to}: "${String(made)}" is not listed`, rule.otherwise)
        );
      }),
    ) as T | undefined;
  const each = <Element, T>(
    rule: EachRule<Element>,
    make: (each: Element, map: Mapper) => T,
  ): T[] | undefined => {
    const list = readList(rule, stop);
    if (list === STOPPED) return undefined;
    const made = (list ?? []).flatMap((element, index) => {
      const inner = createMapperOf(rulePath, problems, `${where} (element ${index + 1})`);
      const one = make(element, inner);
      return inner.dropped(`${rule.to}[]`) ? [] : [one];
    });
    if (made.length > 0) return made;
    const kind = list === undefined ? 'absent' : list === null ? 'null' : 'empty';
    const action = choose<BlankKind, BlankAction>(rule.blank, kind);
    if (action === 'review' || action === 'fail' || action === 'skip')
      stop(rule, action, `blank: ${kind}`, `${rule.to} has no elements (${kind})`);
    return undefined;
  };
  /** A required field that no decision stopped and that still has no value would be sent as nothing: it stops the record. */
  const demand = <T>(rule: Placed, value: T | null | undefined, placeholder: T): T => {
    if (value !== undefined && value !== null) return value;
    const stopped =
      problems.some((problem) => problem.field === rule.to) || droppedElements.has(elementOf(rule.to));
    if (!stopped) stop(rule, 'review', 'blank: required', `${rule.to} is required and has no value`);
    return placeholder;
  };
  return {
    problems,
    text: (rule) => field(rule, 'string') as string | undefined,
    textOrNull: (rule) => field(rule, 'string') as string | null | undefined,
    number: (rule) => field(rule, 'number') as number | undefined,
    boolean: (rule) => field(rule, 'boolean') as boolean | undefined,
    choice,
    each,
    required: {
      each: (rule, make) => demand(rule, each(rule, make), []),
      text: (rule) => demand(rule, field(rule, 'string') as string | undefined, ''),
      number: (rule) => demand(rule, field(rule, 'number') as number | undefined, 0),
      boolean: (rule) => demand(rule, field(rule, 'boolean') as boolean | undefined, false),
      choice: <const T extends Scalar>(rule: ChoiceRule<T>): T =>
        demand(rule, choice(rule), (rule.members?.[0] ?? Object.values(rule.table ?? {})[0]) as T),
    },
    dropped: (element) => droppedElements.has(element),
  };
}

type Placed = Pick<FieldRule, 'to'>;

const STOPPED = Symbol('the list cannot be read');

function readList<Element>(
  rule: EachRule<Element>,
  stop: (rule: Placed, action: 'review', problem: string, message: string) => undefined,
): readonly Element[] | null | undefined | typeof STOPPED {
  try {
    const list: unknown = rule.value();
    if (list === undefined || list === null || Array.isArray(list)) return list as readonly Element[];
    stop(rule, 'review', 'invalid: format', `${rule.to}: what it is made of is no list`);
  } catch (error) {
    stop(rule, 'review', 'expression', `the expression failed: ${(error as Error).message}`);
  }
  return STOPPED;
}

/** An integer beyond 2^53 is a number all the same, and is sent with all its digits. */
function isOfType(value: unknown, type: 'string' | 'number' | 'boolean'): boolean {
  return typeof value === type || (type === 'number' && typeof value === 'bigint');
}

/** `Phones[0].PhoneNumber` stands in the element `Phones[0]`. */
function elementOf(path: string): string {
  return path.slice(0, path.lastIndexOf(']') + 1);
}

const ACTION_KEYS = new Set(['default']);

function choose<K extends string, A extends BlankAction | InvalidAction>(
  given: Decisions<K, A> | undefined,
  kind: K,
): A | 'review' {
  if (given === undefined) return 'review';
  if (typeof given === 'string') return given as A;
  const keys = Object.keys(given);
  if (keys.length === 1 && ACTION_KEYS.has(keys[0] ?? '')) return given as A;
  const byKind = given as Readonly<Partial<Record<K | 'other', A>>>;
  return byKind[kind] ?? byKind.other ?? 'review';
}

/** A list of the elements that were not dropped; absent where none is left. */
export function listOf<T>(...elements: readonly (T | undefined)[]): T[] | undefined {
  const kept = elements.filter((element) => element !== undefined);
  return kept.length === 0 ? undefined : kept;
}

/** An object of which something is sent; absent where all of its members are. */
export function objectOf<T extends object>(members: T): T | undefined {
  return Object.values(members).every((member) => member === undefined) ? undefined : members;
}
