import type { FindBlankKind } from '../transforms/blank.ts';
import { roundToMultiple } from '../transforms/decimal.ts';
import { truncateText } from '../transforms/text.ts';
import type {
  BlankAction,
  Decisions,
  FieldProblem,
  FieldRule,
  InvalidAction,
  ListAction,
  Scalar,
} from './field-rule.ts';
import { findBrokenBound } from './find-broken-bound.ts';

/** What the mapping of one record has come to. */
export interface MappedRecord {
  /** The mapping's place in the rules: `flows.customers.to.contact.map`. */
  readonly rulePath: string;
  readonly problems: FieldProblem[];
  /** What is blank in this service. */
  readonly findBlankKind: FindBlankKind;
  /** Says which element of a list is mapped; empty outside of lists. */
  readonly where: string;
  /** The list elements that a decision dropped; made with the first of them. */
  dropped: Set<string> | undefined;
}

export type Placed = Pick<FieldRule, 'to'>;

export interface Stop {
  readonly action: FieldProblem['action'];
  readonly problem: string;
  readonly message: string;
}

export function stopRecord(record: MappedRecord, { to }: Placed, stop: Stop): undefined {
  const message = `${stop.message}${record.where}`;
  record.problems.push({ ...stop, field: to, rule: `${record.rulePath}.${to}`, message });
}

/** What an action makes of a value that is blank or not accepted. */
export function settleField(
  record: MappedRecord,
  rule: FieldRule,
  action: BlankAction | InvalidAction,
  trouble: { readonly value: Scalar | undefined; readonly problem: string; readonly message: string },
): Scalar | undefined {
  const { value, problem, message } = trouble;
  if (typeof action === 'object') return action.default;
  switch (action) {
    case 'omit':
      return undefined;
    case 'clear':
      return null;
    case 'keep':
      return value;
    case 'truncate':
      return truncate(record, rule, String(value), problem);
    case 'round':
      return round(record, rule, value, trouble);
    case 'drop':
      record.dropped ??= new Set();
      record.dropped.add(elementOf(rule.to));
      return undefined;
    case 'review':
    case 'fail':
    case 'skip':
      return stopRecord(record, rule, { action, problem, message });
  }
}

/** What is cut off may have been what the pattern or the format wants. */
function truncate(record: MappedRecord, rule: FieldRule, value: string, problem: string): string | undefined {
  const cut = truncateText(value, rule.maxLength ?? Number.POSITIVE_INFINITY);
  const broken = findBrokenBound(cut, rule);
  if (broken === undefined) return cut;
  return stopRecord(record, rule, { action: 'review', problem, message: `${rule.to} ${broken.problem}` });
}

/** The nearest multiple may lie outside of the range. */
function round(
  record: MappedRecord,
  rule: FieldRule,
  value: Scalar | undefined,
  trouble: { readonly problem: string; readonly message: string },
): number | undefined {
  const rounded = typeof value === 'number' ? roundToMultiple(value, rule.multipleOf ?? 0) : undefined;
  const broken = rounded === undefined ? trouble : findBrokenBound(rounded, rule);
  if (broken === undefined) return rounded;
  const message = `${rule.to} ${broken.problem}`;
  return stopRecord(record, rule, { action: 'review', problem: trouble.problem, message });
}

/** `Phones[0].PhoneNumber` stands in the element `Phones[0]`. */
function elementOf(path: string): string {
  return path.slice(0, path.lastIndexOf(']') + 1);
}

export function isDropped({ dropped }: MappedRecord, { to }: Placed): boolean {
  return dropped?.has(elementOf(to)) === true;
}

const ACTION_KEYS = new Set(['default']);

export function chooseAction<K extends string, A extends BlankAction | InvalidAction | ListAction>(
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
