import { findBlankKind as findBlank } from '../transforms/blank.ts';
import type { FindBlankKind } from '../transforms/blank.ts';
import type { ChoiceRule, EachRule, FieldProblem, FieldRule, Scalar } from './field-rule.ts';
import { mapEach } from './map-each.ts';
import { mapChoice, mapField } from './map-field.ts';
import { isDropped, stopRecord } from './mapped-record.ts';
import type { MappedRecord, Placed } from './mapped-record.ts';

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

/**
 * @param rulePath the mapping's place in the rules: `flows.customers.to.contact.map`
 * @param findBlankKind what is blank, where the rules name texts that stand for "nothing"
 */
export function createMapper(rulePath: string, findBlankKind: FindBlankKind = findBlank): Mapper {
  return createMapperOf({ rulePath, findBlankKind, problems: [], where: '', dropped: undefined });
}

function createMapperOf(record: MappedRecord): Mapper {
  const each = <Element, T>(
    rule: EachRule<Element>,
    make: (each: Element, map: Mapper) => T,
  ): T[] | undefined => mapEach(record, rule, (element, inner) => make(element, createMapperOf(inner)));
  const field = (rule: FieldRule, type: 'string' | 'number' | 'boolean') => mapField(record, rule, type);
  return {
    problems: record.problems,
    text: (rule) => field(rule, 'string') as string | undefined,
    textOrNull: (rule) => field(rule, 'string') as string | null | undefined,
    number: (rule) => field(rule, 'number') as number | undefined,
    boolean: (rule) => field(rule, 'boolean') as boolean | undefined,
    choice: (rule) => mapChoice(record, rule),
    each,
    required: {
      each: (rule, make) => demand(record, rule, each(rule, make), []),
      text: (rule) => demand(record, rule, field(rule, 'string') as string | undefined, ''),
      number: (rule) => demand(record, rule, field(rule, 'number') as number | undefined, 0),
      boolean: (rule) => demand(record, rule, field(rule, 'boolean') as boolean | undefined, false),
      choice: <const T extends Scalar>(rule: ChoiceRule<T>): T =>
        demand(record, rule, mapChoice(record, rule), firstOf(rule)),
    },
    dropped: (element) => record.dropped?.has(element) === true,
  };
}

/** A required field that no decision stopped and that still has no value would be sent as nothing: it stops the record. */
function demand<T>(record: MappedRecord, rule: Placed, value: T | null | undefined, placeholder: T): T {
  if (value !== undefined && value !== null) return value;
  const isStopped = record.problems.some(({ field }) => field === rule.to) || isDropped(record, rule);
  const message = `${rule.to} is required and has no value`;
  if (!isStopped) stopRecord(record, rule, { action: 'review', problem: 'blank: required', message });
  return placeholder;
}

function firstOf<T extends Scalar>({ members, table }: ChoiceRule<T>): T {
  return (members?.[0] ?? Object.values(table ?? {})[0]) as T;
}
