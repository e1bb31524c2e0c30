import type { CheckedExpression, CheckedField } from '../model/checked-model.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { Expression, FlowModel } from '../model/integration-model.ts';
import type { BlankKind, Scalar } from '../model/rules-input.ts';
import { listRecordReads } from './list-reads.ts';
import { classify } from './measure-blank.ts';

/** The records of a flow's source that were really recorded; none where there are no recordings. */
export type Recorded = (flow: FlowModel) => readonly unknown[];

/**
 * How often a field was blank in the records that were recorded: `, and is in 12 % of 500 recorded records`. Empty where
 * nothing is recorded, or the value is more than what stands in the record.
 * @param kinds of blank that nothing decides
 */
export function describeRecorded(
  { field, flow }: { readonly field: CheckedField['field']; readonly flow: FlowModel },
  kinds: readonly BlankKind[],
  expressions: ReadonlyMap<Expression, CheckedExpression>,
  recorded: Recorded,
): string {
  const isInList = field.path.steps.slice(0, -1).some((step) => step.kind === 'each');
  const values = isInList ? [] : listValues(field);
  const paths = values.map((value) => readPath(value, expressions));
  if (paths.length === 0 || paths.includes(undefined)) return '';
  const records = recorded(flow);
  if (records.length === 0) return '';
  const isList = field.each !== undefined;
  const blank = records.filter((record) => {
    const found = paths.map((path) => findKind(readValue(record, path), { isList, flow }));
    // The first that is not blank is taken, and the last where all are.
    const [last] = found.slice(-1);
    return found.every((kind) => kind !== undefined) && last !== undefined && kinds.includes(last);
  }).length;
  return `, and is in ${formatShare(blank, records.length)}`;
}

function listValues(field: CheckedField['field']): (Expression | undefined)[] {
  if (field.each !== undefined) return [field.each.list];
  return field.values.map((value) => (value.kind === 'expression' ? value.expression : undefined));
}

function readPath(
  expression: Expression | undefined,
  expressions: ReadonlyMap<Expression, CheckedExpression>,
): FieldPath | undefined {
  const tree = expression === undefined ? undefined : expressions.get(expression)?.tree;
  const [read] = tree === undefined ? [] : listRecordReads(tree, 'source');
  return read?.tree === tree ? read?.path : undefined;
}

function readValue(record: unknown, path: FieldPath | undefined): unknown {
  let value = record;
  for (const step of path?.steps ?? []) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (step.kind === 'each') return undefined;
    value = (value as Readonly<Record<string, unknown>>)[
      step.kind === 'name' ? step.name : String(step.index)
    ];
  }
  return value;
}

function findKind(
  value: unknown,
  { isList, flow }: { readonly isList: boolean; readonly flow: FlowModel },
): BlankKind | undefined {
  if (isList && Array.isArray(value)) return value.length === 0 ? 'empty' : undefined;
  if (typeof value === 'object' && value !== null) return undefined;
  const [kind] = classify(value as Scalar | undefined, flow);
  return kind;
}

function formatShare(count: number, total: number): string {
  const of = total === 1 ? '1 recorded record' : `${total} recorded records`;
  if (count === 0) return `none of ${of}`;
  return total < 100 ? `${count} of ${of}` : `${formatPercent(count / total)} % of ${of}`;
}

function formatPercent(share: number): string {
  const percent = share * 100;
  return percent < 1 ? percent.toFixed(1) : String(Math.round(percent));
}
