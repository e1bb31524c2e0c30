import type { Schema } from '../../model/api-model.ts';
import type { CheckedField, CheckedFlow, CheckedModel, CheckedTarget } from '../../model/checked-model.ts';
import { listRecordReads } from '../../check/list-reads.ts';
import { findTransform } from '../../check/transform-catalog.ts';
import { findField } from '../../resolve/find-field.ts';
import { formatGeneralPath } from '../../model/field-path.ts';
import type { FieldStep } from '../../model/field-path.ts';
import type { FieldModel, FlowModel, SourceModel, TargetModel } from '../../model/integration-model.ts';
import type { InvalidKind } from '../../model/rules-input.ts';
import { REFUSED_SAMPLES } from './transform-samples.ts';
import { listSampleReads, sampleScope, setPath, withoutInner } from './sample-record.ts';
import type { SampleScope, SampleValue } from './sample-record.ts';

export interface Sample extends Partial<SampleScope> {
  readonly name: string;
  readonly source: SampleValue;
}

function blanksOf(
  { kind }: CheckedField,
  { sentinels }: FlowModel,
): Readonly<Record<string, SampleValue | undefined>> {
  return {
    absent: undefined,
    null: null,
    empty: kind === 'list' ? [] : '',
    whitespace: '  ',
    sentinel: sentinels[0],
  };
}

/** Of a long table, so many values are tried. */
const MOST_OF_A_TABLE = 20;

/** A record in which one field is blank, or not accepted, in one way. */
export interface TroubledSample {
  readonly field: CheckedField;
  /** `blank.null`, `invalid.format`, `not-listed`. */
  readonly kind: string;
  readonly paths: readonly (readonly FieldStep[])[];
  readonly value: SampleValue | undefined;
}

/** Each field in each way that it can be blank or refused, as far as a value of that kind can be made up. */
export function listTroubled(
  checked: CheckedModel,
  flow: FlowModel,
  target: CheckedTarget,
): TroubledSample[] {
  const { source } = flow;
  return target.fields.flatMap((field): TroubledSample[] => {
    const paths = listEmptied(checked, source, target.target, field.field);
    const [first] = paths;
    if (first === undefined) return [];
    const blanks = blanksOf(field, flow);
    return [
      ...field.blankKinds.map((kind) => ({ field, kind: `blank.${kind}`, paths, value: blanks[kind] })),
      ...listInvalid(checked, field)
        .filter(([kind]) => kind !== 'not listed' || canBeText(source, first))
        .map(([kind, value]) => ({
          field,
          kind:
            kind === 'not listed'
              ? field.field.table === undefined
                ? 'invalid.not-listed'
                : 'not-listed'
              : `invalid.${kind}`,
          paths: [first],
          value,
        })),
    ];
  });
}

/** Another value than those of a table is made up as a text. */
function canBeText({ record }: SourceModel, [root, ...steps]: readonly FieldStep[]): boolean {
  if (root?.kind !== 'name' || root.name !== 'source') return true;
  const field = findField(record, { text: '', steps });
  return field.kind !== 'found' || field.schema.types.length === 0 || field.schema.types.includes('string');
}

/** Records for the mapping test: one that is whole, and one for each field in each way that it can be blank or refused. */
/** @param uses what the mapping takes beside the record: `found`, `ids` */
export function listSamples(
  checked: CheckedModel,
  entry: CheckedFlow,
  { target, uses }: { readonly target: CheckedTarget; readonly uses: readonly string[] },
): Sample[] {
  const make = (name: string, paths: readonly (readonly FieldStep[])[], value?: SampleValue): Sample => {
    const scope = sampleScope(checked, entry);
    for (const path of paths) {
      // An undefined value vanishes when the samples are written as JSON: that is what "absent" means.
      setPath(scope as unknown as { [key: string]: SampleValue }, path, value as SampleValue);
    }
    const { source, found, ids } = scope;
    return {
      name,
      source,
      ...(uses.includes('found') ? { found } : {}),
      ...(uses.includes('ids') ? { ids } : {}),
    };
  };
  const samples: Sample[] = [make('a whole record', [])];
  for (const field of target.fields) {
    const paths = listEmptied(checked, entry.flow.source, target.target, field.field);
    const [first] = paths;
    if (first === undefined) continue;
    const label = field.field.path.text;
    const blanks = blanksOf(field, entry.flow);
    for (const kind of field.blankKinds)
      samples.push(make(`${label} is blank: ${kind}`, paths, blanks[kind]));
    if (paths.length > 1 && field.blankKinds.length > 0)
      samples.push(make(`${label} falls back`, [first], null));
    for (const { from } of field.field.table?.slice(1, MOST_OF_A_TABLE) ?? [])
      samples.push(make(`${label} is ${from}`, [first], from));
    for (const [kind, value] of listInvalid(checked, field))
      samples.push(make(`${label} is refused: ${kind}`, [first], value));
  }
  return samples;
}

/** What is emptied so that a field is blank: a record without what names it, or its version, would not come as far. */
function listEmptied(
  checked: CheckedModel,
  { key, version, changes }: SourceModel,
  target: TargetModel,
  field: FieldModel,
): readonly (readonly FieldStep[])[] {
  const kept = [key, version, changes?.field].map((path) => path && `source.${formatGeneralPath(path)}`);
  const paths = withoutInner(listSampleReads(checked, target, field));
  const others = paths.filter((steps) => !kept.includes(formatGeneralPath({ text: '', steps })));
  return others.length > 0 ? others : paths;
}

function listInvalid(
  checked: CheckedModel,
  { field, as, invalidKinds }: CheckedField,
): [string, SampleValue][] {
  const found: [string, SampleValue][] = [];
  if (field.table !== undefined) found.push(['not listed', 'Utopia']);
  if (as.length > 0 && invalidKinds.includes('format'))
    found.push(['format', REFUSED_SAMPLES.get(as[0]?.name ?? '') ?? '***']);
  if (invalidKinds.includes('too-long') && field.schema.maxLength !== undefined)
    found.push(['too-long', 'é'.repeat(field.schema.maxLength + 1)]);
  // What an expression makes of it may be accepted.
  if (
    field.table === undefined &&
    as.length === 0 &&
    invalidKinds.includes('format') &&
    isOnlyRead(checked, field)
  )
    found.push(['format', '***']);
  // What a transform does not read never comes as far as the list.
  const isRead = !as.some(({ name }) => findTransform(name)?.canFail === true);
  if (field.table === undefined && isRead && invalidKinds.includes('not-listed'))
    found.push(['not listed', 'Utopia']);
  if (field.table === undefined && as.length === 0)
    found.push(...listNumbers(field.schema).filter(([kind]) => invalidKinds.includes(kind)));
  return found;
}

function isOnlyRead({ expressions }: CheckedModel, { values }: FieldModel): boolean {
  return values.every((value) => {
    const tree = value.kind === 'expression' ? expressions.get(value.expression)?.tree : undefined;
    return (
      tree !== undefined &&
      ['source', 'found', 'each'].some((root) => listRecordReads(tree, root)[0]?.tree === tree)
    );
  });
}

/** Numbers that break a bound; of what has several, each breaks but one where that can be. */
function listNumbers({ minimum, maximum, multipleOf, types }: Schema): [InvalidKind, number][] {
  if (!types.every((type) => type === 'number' || type === 'integer')) return [];
  const step = multipleOf ?? 1;
  const inside = Math.max(minimum ?? 0, 0) + step;
  return [
    ...(minimum === undefined ? [] : ([['too-small', minimum - step]] as [InvalidKind, number][])),
    ...(maximum === undefined ? [] : ([['too-large', maximum + step]] as [InvalidKind, number][])),
    ...(multipleOf === undefined ? [] : ([['multiple', inside + step / 4]] as [InvalidKind, number][])),
  ];
}
