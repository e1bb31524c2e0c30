import { listRecordReads } from '../../check/list-reads.ts';
import type { ExpressionTree } from '../../model/expression-tree.ts';
import type { OutputFile } from '../../model/output-file.ts';
import type { FlowPlan, ServicePlan } from '../../model/service-plan.ts';
import type { FieldPath } from '../../model/field-path.ts';
import { findField } from '../../resolve/find-field.ts';
import type { Schema } from '../../model/api-model.ts';
import { toKebabCase } from '../../plan/allocate-names.ts';
import { sampleRecord, sampleValue, setPath } from './sample-record.ts';
import type { SampleValue } from './sample-record.ts';

/** Exchanges made from the descriptions, and marked so: until real ones are recorded, they are all the proof there is. */
export function emitRecordings(plan: ServicePlan, entry: FlowPlan): OutputFile[] {
  const { flow } = entry;
  const { source, target } = flow;
  const record = keptRecord(plan, entry);
  const folder = `recordings/${toKebabCase(flow.name)}`;
  const read = {
    synthetic: true,
    role: 'read',
    system: source.system.name,
    operation: { method: source.operation.method, path: source.operation.path },
    response: {
      status: 200,
      headers: JSON_HEADERS,
      body: source.records.steps.length === 0 ? [record] : envelope(source.answer, source.records, [record]),
    },
  };
  const write = {
    synthetic: true,
    role: 'write',
    system: target.system.name,
    operation: { method: target.operation.method, path: target.operation.path },
    item: target.item?.text,
    response: { status: successStatus(entry), headers: JSON_HEADERS, body: answerOf(entry) },
  };
  // With an idempotency key in front, nothing is looked up while the key lasts.
  const lookUp =
    entry.checked.tier === 3 || entry.checked.tier === 4
      ? target.once.find((once) => once.kind === 'look-up')
      : undefined;
  const found =
    lookUp === undefined
      ? []
      : [
          {
            synthetic: true,
            role: 'look-up',
            system: target.system.name,
            operation: { method: lookUp.operation.method, path: lookUp.operation.path },
            response: {
              status: 200,
              headers: JSON_HEADERS,
              body: envelope(lookUp.answer, lookUp.records, []),
            },
          },
        ];
  const { pages } = source;
  const ends = (pages?.kind === 'page' || pages?.kind === 'offset') && pages.until === 'empty';
  const last = {
    ...read,
    response: {
      ...read.response,
      body: source.records.steps.length === 0 ? [] : envelope(source.answer, source.records, []),
    },
  };
  return [
    { path: `${folder}/1-read.json`, text: print(read) },
    ...(ends ? [{ path: `${folder}/1b-read-last.json`, text: print(last) }] : []),
    ...found.map((exchange) => ({ path: `${folder}/2-look-up.json`, text: print(exchange) })),
    { path: `${folder}/3-write.json`, text: print(write) },
  ];
}

const JSON_HEADERS = { 'content-type': 'application/json' };

function print(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function successStatus({ flow }: FlowPlan): number {
  const status = flow.target.operation.responses.find((response) => /^2\d\d$/.test(response.status))?.status;
  return Number(status ?? 200);
}

function answerOf({ flow }: FlowPlan): SampleValue {
  const { target } = flow;
  if (target.answer === undefined) return {};
  const root = sampleValue(target.answer, 'answer', 2);
  const holder = typeof root === 'object' && root !== null && !Array.isArray(root) ? root : {};
  if (target.id !== undefined) {
    const field = findField(target.answer, target.id);
    setPath(holder, target.id.steps, field.kind === 'found' ? sampleValue(field.schema, 'id', 0) : '1001');
  }
  return holder;
}

function envelope(answer: Schema, path: FieldPath, records: SampleValue[]): SampleValue {
  const root = sampleValue(answer, 'answer', 1);
  const holder = typeof root === 'object' && root !== null && !Array.isArray(root) ? root : {};
  setPath(holder, path.steps, records);
  return holder;
}

/**
 * A record that the flow keeps: comparisons with a literal in `keep` say which value a field must have.
 */
function keptRecord(plan: ServicePlan, entry: FlowPlan): SampleValue {
  const record = sampleRecord(plan.checked, entry.checked) as { [key: string]: SampleValue };
  for (const rule of entry.flow.keep) {
    const tree = plan.checked.expressions.get(rule.when)?.tree;
    if (tree !== undefined) satisfy(tree, record);
  }
  return record;
}

/** Sets what a condition compares; a condition of another form is left to the plausible values. */
function satisfy(tree: ExpressionTree, record: { [key: string]: SampleValue }): void {
  if (tree.kind === 'binary' && tree.operator === '&&') {
    satisfy(tree.left, record);
    satisfy(tree.right, record);
    return;
  }
  const compared = tree.kind === 'binary' ? tree.left : tree;
  const [read] = listRecordReads(compared, 'source');
  if (read?.tree !== compared || read.path === undefined) return;
  if (tree.kind !== 'binary') {
    setPath(record, read.path.steps, true);
    return;
  }
  if (tree.right.kind !== 'literal' || tree.right.value === undefined) return;
  const { value } = tree.right;
  if (tree.operator === '===') setPath(record, read.path.steps, value);
  if (typeof value === 'number' && (tree.operator === '>' || tree.operator === '>='))
    setPath(record, read.path.steps, value + 1);
  if (typeof value === 'number' && (tree.operator === '<' || tree.operator === '<='))
    setPath(record, read.path.steps, value - 1);
}
