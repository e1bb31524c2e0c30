import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { listChildren } from '../model/expression-tree.ts';
import type { ExpressionTree } from '../model/expression-tree.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { Expression } from '../model/integration-model.ts';
import type { CustomInput, CustomType } from '../model/rules-input.ts';
import type { Schema } from '../model/api-model.ts';
import { findField } from '../resolve/find-field.ts';
import { listRecordReads, shiftSpan } from './list-reads.ts';
import type { TypeProblem } from './type-oracle.ts';

export type CustomFunctions = Readonly<Record<string, CustomInput>>;

/** `custom.companyName(source.company)`. */
export interface CustomCall {
  readonly name: string;
  readonly tree: ExpressionTree & { readonly kind: 'call' };
}

/** Every call of a function of the user's own, the outer ones first. */
export function listCustomCalls(tree: ExpressionTree): CustomCall[] {
  const inner = listChildren(tree).flatMap(listCustomCalls);
  if (tree.kind !== 'call' || tree.callee.kind !== 'member') return inner;
  const { object, name } = tree.callee;
  return object.kind === 'name' && object.name === 'custom' ? [{ name, tree }, ...inner] : inner;
}

/** Where a function stands, seen from the folder of the service. */
export function customFile(name: string): string {
  return `custom/${name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()}.ts`;
}

/** `string?` as TypeScript has it: `string | null | undefined`. A list is the record's own, so nobody changes it. */
export function printCustomType(type: CustomType): string {
  const base = type.replace('?', '');
  const printed = base.endsWith('[]') ? `readonly ${base}` : base;
  return type.endsWith('?') ? `${printed} | null | undefined` : printed;
}

/** `(company: string | null | undefined) => string`. */
export function printSignature({ takes, gives }: CustomInput): string {
  const parameters = Object.entries(takes).map(([name, type]) => `${name}: ${printCustomType(type)}`);
  return `(${parameters.join(', ')}) => ${printCustomType(gives)}`;
}

/** The functions as expressions see them: `custom: { readonly companyName: (…) => … }`. */
export function declareCustom(functions: CustomFunctions): string {
  const members = Object.entries(functions).map(
    ([name, declared]) => `readonly ${name}: ${printSignature(declared)}`,
  );
  return `custom: { ${members.join('; ')} }`;
}

/** Calls of functions that the rules do not declare, each with the line that would. */
export function findUndeclared(
  expression: Expression,
  tree: ExpressionTree,
  functions: CustomFunctions,
  place: { readonly record: Schema | undefined; readonly expects: 'boolean' | 'value' | 'list' },
): Diagnostic[] {
  return listCustomCalls(tree)
    .filter(({ name }) => !Object.hasOwn(functions, name))
    .map(({ name, tree: { args, callee } }) => {
      const takes = args.map((argument, index) => guessArgument(argument, index, place.record));
      const gives = place.expects === 'boolean' ? 'boolean' : 'string?';
      const line = `  ${name}: { takes: { ${takes.join(', ') || 'value: string?'} }, gives: ${gives} }`;
      return createDiagnostic(
        'custom-undeclared',
        { name, near: didYouMean(name, Object.keys(functions)) },
        shiftSpan(expression, callee.span.start, callee.span.end),
        { fix: `custom:\n${line}` },
      );
    });
}

/** "Argument of type 'x' is not assignable to parameter of type 'y'.", and "Expected 2 arguments, but got 1." */
const WRONG_ARGUMENTS = new Set([2345, 2554]);

/** What a function takes whose arguments are wrong, in the words of the rules. */
export function hintForCall(problem: TypeProblem, tree: ExpressionTree, functions: CustomFunctions): string {
  if (!WRONG_ARGUMENTS.has(problem.code)) return '';
  const { start, end } = problem.span;
  // The innermost of the calls around it.
  const call = listCustomCalls(tree).findLast(
    (entry) => entry.tree.span.start <= start && end <= entry.tree.span.end,
  );
  const declared = call === undefined ? undefined : functions[call.name];
  if (call === undefined || declared === undefined) return '';
  const takes = Object.entries(declared.takes).map(([name, type]) => `${name}: ${type}`);
  return ` By the rules custom.${call.name} takes ${takes.join(', ')}.`;
}

/** What the description says of an argument that is read of the record: `company: string?`. */
function guessArgument(argument: ExpressionTree, index: number, record: Schema | undefined): string {
  const [read] = listRecordReads(argument, 'source');
  const path = read?.tree === argument ? read.path : undefined;
  const field = path === undefined || record === undefined ? undefined : findField(record, path);
  const name = nameOf(path) ?? `value${index + 1}`;
  if (field?.kind !== 'found') return `${name}: string?`;
  const { items } = field.schema;
  const mark = field.optional || field.nullable ? '?' : '';
  // Brackets end a plain text of YAML inside braces.
  return items === undefined
    ? `${name}: ${baseOf(field.schema)}${mark}`
    : `${name}: '${baseOf(items)}[]${mark}'`;
}

function baseOf({ types: [type] }: Schema): string {
  if (type === 'integer' || type === 'number') return 'number';
  return type === 'boolean' ? 'boolean' : 'string';
}

function nameOf(path: FieldPath | undefined): string | undefined {
  const last = path?.steps.findLast((step) => step.kind === 'name');
  return last?.kind === 'name' && /^[a-z][A-Za-z0-9]*$/.test(last.name) ? last.name : undefined;
}
