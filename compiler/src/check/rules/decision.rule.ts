import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { wantsText } from '../../model/api-model.ts';
import { listFields } from '../../model/integration-model.ts';
import { standsInList } from '../../model/field-path.ts';
import type { FieldModel, FlowModel } from '../../model/integration-model.ts';
import type { EmptyList, Scalar } from '../../model/rules-input.ts';
import { childOf } from '../../source/source-ref.ts';
import { isScalar } from '../coerce-literal.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { listDecisions } from '../list-decisions.ts';
import type { WrittenDecision } from '../list-decisions.ts';
import { classify } from '../measure-blank.ts';
import { fits } from '../measure-invalid.ts';
import { describe, matchesType } from './type.rule.ts';

/** Finds decisions that could not be carried out: the record would be refused, or sent broken. */
export const decisionGate: Gate = {
  name: 'type',
  check(context) {
    for (const { flow, target } of context.flows.flatMap(({ targets }) => targets)) {
      for (const field of listFields(target.fields)) {
        const subject = `${target.name}.${field.path.text}`;
        reportBlankFallbacks(context, field, flow);
        for (const written of listDecisions(field)) {
          const { decision, at } = written;
          if ('action' in decision) {
            const problem = judgeAction(decision.action, written, field, subject);
            if (problem !== undefined) context.found.push(createDiagnostic('invalid-value', { problem }, at));
            continue;
          }
          const problem = judgeDefault(decision.default, field, flow);
          const related = [{ at: field.schema.origin, message: 'the target' }];
          if (problem !== undefined)
            context.found.push(
              createDiagnostic('type', { field: subject, problem }, childOf(at, 'default'), { related }),
            );
        }
      }
    }
  },
};

/** What a list without elements may come to. */
const LIST_ACTIONS: ReadonlySet<string> = new Set(['review', 'fail', 'skip', 'omit']);

function judgeListDefault(value: Scalar | EmptyList, { schema }: FieldModel): string | undefined {
  if (isScalar(value)) return `the default ${JSON.stringify(value)} is no list. Write { default: [] }.`;
  if ((schema.minItems ?? 0) === 0) return undefined;
  return `the target wants at least ${schema.minItems} elements.`;
}

function judgeAction(
  action: string,
  written: WrittenDecision,
  field: FieldModel,
  subject: string,
): string | undefined {
  const { schema } = field;
  if (action === 'drop' && !standsInList(field.path)) {
    return `"drop" leaves out an element of a list, and ${subject} stands in none. Write omit.`;
  }
  if (field.each !== undefined && !LIST_ACTIONS.has(action))
    return `"${action}" is no decision about a list. Write review, fail, skip${field.required ? '' : ', omit'} or { default: [] }, which sends it empty.`;
  if (action === 'omit' && field.required) {
    return `"omit" would send the object without ${subject}, which is required. Write review, fail, skip or { default: ${field.each === undefined ? '…' : '[]'} }.`;
  }
  if (action === 'clear' && !schema.nullable)
    return `"clear" sends null, and ${subject} does not take null. Write omit, or state it in a fact: nullable.`;
  if (action === 'round') return judgeRound(written, schema, subject);
  if (action !== 'truncate') return undefined;
  if (!wantsText(schema) || schema.enum !== undefined)
    return `"truncate" cuts text, and ${subject} takes ${describe(schema)}.`;
  if (schema.maxLength === undefined)
    return `"truncate" cuts to the longest length that is accepted, and ${subject} has none.`;
  if (written.kind !== undefined && written.kind !== 'too-long')
    return `"truncate" helps only where a text is too-long, not where it is ${written.kind}.`;
  return undefined;
}

function judgeRound(
  { kind }: WrittenDecision,
  schema: FieldModel['schema'],
  subject: string,
): string | undefined {
  if (schema.multipleOf === undefined)
    return `"round" makes the nearest multiple that the description names (multipleOf), and ${subject} has none.`;
  return kind === undefined || kind === 'multiple'
    ? undefined
    : `"round" helps only where a number is no multiple, not where it is ${kind}.`;
}

/** Of several values the first that is not blank is taken, so a literal that is blank is never sent. */
function reportBlankFallbacks({ found }: GateContext, { values }: FieldModel, flow: FlowModel): void {
  if (values.length < 2) return;
  for (const value of values) {
    const [kind] = value.kind === 'literal' ? classify(value.text, flow) : [];
    if (value.kind !== 'literal' || kind === undefined || value.value === null) continue;
    const problem = `${JSON.stringify(value.text)} is blank itself (${kind}), so it is never sent. Take it out, and write what to send instead as a decision.`;
    const fix = `blank: { default: ${JSON.stringify(value.text)} }`;
    found.push(createDiagnostic('invalid-value', { problem }, value.at, { fix }));
  }
}

function judgeDefault(value: Scalar | EmptyList, field: FieldModel, flow: FlowModel): string | undefined {
  const { schema } = field;
  if (field.each !== undefined) return judgeListDefault(value, field);
  if (!isScalar(value))
    return schema.types.includes('array')
      ? 'a list that is empty by default is made with each: { each: =source.…, blank: { default: [] }, … }.'
      : `the default is a list, and ${describe(schema)} is wanted.`;
  if (!matchesType(value, schema)) return `the default ${JSON.stringify(value)} is not ${describe(schema)}.`;
  if (field.required && classify(value, flow).size > 0)
    return `the default ${JSON.stringify(value)} is blank itself, and the field is required.`;
  return value === null || fits(schema, value)
    ? undefined
    : `the target does not accept the default ${JSON.stringify(value)}.`;
}
