import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { didYouMean, suggest } from '../../diagnostics/suggest.ts';
import type { Operation, Schema } from '../../model/api-model.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { CallInput, Data } from '../../model/integration-model.ts';
import { keyAt } from '../../source/source-ref.ts';
import { coerceLiteral } from '../coerce-literal.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { fits } from '../measure-invalid.ts';
import { describe, matchesType } from './type.rule.ts';

/** What `with` gives fits what the operation takes: names, types and listed values. Part of the gate `type`. */
export const callDataGate: Gate = {
  name: 'type',
  check(context) {
    for (const { flow } of context.flows) {
      checkInput(context, flow.source.operation, flow.source.input);
      checkInput(context, flow.target.operation, flow.target.input);
      for (const once of flow.target.once) if (once.kind === 'look-up') checkInput(context, once.operation, once.input);
    }
  },
};

function checkInput(context: GateContext, operation: Operation, input: CallInput): void {
  for (const { parameter, value } of input.parameters) checkData(context, operation, parameter.name, parameter.schema, value);
  for (const field of input.body) checkData(context, operation, field.name, field.schema, field.value);
}

function checkData(context: GateContext, operation: Operation, name: string, schema: Schema, data: Data): void {
  const report = (problem: string): void => {
    const related = [{ at: schema.origin, message: 'what it takes' }];
    context.found.push(createDiagnostic('type', { field: `${nameOperation(operation)}, ${name}`, problem }, data.at, { related }));
  };
  if (data.kind === 'literal') {
    const value = coerceLiteral(data, schema);
    if (!matchesType(value, schema)) report(`the literal ${JSON.stringify(value)} is not ${describe(schema)}.`);
    else if (!fits(schema, value)) report(`${JSON.stringify(value)} is not accepted.${didYouMean(String(value), (schema.enum ?? []).map(String))}`);
    return;
  }
  if (data.kind === 'expression') {
    const type = context.expressions.get(data.expression)?.type;
    if (type === undefined || type.other === 'any' || schema.types.length === 0) return;
    if (type.undefined || type.null) report(`the expression can be blank (${type.text}), and a call has no place for that.`);
    else if (type.other !== undefined && !schema.types.some((entry) => entry === 'array' || entry === 'object')) report(`the expression gives ${type.text}, and ${describe(schema)} is wanted.`);
    else if (type.number && !schema.types.includes('number') && !schema.types.includes('integer')) report('the expression gives a number. Write String(…).');
    else if (type.string && !schema.types.includes('string')) report(`the expression gives text, and ${describe(schema)} is wanted.`);
    return;
  }
  if (data.kind === 'list') {
    if (schema.items === undefined) report(`a list is given, and ${describe(schema)} is wanted.`);
    else for (const item of data.items) checkData(context, operation, name, schema.items, item);
    return;
  }
  if (schema.types.length > 0 && !schema.types.includes('object')) {
    report(`a map is given, and ${describe(schema)} is wanted.`);
    return;
  }
  const misspelt = data.entries.filter(([key]) => !schema.properties.has(key)).map(([key]) => suggest(key, schema.properties.keys()));
  for (const [key, property] of schema.properties) {
    if (!property.required || property.schema.readOnly || data.entries.some(([given]) => given === key) || misspelt.includes(key)) continue;
    const related = [{ at: schema.origin, message: 'required here' }];
    context.found.push(createDiagnostic('missing-parameter', { name: `${name}.${key}`, operation: nameOperation(operation) }, data.at, { related, fix: `${key}: …` }));
  }
  for (const [key, value] of data.entries) {
    const property = schema.properties.get(key);
    const member = property?.schema ?? schema.additional;
    if (member !== undefined) checkData(context, operation, `${name}.${key}`, member, value);
    else if (schema.properties.size > 0) {
      const at = keyAt(value.at.file, value.at.path);
      const near = didYouMean(key, schema.properties.keys());
      context.found.push(createDiagnostic('unknown-field', { path: key, where: `"${name}" of ${nameOperation(operation)}`, near }, at));
    }
  }
}
