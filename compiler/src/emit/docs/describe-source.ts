import type { Schema } from '../../model/api-model.ts';
import type { CheckedFlow, CheckedModel } from '../../model/checked-model.ts';
import { formatGeneralPath } from '../../model/field-path.ts';
import type { FieldStep } from '../../model/field-path.ts';
import type { FieldModel, TargetModel } from '../../model/integration-model.ts';
import { findField } from '../../resolve/find-field.ts';
import { listSampleReads, sampleScope } from '../tests/sample-record.ts';
import type { SampleScope, SampleValue } from '../tests/sample-record.ts';

export interface SourceColumns {
  readonly sourceType: string;
  readonly sample: string;
}

/** What a mapped field is made of: the types that the source's description gives, and a value of the sample record. */
export function createSourceReader(
  checked: CheckedModel,
  entry: CheckedFlow,
): (target: TargetModel, field: FieldModel) => SourceColumns {
  const scope = sampleScope(checked, entry);
  return (target, field) => {
    const reads = listSampleReads(checked, target, field);
    const samples = reads
      .map((steps) => formatSample(readSample(scope, steps)))
      .filter((text) => text !== '');
    return {
      sourceType: unique(reads.map((steps) => describeRead(entry, steps))).join(', else '),
      sample: unique(samples).join(', else '),
    };
  };
}

function describeRead({ flow }: CheckedFlow, [root, ...rest]: readonly FieldStep[]): string {
  const isSource = root?.kind === 'name' && root.name === 'source';
  const [name] = rest;
  const find =
    isSource || name?.kind !== 'name' ? undefined : flow.find.find((one) => one.name === name.name);
  const record = isSource ? flow.source.record : find?.record;
  const below = isSource ? rest : rest.slice(find?.take === 'all' ? 2 : 1);
  if (record === undefined) return '';
  if (below.length === 0) return 'a list of records';
  const found = findField(record, { text: formatGeneralPath({ text: '', steps: below }), steps: below });
  if (found.kind === 'missing') return '';
  const missing = found.optional || found.nullable ? ', may be missing' : '';
  return `${describeSchema(found.schema)}${missing}`;
}

function describeLength({ minLength = 0, maxLength }: Schema): string | undefined {
  if (maxLength === undefined) return minLength > 1 ? `at least ${minLength} characters` : undefined;
  if (minLength === maxLength) return `${maxLength} characters`;
  return minLength > 1 ? `${minLength} to ${maxLength} characters` : `at most ${maxLength} characters`;
}

function describeRange(schema: Schema): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const bounds = [
    exclusiveMinimum === undefined
      ? minimum !== undefined && `from ${minimum}`
      : `more than ${exclusiveMinimum}`,
    exclusiveMaximum === undefined
      ? maximum !== undefined && `to ${maximum}`
      : `less than ${exclusiveMaximum}`,
  ].filter((part) => part !== false);
  return bounds.length === 0 ? undefined : bounds.join(' ');
}

/** The type, its format, and what bounds it. */
export function describeSchema(schema: Schema): string {
  const type = schema.enum === undefined ? (schema.types[0] ?? 'any') : `one of ${schema.enum.length} values`;
  return [
    type,
    schema.format ?? schema.meaning,
    describeLength(schema),
    describeRange(schema),
    schema.multipleOf === undefined ? undefined : `a multiple of ${schema.multipleOf}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

function readSample(scope: SampleScope, steps: readonly FieldStep[]): SampleValue | undefined {
  let value: unknown = scope;
  for (const step of steps) {
    const key = step.kind === 'name' ? step.name : step.kind === 'index' ? step.index : 0;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value as SampleValue;
}

/** A list or an object stands for many values, and its own fields are mapped below it. */
function formatSample(value: SampleValue | undefined): string {
  if (value === undefined || value === null || typeof value === 'object') return '';
  return String(value);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text) => text !== ''))];
}
