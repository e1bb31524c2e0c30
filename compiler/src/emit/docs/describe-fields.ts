import type { Schema } from '../../model/api-model.ts';
import { formatDecision } from '../../check/format-decision.ts';
import { TRANSFORMS } from '../../check/transform-catalog.ts';
import { listCustomCalls } from '../../check/custom-calls.ts';
import type { CheckedField, CheckedModel, ChosenDecision } from '../../model/checked-model.ts';
import { describeSchema } from './describe-source.ts';
import type { SourceColumns } from './describe-source.ts';

export interface FieldRow extends SourceColumns {
  readonly to: string;
  readonly required: boolean;
  readonly type: string;
  readonly from: string;
  readonly transform: string;
  readonly blank: string;
  readonly invalid: string;
  readonly because: string;
}

export interface FieldAnswer {
  readonly field: string;
  readonly when: string;
  readonly answer: string;
  readonly by: string;
  readonly action: string;
  /** The kind of blank or of what is not accepted, as samples are named by it. */
  readonly kind: string;
}

/** A row of the mapping table. @param source what the field is made of */
export function describeField(checked: CheckedField, source: SourceColumns): FieldRow {
  const { field } = checked;
  return {
    to: field.path.text,
    required: field.required,
    type: describeSchema(field.schema),
    ...source,
    from: [
      ...(field.each === undefined ? [] : [`each of ${field.each.list.text.trim()}`]),
      ...field.values.map((value) =>
        value.kind === 'literal' ? `the literal ${value.text}` : value.expression.text.trim(),
      ),
    ].join(', else '),
    transform: describeTransform(checked),
    blank: summarise(checked.blank, checked.blankKinds) || 'cannot be',
    invalid:
      [
        summarise(checked.invalid, checked.invalidKinds),
        field.each === undefined ? '' : describeCount(field.schema),
        field.otherwise === undefined ? '' : `not in the table: ${formatDecision(field.otherwise)}`,
      ]
        .filter(Boolean)
        .join('; ') || 'cannot be',
    because: field.because ?? '',
  };
}

/** No rule speaks of the number of elements, so a person does. */
function describeCount({ minItems = 0, maxItems }: Schema): string {
  const bounds = [
    ...(minItems > 1 ? [`fewer than ${minItems}`] : []),
    ...(maxItems === undefined ? [] : [`more than ${maxItems}`]),
  ];
  return bounds.length === 0 ? '' : `${bounds.join(' or ')} elements: review`;
}

function describeTransform({ field, as }: CheckedField): string {
  const steps = as.map(
    (call) =>
      `${call.argument === undefined ? call.name : `${call.name}(${call.argument})`}: ${TRANSFORMS[call.name]?.summary ?? ''}`,
  );
  if (field.table !== undefined)
    steps.push(field.table.map((row) => `${row.from} → ${String(row.to)}`).join(', '));
  return steps.join('; ');
}

function summarise(decisions: ReadonlyMap<string, ChosenDecision>, kinds: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const kind of kinds) {
    const chosen = decisions.get(kind);
    const text = chosen === undefined ? 'review' : formatDecision(chosen.decision);
    groups.set(text, [...(groups.get(text) ?? []), kind]);
  }
  return [...groups]
    .map(([text, members]) => (groups.size === 1 ? text : `${members.join(', ')}: ${text}`))
    .join('; ');
}

export const DECISION_SENTENCES: Readonly<Record<string, string>> = {
  review: 'parks the record for a person',
  fail: 'makes the record a dead letter',
  skip: 'leaves the record out, counted',
  omit: 'leaves the field out',
  drop: 'leaves the list element out',
  clear: 'sends null',
  truncate: 'cuts the text to what the target accepts',
  round: 'rounds the number to the nearest multiple that the target accepts',
  keep: 'sends it as it is',
};

/** One row for each hand-written function that the field asks: no rule says otherwise what happens where it throws. */
export function answerCustom(
  { expressions }: CheckedModel,
  { field }: CheckedField,
  name: string,
): FieldAnswer[] {
  const asked = [
    ...field.values.flatMap((value) => (value.kind === 'expression' ? [value.expression] : [])),
    ...(field.each === undefined ? [] : [field.each.list]),
  ].flatMap((expression) => listCustomCalls(expressions.get(expression)?.tree ?? NONE));
  return [...new Set(asked.map((call) => call.name))].map((called) => ({
    field: name,
    when: `custom.${called} throws`,
    answer: DECISION_SENTENCES['review'] ?? '',
    action: 'review',
    kind: `custom.${called}`,
    by: 'fallback',
  }));
}

const NONE = { kind: 'literal', value: null, span: { start: 0, end: 0 } } as const;

/** One row for each way that a field can be blank or refused. */
export function answerField(checked: CheckedField, name: string): FieldAnswer[] {
  const of = (kind: string, chosen: ChosenDecision | undefined, prefix: string): FieldAnswer => {
    const text = chosen === undefined ? 'review' : formatDecision(chosen.decision);
    return {
      field: name,
      when: `${prefix}${kind}`,
      answer: DECISION_SENTENCES[text] ?? `sends the ${text}`,
      action: text,
      kind: `${prefix === 'blank: ' ? 'blank.' : prefix === '' ? '' : 'invalid.'}${kind === 'not in the table' ? 'not-listed' : kind}`,
      by: chosen?.from ?? 'fallback',
    };
  };
  const { otherwise } = checked.field;
  return [
    ...checked.blankKinds.map((kind) => of(kind, checked.blank.get(kind), 'blank: ')),
    ...checked.invalidKinds.map((kind) => of(kind, checked.invalid.get(kind), 'not accepted: ')),
    ...(otherwise === undefined ? [] : [of('not in the table', { decision: otherwise, from: 'rules' }, '')]),
  ];
}
