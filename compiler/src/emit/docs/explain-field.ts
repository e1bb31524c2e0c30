import { formatDecision } from '../../check/format-decision.ts';
import { listCustomCalls } from '../../check/custom-calls.ts';
import { classify } from '../../check/measure-blank.ts';
import { listBroken } from '../../check/measure-invalid.ts';
import { findTransform, TRANSFORMS } from '../../check/transform-catalog.ts';
import type { CheckedField, ChosenDecision } from '../../model/checked-model.ts';
import type { Decision } from '../../model/integration-model.ts';
import type { AlertKind } from '../../model/rules-input.ts';
import type { ServicePlan } from '../../model/service-plan.ts';
import { valueAt } from '../../source/source-ref.ts';
import type { SourceRef } from '../../source/source-ref.ts';
import { listToldOf } from './describe-alerts.ts';
import { DECISION_SENTENCES } from './describe-fields.ts';

/** The value that a field's expressions give; `undefined`: none at all. */
export type GivenValue = string | null | undefined;

/** What becomes of one value of a field. */
export interface ExplainedField {
  /** `customers.contact.EmailAddress`. */
  readonly name: string;
  readonly from: string;
  /** `blank: empty`, `not accepted: too-long`; undefined where nothing is in its way. */
  readonly judged: string | undefined;
  readonly outcomes: readonly FieldOutcome[];
}

export interface FieldOutcome {
  /** What must be so; undefined where the value alone decides. */
  readonly when: string | undefined;
  readonly answer: string;
  readonly told: string | undefined;
  readonly by: string;
  readonly at: SourceRef;
}

interface NamedField {
  readonly field: CheckedField;
  readonly flow: string;
  readonly sentinels: readonly string[];
  readonly names: readonly string[];
}

/** Every field by its names: `customers.contact.EmailAddress`, and without its target. */
export function listFieldNames(plan: ServicePlan): readonly NamedField[] {
  return plan.checked.flows.flatMap(({ flow, targets }) =>
    targets.flatMap(({ target, fields }) =>
      fields.map((field) => {
        const path = field.field.path.text;
        return {
          field,
          flow: flow.name,
          sentinels: flow.sentinels,
          names: [`${flow.name}.${target.name}.${path}`, `${flow.name}.${path}`],
        };
      }),
    ),
  );
}

/** @returns one for each field of that name; several targets may have one */
export function explainField(plan: ServicePlan, name: string, value: GivenValue): ExplainedField[] {
  return listFieldNames(plan)
    .filter(({ names }) => names.includes(name))
    .map((named) => explain(plan, named, value));
}

function explain(plan: ServicePlan, named: NamedField, value: GivenValue): ExplainedField {
  const { field: checked, names } = named;
  const { field } = checked;
  const from = [
    ...(field.each === undefined ? [] : [`each of ${field.each.list.text.trim()}`]),
    ...field.values.map((one) =>
      one.kind === 'literal' ? `the literal ${one.text}` : one.expression.text.trim(),
    ),
  ].join(', else ');
  const outcomes = createOutcomes(plan, named);
  const base = { name: names[0] ?? '', from };
  const isFixed = field.values.every((one) => one.kind === 'literal') && field.each === undefined;
  if (isFixed)
    return { ...base, judged: undefined, outcomes: [outcomes.sends('sends the literal, whatever comes')] };
  const [blank] = classify(value, named);
  if (blank !== undefined)
    return { ...base, judged: `blank: ${blank}`, outcomes: [outcomes.of(checked.blank.get(blank))] };
  const given = value ?? '';
  if (checked.as.length > 0) return { ...base, judged: undefined, outcomes: transformed(checked, outcomes) };
  if (field.table !== undefined) {
    const found = field.table.find((entry) => entry.from === given);
    if (found !== undefined)
      return {
        ...base,
        judged: undefined,
        outcomes: [outcomes.sends(`sends ${JSON.stringify(found.to)}, which the table has for it`)],
      };
    return {
      ...base,
      judged: 'not in the table',
      outcomes: [outcomes.decided(field.otherwise ?? REVIEW, 'rules', 'otherwise')],
    };
  }
  const typed = readTyped(plan, checked, given);
  const [broken] = typed === undefined ? (['format'] as const) : listBroken(field.schema, [typed]);
  if (broken !== undefined)
    return {
      ...base,
      judged: `not accepted: ${broken}`,
      outcomes: [outcomes.of(checked.invalid.get(broken), 'invalid')],
    };
  return { ...base, judged: undefined, outcomes: [outcomes.sends(`sends ${JSON.stringify(typed)}`)] };
}

const REVIEW: Decision = { action: 'review' };

/** As the source would hold it: a number where the expression gives numbers. */
function readTyped(
  plan: ServicePlan,
  { field, kind }: CheckedField,
  given: string,
): string | number | boolean | undefined {
  const types = field.values.flatMap((value) =>
    value.kind === 'expression' ? (plan.checked.expressions.get(value.expression)?.type ?? []) : [],
  );
  const isNumber = types.some((type) => type.number) && given.trim() !== '' && Number.isFinite(Number(given));
  if (kind === 'number') return isNumber ? Number(given) : undefined;
  if (kind === 'boolean') return given === 'true' ? true : given === 'false' ? false : undefined;
  return given;
}

/** Nothing is run to say this: what a transform makes of a text only the service tells. */
function transformed(checked: CheckedField, outcomes: Outcomes): FieldOutcome[] {
  const { as, field, invalidKinds } = checked;
  const steps = as.map(
    ({ name, argument }) =>
      `${argument === undefined ? name : `${name}(${argument})`} (${TRANSFORMS[name]?.summary ?? ''})`,
  );
  const canFail = as.some(({ name }) => findTransform(name)?.canFail === true);
  const unread = canFail
    ? [outcomes.of(checked.invalid.get('format'), 'invalid', 'a transform cannot read it')]
    : [];
  const listed =
    field.table === undefined
      ? []
      : [
          outcomes.decided(
            field.otherwise ?? REVIEW,
            'rules',
            'otherwise',
            'what they make is not in the table',
          ),
        ];
  const refused = invalidKinds
    .filter((kind) => kind !== 'format' && field.table === undefined)
    .map((kind) =>
      outcomes.of(checked.invalid.get(kind), 'invalid', `what they make is not accepted: ${kind}`),
    );
  const made =
    field.table === undefined ? 'sends what they make' : 'sends what the table has for what they make';
  return [
    { ...outcomes.sends(`${made} of it: ${steps.join(', then ')}`), when: 'the transforms can read it' },
    ...unread,
    ...listed,
    ...refused,
  ];
}

interface Outcomes {
  of(this: void, chosen: ChosenDecision | undefined, key?: string, when?: string): FieldOutcome;
  decided(this: void, decision: Decision, from: string, key: string, when?: string): FieldOutcome;
  sends(this: void, answer: string): FieldOutcome;
}

const ALERTS: Readonly<Record<string, AlertKind>> = { review: 'review', fail: 'dead-letter' };

function createOutcomes(plan: ServicePlan, { field: { field }, flow }: NamedField): Outcomes {
  const { rules, workspace } = plan.checked.model;
  const own = field.origin;
  const decided: Outcomes['decided'] = (decision, from, key, when) => {
    const text = formatDecision(decision);
    const alert = ALERTS[text];
    const channels = alert === undefined ? [] : listToldOf(plan.alerts?.alerts, alert, flow);
    const at = { ...own, path: [...own.path, key], part: 'key' as const };
    const isPolicy = from === 'policy' && rules.policy !== undefined;
    return {
      when,
      answer: DECISION_SENTENCES[text] ?? `sends the ${text}`,
      told:
        alert === undefined
          ? undefined
          : [
              alert === 'review' ? 'the review queue' : 'the log',
              ...channels.map((name) => `alert to ${name}`),
            ].join('; '),
      by:
        from === 'rules'
          ? `"${key}" of the field`
          : isPolicy
            ? `policy "${rules.policy}"`
            : 'nobody: it cannot be so by the description, and the service asks a person should it come',
      at: from === 'rules' ? at : isPolicy ? valueAt(workspace.rulesFile, ['policy']) : own,
    };
  };
  const asked = field.values.flatMap((value) => {
    const tree =
      value.kind === 'expression' ? plan.checked.expressions.get(value.expression)?.tree : undefined;
    return tree === undefined ? [] : listCustomCalls(tree);
  });
  return {
    decided,
    of: (chosen, key = 'blank', when = undefined) =>
      decided(chosen?.decision ?? REVIEW, chosen?.from ?? 'fallback', key, when),
    sends: (answer) => ({
      when: asked.length === 0 ? undefined : 'your function gives it',
      answer,
      told: undefined,
      by: 'the mapping',
      at: own,
    }),
  };
}
