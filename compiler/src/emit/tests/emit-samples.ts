import { listRecordReads } from '../../check/list-reads.ts';
import type { CheckedField, CheckedFlow, CheckedModel } from '../../model/checked-model.ts';
import type { FieldPath } from '../../model/field-path.ts';
import { sampleRecord, setPath } from './sample-record.ts';
import type { SampleValue } from './sample-record.ts';

export interface Sample {
  readonly name: string;
  readonly source: SampleValue;
}

const BLANKS: Readonly<Record<string, SampleValue | undefined>> = {
  absent: undefined,
  null: null,
  empty: '',
  whitespace: '  ',
  sentinel: 'n/a',
};

/** Records for the mapping test: one that is whole, and one for each field in each way that it can be blank or refused. */
export function listSamples(checked: CheckedModel, entry: CheckedFlow): Sample[] {
  const samples: Sample[] = [{ name: 'a whole record', source: sampleRecord(checked, entry) }];
  for (const field of entry.fields) {
    const paths = readPaths(checked, field);
    const [first] = paths;
    if (first === undefined) continue;
    const label = field.field.path.text;
    for (const kind of field.blankKinds)
      samples.push({
        name: `${label} is blank: ${kind}`,
        source: change(checked, entry, paths, BLANKS[kind]),
      });
    if (paths.length > 1 && field.blankKinds.length > 0)
      samples.push({ name: `${label} falls back`, source: change(checked, entry, [first], null) });
    for (const [kind, value] of listInvalid(field))
      samples.push({ name: `${label} is refused: ${kind}`, source: change(checked, entry, [first], value) });
  }
  return samples;
}

function readPaths(checked: CheckedModel, field: CheckedField): FieldPath[] {
  return field.field.values.flatMap((value) => {
    const tree = value.kind === 'expression' ? checked.expressions.get(value.expression)?.tree : undefined;
    return tree === undefined
      ? []
      : listRecordReads(tree, 'source').flatMap((read) => (read.path === undefined ? [] : [read.path]));
  });
}

function change(
  checked: CheckedModel,
  entry: CheckedFlow,
  paths: readonly FieldPath[],
  value: SampleValue | undefined,
): SampleValue {
  const record = sampleRecord(checked, entry) as { [key: string]: SampleValue };
  for (const path of paths) {
    // An undefined value vanishes when the samples are written as JSON: that is what "absent" means.
    setPath(record, path.steps, value as SampleValue);
  }
  return record;
}

function listInvalid({ field, invalidKinds }: CheckedField): [string, SampleValue][] {
  const found: [string, SampleValue][] = [];
  if (field.table !== undefined) found.push(['not listed', 'Utopia']);
  if (field.as.length > 0 && invalidKinds.includes('format')) found.push(['format', '***']);
  if (invalidKinds.includes('too-long') && field.schema.maxLength !== undefined)
    found.push(['too-long', 'é'.repeat(field.schema.maxLength + 1)]);
  if (field.table === undefined && field.as.length === 0 && invalidKinds.includes('format'))
    found.push(['format', '***']);
  if (field.table === undefined && invalidKinds.includes('not-listed')) found.push(['not listed', 'Utopia']);
  return found;
}
