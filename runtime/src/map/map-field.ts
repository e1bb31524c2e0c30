import type { BlankKind } from '../transforms/blank.ts';
import type { ChoiceRule, FieldRule, InvalidAction, Scalar } from './field-rule.ts';
import { findBrokenBound } from './find-broken-bound.ts';
import type { InvalidKind } from './find-broken-bound.ts';
import { chooseAction, settleField, stopRecord } from './mapped-record.ts';
import type { MappedRecord } from './mapped-record.ts';

type FieldType = 'string' | 'number' | 'boolean';

/** A field's value as the target accepts it, or what was decided instead. */
export function mapField(record: MappedRecord, rule: FieldRule, type: FieldType): Scalar | undefined {
  const read = readValue(record, rule);
  if (!read.goesOn) return read.value;
  const { value } = read;
  if (!isOfType(value, type))
    return refuse(record, rule, {
      kind: 'format',
      value,
      message: `${rule.to} is ${typeof value}, and ${type} is wanted`,
    });
  const broken = findBrokenBound(value, rule);
  return broken === undefined
    ? value
    : refuse(record, rule, { kind: broken.kind, value, message: `${rule.to} ${broken.problem}` });
}

/** One of listed values: what a table makes of the value, or the value itself where it is a member. */
export function mapChoice<T extends Scalar>(record: MappedRecord, rule: ChoiceRule<T>): T | undefined {
  const read = readValue(record, rule);
  if (!read.goesOn) return read.value as T | undefined;
  const { value } = read;
  const listed = findListed(rule, value);
  if (listed !== undefined && listed !== null) return listed;
  const message = `${rule.to}: "${String(value)}" is not listed`;
  return refuse(record, rule, { kind: 'not-listed', value, message }, rule.otherwise) as T | undefined;
}

function findListed<T extends Scalar>({ table, members }: ChoiceRule<T>, value: Scalar): T | undefined {
  if (table === undefined) return members?.find((member) => member === value);
  const key = String(value);
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** A value that goes on to be checked, or what was decided about one that is blank or unreadable. */
type Read =
  | { readonly goesOn: true; readonly value: Scalar }
  | { readonly goesOn: false; readonly value: Scalar | undefined };

function readValue(record: MappedRecord, rule: FieldRule): Read {
  let value: Scalar | undefined;
  try {
    value = rule.value();
  } catch (error) {
    const message = `the expression failed: ${(error as Error).message}`;
    return ends(stopRecord(record, rule, { action: 'review', problem: 'expression', message }));
  }
  const kind = record.findBlankKind(value);
  if (kind !== undefined) return ends(settleBlank(record, rule, kind, value));
  return transform(record, rule, value as Scalar);
}

function settleBlank(
  record: MappedRecord,
  rule: FieldRule,
  kind: BlankKind,
  value: Scalar | undefined,
): Scalar | undefined {
  const message = `${rule.to} is blank (${kind})`;
  const action = chooseAction(rule.blank, kind);
  return settleField(record, rule, action, { value, problem: `blank: ${kind}`, message });
}

function transform(record: MappedRecord, rule: FieldRule, given: Scalar): Read {
  let value = given;
  if (rule.as !== undefined)
    for (const step of rule.as) {
      const next = step(String(value));
      if (!next.ok)
        return ends(
          refuse(record, rule, { kind: 'format', value: given, message: `${rule.to}: ${next.problem}` }),
        );
      value = next.value;
      const kind = record.findBlankKind(value);
      if (kind !== undefined) return ends(settleBlank(record, rule, kind, value));
    }
  return { goesOn: true, value };
}

function ends(value: Scalar | undefined): Read {
  return { goesOn: false, value };
}

function refuse(
  record: MappedRecord,
  rule: FieldRule,
  { kind, value, message }: { readonly kind: InvalidKind; readonly value: Scalar; readonly message: string },
  otherwise?: InvalidAction,
): Scalar | undefined {
  const action = otherwise ?? chooseAction(rule.invalid, kind);
  return settleField(record, rule, action, { value, problem: `invalid: ${kind}`, message });
}

/** An integer beyond 2^53 is a number all the same, and is sent with all its digits. */
function isOfType(value: unknown, type: FieldType): boolean {
  return typeof value === type || (type === 'number' && typeof value === 'bigint');
}
