import type { EachRule } from './field-rule.ts';
import { chooseAction, stopRecord } from './mapped-record.ts';
import type { MappedRecord } from './mapped-record.ts';

/** A list element by element; where no element is left, what is decided: absent, or sent without elements. Of more or fewer than the target takes a person decides. */
export function mapEach<Element, T>(
  record: MappedRecord,
  rule: EachRule<Element>,
  make: (each: Element, record: MappedRecord) => T,
): T[] | undefined {
  const list = readList(record, rule);
  if (list === STOPPED) return undefined;
  const made = (list ?? []).flatMap((element, index) => {
    const where = `${record.where} (element ${index + 1})`;
    const inner: MappedRecord = { ...record, where, dropped: undefined };
    const one = make(element, inner);
    return inner.dropped?.has(`${rule.to}[]`) === true ? [] : [one];
  });
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = rule;
  if (made.length > maxItems || (made.length > 0 && made.length < minItems)) {
    const bound = made.length > maxItems ? `at most ${maxItems}` : `at least ${minItems}`;
    stopRecord(record, rule, {
      action: 'review',
      problem: 'invalid: number of elements',
      message: `${rule.to} has ${made.length} element${made.length === 1 ? '' : 's'}, and the target takes ${bound}`,
    });
  }
  if (made.length > 0) return made;
  const kind = list === undefined ? 'absent' : list === null ? 'null' : 'empty';
  const action = chooseAction(rule.blank, kind);
  if (action === 'review' || action === 'fail' || action === 'skip')
    stopRecord(record, rule, {
      action,
      problem: `blank: ${kind}`,
      message: `${rule.to} has no elements (${kind})`,
    });
  return typeof action === 'object' ? [] : undefined;
}

const STOPPED = Symbol('the list cannot be read');

function readList<Element>(
  record: MappedRecord,
  rule: EachRule<Element>,
): readonly Element[] | null | undefined | typeof STOPPED {
  try {
    const list: unknown = rule.value();
    if (list === undefined || list === null || Array.isArray(list)) return list as readonly Element[];
    const message = `${rule.to}: what it is made of is no list`;
    stopRecord(record, rule, { action: 'review', problem: 'invalid: format', message });
  } catch (error) {
    const message = `the expression failed: ${(error as Error).message}`;
    stopRecord(record, rule, { action: 'review', problem: 'expression', message });
  }
  return STOPPED;
}
