import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { didYouMean, suggest } from '../../diagnostics/suggest.ts';
import type { Operation, Schema } from '../../model/api-model.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { TypeFacts } from '../../model/expression-tree.ts';
import type { CallInput, Data } from '../../model/integration-model.ts';
import { keyAt } from '../../source/source-ref.ts';
import { coerceLiteral, isScalar } from '../coerce-literal.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { listRecordReads } from '../list-reads.ts';
import { fits } from '../measure-invalid.ts';
import { describe, matchesType } from './type.rule.ts';

/** What `with` gives fits what the operation takes: names, types and listed values. Part of the gate `type`. */
export const callDataGate: Gate = {
  name: 'type',
  check(context) {
    for (const { flow } of context.flows) {
      checkInput(context, flow.source.operation, flow.source.input);
      // A look-up for which something is blank is not made.
      for (const find of flow.find) checkInput(context, find.operation, find.input, 'all');
      for (const target of flow.targets) {
        checkInput(context, target.operation, target.input, 'path');
        for (const once of target.once)
          if (once.kind === 'look-up') checkInput(context, once.operation, once.input);
      }
    }
  },
};

/** @param blank what may be blank: everything, or what the path holds, of which the gate `blank` speaks */
function checkInput(
  context: GateContext,
  operation: Operation,
  input: CallInput,
  blank?: 'all' | 'path',
): void {
  for (const { parameter, value } of input.parameters) {
    if (parameter.in === 'path' && isOwnId(context, value)) continue;
    const mayBeBlank = blank === 'all' || (blank === 'path' && parameter.in === 'path');
    checkData(context, { operation, name: parameter.name, mayBeBlank }, parameter.schema, value);
  }
  for (const field of input.body)
    checkData(
      context,
      { operation, name: field.name, mayBeBlank: blank === 'all' },
      field.schema,
      field.value,
    );
}

/** What an answer called the object, `ids.invoice`, goes into a path as it came, whatever the description says that it is. */
function isOwnId({ expressions }: GateContext, data: Data): boolean {
  const tree = data.kind === 'expression' ? expressions.get(data.expression)?.tree : undefined;
  return tree !== undefined && listRecordReads(tree, 'ids')[0]?.tree === tree;
}

interface Place {
  readonly operation: Operation;
  /** The parameter or body field, with what leads below it: `filters.operator`. */
  readonly name: string;
  readonly mayBeBlank: boolean;
}

function checkData(context: GateContext, place: Place, schema: Schema, data: Data): void {
  const forms = [...listForms(schema)];
  if (forms.length > 0) {
    context.found.push(...findFitting(context, place, forms, data));
    return;
  }
  const problem = findProblem(context, place, schema, data);
  if (problem !== undefined) {
    const field = `${nameOperation(place.operation)}, ${place.name}`;
    const related = [{ at: schema.origin, message: 'what it takes' }];
    context.found.push(createDiagnostic('type', { field, problem }, data.at, { related }));
    return;
  }
  if (data.kind === 'list' && schema.items !== undefined) {
    for (const item of data.items) checkData(context, place, schema.items, item);
  }
  if (data.kind === 'map') checkMembers(context, place, schema, data);
}

/** The branches of a schema that says nothing itself: one of them is enough. */
function listForms(schema: Schema, seen = new Set<Schema>()): ReadonlySet<Schema> {
  const { variants, properties, items, types } = schema;
  const saysMore = properties.size > 0 || items !== undefined || schema.enum !== undefined;
  if (variants.length === 0 || saysMore || types.some((type) => type !== 'object')) return new Set();
  const forms = new Set<Schema>();
  seen.add(schema);
  for (const variant of variants.filter((one) => !seen.has(one))) {
    const below = listForms(variant, seen);
    for (const form of below.size > 0 ? below : [variant]) forms.add(form);
  }
  return forms;
}

/** What is wrong by the form that fits best; nothing where one fits. */
function findFitting(
  context: GateContext,
  place: Place,
  forms: readonly Schema[],
  data: Data,
): readonly Diagnostic[] {
  const tries = forms.map((form): readonly Diagnostic[] => {
    const found: Diagnostic[] = [];
    checkData({ ...context, found }, place, form, data);
    return found;
  });
  // What is of another kind as a whole fits worse than a map of which several fields are wrong.
  const countOf = (found: readonly Diagnostic[]): number =>
    found.length + (found.some(({ at }) => at === data.at) ? MANY : 0);
  return tries.toSorted((left, right) => countOf(left) - countOf(right))[0] ?? [];
}

const MANY = 1000;

function findProblem(
  context: GateContext,
  { mayBeBlank }: Place,
  schema: Schema,
  data: Data,
): string | undefined {
  switch (data.kind) {
    case 'literal': {
      const value = coerceLiteral(data, schema);
      if (!matchesType(value, schema))
        return `the literal ${JSON.stringify(value)} is not ${describe(schema)}.`;
      if (!isScalar(value) || fits(schema, value)) return undefined;
      return `${JSON.stringify(value)} is not accepted.${didYouMean(String(value), (schema.enum ?? []).map(String))}`;
    }
    case 'expression':
      return judgeType(context.expressions.get(data.expression)?.type, schema, mayBeBlank);
    case 'list':
      if (schema.items !== undefined || schema.types.length === 0) return undefined;
      return `a list is given, and ${describe(schema)} is wanted.`;
    case 'map':
      if (schema.types.length === 0 || schema.types.includes('object')) return undefined;
      return `a map is given, and ${describe(schema)} is wanted.`;
  }
}

function judgeType(type: TypeFacts | undefined, schema: Schema, mayBeBlank: boolean): string | undefined {
  const { types } = schema;
  if (type === undefined || type.other === 'any' || types.length === 0) return undefined;
  const accepts = (...wanted: readonly string[]): boolean => types.some((entry) => wanted.includes(entry));
  if (!mayBeBlank && (type.undefined || type.null)) {
    return `the expression can be blank (${type.text}), and a call has no place for that.`;
  }
  if (type.other !== undefined && !accepts('array', 'object')) {
    return `the expression gives ${type.text}, and ${describe(schema)} is wanted.`;
  }
  if (type.number && !accepts('number', 'integer'))
    return accepts('string')
      ? 'the expression gives a number. Write String(…).'
      : `the expression gives a number, and ${describe(schema)} is wanted.`;
  if (type.string && !accepts('string'))
    return `the expression gives text, and ${describe(schema)} is wanted.${accepts('array') ? ' For a list of one, write it in brackets: ["=…"].' : ''}`;
  return undefined;
}

function checkMembers(
  context: GateContext,
  place: Place,
  schema: Schema,
  data: Data & { readonly kind: 'map' },
): void {
  const operation = nameOperation(place.operation);
  const given = new Set(data.entries.map(([key]) => key));
  for (const [key, value] of data.entries) {
    const member = schema.properties.get(key)?.schema ?? schema.additional;
    if (member !== undefined) checkData(context, { ...place, name: `${place.name}.${key}` }, member, value);
    else if (schema.properties.size > 0) {
      // What is misspelt is not missing as well.
      given.add(suggest(key, schema.properties.keys()) ?? key);
      const near = didYouMean(key, schema.properties.keys());
      const where = `"${place.name}" of ${operation}`;
      context.found.push(
        createDiagnostic('unknown-field', { path: key, where, near }, keyAt(value.at.file, value.at.path)),
      );
    }
  }
  for (const [key, property] of schema.properties) {
    if (!property.required || property.schema.readOnly || given.has(key)) continue;
    const extras = { related: [{ at: schema.origin, message: 'required here' }], fix: `${key}: …` };
    context.found.push(
      createDiagnostic('missing-parameter', { name: `${place.name}.${key}`, operation }, data.at, extras),
    );
  }
}
