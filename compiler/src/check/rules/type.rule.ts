import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import type { Schema } from '../../model/api-model.ts';
import type { CheckedExpression } from '../../model/checked-model.ts';
import type { TypeFacts } from '../../model/expression-tree.ts';
import type { FieldModel, TargetModel, TransformCall, Value } from '../../model/integration-model.ts';
import { keyAt } from '../../source/source-ref.ts';
import { coerceLiteral, isScalar, wantsText } from '../coerce-literal.ts';
import { listCustomCalls } from '../custom-calls.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { transformsOf } from '../implied-transforms.ts';
import { judgeArgument } from '../judge-argument.ts';
import { findMisfit } from '../find-misfit.ts';
import { fits } from '../measure-invalid.ts';
import { CHECKED_FORMATS } from '../satisfies-text.ts';
import { findTransform, TRANSFORMS } from '../transform-catalog.ts';
import { findElement, findRead, scopeOf } from '../value-scope.ts';
import type { ValueScope } from '../value-scope.ts';

/** Opens where what a rule gives does not fit the target's type. No policy may answer. */
export const typeGate: Gate = {
  name: 'type',
  check(context) {
    for (const { flow, targets } of context.flows)
      for (const { target } of targets) checkFields(context, { target, scope: scopeOf(flow) }, target.fields);
  },
};

interface Place {
  readonly target: TargetModel;
  readonly scope: ValueScope;
}

function checkFields(context: GateContext, place: Place, fields: readonly FieldModel[]): void {
  for (const field of fields) {
    checkField(context, place, field);
    if (field.each === undefined) continue;
    const list = context.expressions.get(field.each.list)?.tree;
    const element = list === undefined ? undefined : findElement(list, place.scope);
    checkFields(context, { ...place, scope: { ...place.scope, element } }, field.each.fields);
  }
}

function checkField(context: GateContext, { target, scope }: Place, field: FieldModel): void {
  if (field.each !== undefined) return;
  const subject = `${target.name}.${field.path.text}`;
  const report = (problem: string, at = field.origin): void => {
    const related = [{ at: field.schema.origin, message: 'the target' }];
    context.found.push(createDiagnostic('type', { field: subject, problem }, at, { related }));
  };
  if (field.values.length === 0) {
    report('the rule gives no value. Write value: =…');
    return;
  }
  const [only] = field.values;
  if (only?.kind === 'literal' && Array.isArray(only.value)) {
    const problem = judgeEmptyList(field);
    if (problem !== undefined) report(problem);
    return;
  }
  if (isComposite(field.schema)) {
    const { items } = field.schema;
    const isOfPlain = items !== undefined && !isComposite(items);
    report(
      isOfPlain
        ? 'the target is a list of plain values. Make it of another list: { each: =source.…, element: =each }; or map its elements one by one, as in …[0].'
        : 'the target is not a single value; map its parts, such as Phones[0].PhoneNumber, or make a list with each.',
      keyAt(field.origin.file, field.origin.path),
    );
    return;
  }
  if (!checkTransforms(context, field, report)) return;
  if (field.table !== undefined) {
    for (const row of field.table) {
      const value = wantsText(field.schema)
        ? (context.model.workspace.sourceText(row.origin.path) ?? row.to)
        : row.to;
      if (!matchesType(value, field.schema))
        report(
          `the table gives ${JSON.stringify(row.to)}, and ${describe(field.schema)} is wanted.`,
          row.origin,
        );
      else if (!fits(field.schema, value))
        report(
          `the target does not accept ${JSON.stringify(value)}.${hint(String(value), field.schema)}`,
          row.origin,
        );
    }
    return;
  }
  const checked = (value: Extract<Value, { readonly kind: 'expression' }>) =>
    context.expressions.get(value.expression);
  const start = context.found.length;
  if (transformsOf(field, { ...scope, checked }).length === 0)
    for (const value of field.values) checkValue(context, value, { schema: field.schema, scope }, report);
  const misfit = context.found.length > start ? undefined : findMisfit(field, { ...scope, checked });
  if (misfit !== undefined) report(misfit);
}

/** `[]`, which says that the list is sent and has no elements. */
function judgeEmptyList({ schema }: FieldModel): string | undefined {
  if (!schema.types.includes('array'))
    return `the rule gives an empty list, and ${describe(schema)} is wanted.`;
  if ((schema.minItems ?? 0) === 0) return undefined;
  return `the target wants at least ${schema.minItems} elements. Make them with each.`;
}

type Report = (problem: string, at?: FieldModel['origin']) => void;

function checkTransforms(context: GateContext, field: FieldModel, report: Report): boolean {
  const start = context.found.length;
  for (const [index, call] of field.as.entries()) {
    const facts = findTransform(call.name);
    if (facts === undefined) {
      const names = Object.keys(TRANSFORMS);
      const near = `${didYouMean(call.name, names)} There are ${names.join(', ')}.`;
      context.found.push(createDiagnostic('unknown-transform', { name: call.name, near }, call.at));
      continue;
    }
    const problem =
      judgeLiteral(call, field) ?? judgeArgument(call, facts) ?? judgeDays(call, field.as[index - 1]);
    if (problem !== undefined) report(problem, call.at);
    if (facts.needsZone && context.model.rules.zone === undefined) {
      context.found.push(
        createDiagnostic('zone-missing', { field: field.path.text }, call.at, {
          fix: 'zone: Pacific/Auckland',
        }),
      );
    }
  }
  const last = field.as.at(-1);
  const problem = last === undefined ? undefined : judgeResult(last, field);
  if (problem !== undefined) report(problem, last?.at);
  return context.found.length === start;
}

/** Nothing is made of what stands in the rules: it is sent as it is. */
function judgeLiteral({ name }: TransformCall, { values }: FieldModel): string | undefined {
  const isLiteral = values.length > 0 && values.every(({ kind }) => kind === 'literal');
  return isLiteral
    ? `"as: ${name}" beside a value that stands here already: write it as it is to be sent.`
    : undefined;
}

/** A day of the calendar has no hours to be moved by. */
function judgeDays(
  { name, argument = '' }: TransformCall,
  before: TransformCall | undefined,
): string | undefined {
  return name !== 'plus' || before?.name !== 'date' || argument.endsWith('d')
    ? undefined
    : `a date moves by whole days, and "${argument}" is none; write plus(30d), or instant before it.`;
}

/** What the last transform makes against what the target takes; a table after it is judged by its entries. */
function judgeResult(call: TransformCall, field: FieldModel): string | undefined {
  const facts = findTransform(call.name);
  if (facts === undefined || field.table !== undefined) return undefined;
  const { types, format } = field.schema;
  const number = facts.hasFraction ? 'number' : 'integer';
  const made = { string: 'string', number, boolean: 'boolean' }[facts.makes];
  const fitting =
    types.length === 0 || types.some((type) => type === made || (made === 'integer' && type === 'number'));
  const wanted = describe(field.schema);
  if (!fitting && facts.hasFraction && types.includes('integer'))
    return `"${call.name}" makes a number that may have a fraction, and ${wanted} is wanted.`;
  if (!fitting) return `"${call.name}" makes a ${facts.makes}, and ${wanted} is wanted.`;
  const maker = field.as.findLast(({ name }) => findTransform(name)?.keepsFormat !== true);
  const given = maker === undefined ? undefined : findTransform(maker.name)?.format;
  const clash =
    given !== undefined && format !== undefined && CHECKED_FORMATS.has(format) && given !== format;
  return clash ? `"${maker?.name}" makes the format ${given}, and ${format} is wanted.` : undefined;
}

function checkValue(
  context: GateContext,
  value: Value,
  { schema, scope }: { readonly schema: Schema; readonly scope: ValueScope },
  report: Report,
): void {
  if (value.kind === 'literal') {
    const given = coerceLiteral(value, schema);
    if (given === null || !isScalar(given)) return;
    if (!matchesType(given, schema))
      report(`the literal ${JSON.stringify(given)} is not ${describe(schema)}.`, value.at);
    else if (!fits(schema, given))
      report(`the target does not accept ${JSON.stringify(given)}.${hint(String(given), schema)}`, value.at);
    return;
  }
  const checked = context.expressions.get(value.expression);
  if (checked === undefined || checked.type.other === 'any') return;
  const problem = compareTypes(checked.type, schema) ?? findFraction(checked, schema, scope);
  if (problem !== undefined) report(problem, value.at);
}

/** TypeScript has one kind of number; the descriptions tell whole ones from fractions. */
function findFraction(checked: CheckedExpression, schema: Schema, scope: ValueScope): string | undefined {
  if (!checked.type.number || !schema.types.includes('integer') || schema.types.includes('number'))
    return undefined;
  if (isCustomCall(checked.tree))
    return 'your function gives a number that may have a fraction, and a whole number is wanted. Write as: integer.';
  const field = findRead(checked.tree, scope);
  if (field?.kind !== 'found' || !field.schema.types.includes('number')) return undefined;
  return 'the source gives a number that may have a fraction, and a whole number is wanted. Write as: integer.';
}

function isCustomCall(tree: CheckedExpression['tree']): boolean {
  return listCustomCalls(tree)[0]?.tree === tree;
}

function compareTypes(type: TypeFacts, schema: Schema): string | undefined {
  if (schema.types.length === 0) return undefined;
  const wanted = describe(schema);
  if (type.other !== undefined) return `the expression gives ${type.text}, and ${wanted} is wanted.`;
  const accepts = {
    string: wantsText(schema),
    number: schema.types.includes('number') || schema.types.includes('integer'),
    boolean: schema.types.includes('boolean'),
  };
  if (type.string && !accepts.string)
    return `the expression gives text, and ${wanted} is wanted.${accepts.number ? ` Write as: ${schema.types.includes('number') ? 'decimal' : 'integer'}, or Number(…).` : ''}`;
  if (type.number && !accepts.number)
    return `the expression gives a number, and ${wanted} is wanted.${accepts.string ? ' Write String(…).' : ''}`;
  if (type.boolean && !accepts.boolean)
    return `the expression gives true or false, and ${wanted} is wanted.${accepts.string ? ' Write String(…).' : ''}`;
  return undefined;
}

export function matchesType(value: unknown, schema: Schema): boolean {
  if (schema.types.length === 0) return true;
  if (typeof value === 'string') return wantsText(schema);
  if (typeof value === 'number')
    return (
      schema.types.includes('number') || (schema.types.includes('integer') && Number.isSafeInteger(value))
    );
  if (typeof value === 'boolean') return schema.types.includes('boolean');
  return value === null && schema.nullable;
}

function isComposite(schema: Schema): boolean {
  return (
    schema.properties.size > 0 ||
    schema.items !== undefined ||
    schema.types.includes('object') ||
    schema.types.includes('array')
  );
}

export function describe(schema: Schema): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.length} listed values`;
  const names: Record<string, string> = {
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    object: 'an object',
    array: 'a list',
  };
  return schema.types.map((type) => names[type] ?? type).join(' or ');
}

function hint(value: string, schema: Schema): string {
  return schema.enum === undefined ? '' : didYouMean(value, schema.enum.map(String));
}
