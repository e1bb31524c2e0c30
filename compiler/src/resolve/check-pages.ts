import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Operation, Schema } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { PagesModel } from '../model/integration-model.ts';
import { childOf, keyAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { findPageField, listPageFields } from './find-page-field.ts';
import { resolvePath } from './resolve-context.ts';
import type { ResolveContext } from './resolve-context.ts';

/** What the paging names must exist: else the service would ask for the first page again and again. */
export function checkPages(
  context: ResolveContext,
  pages: PagesModel | undefined,
  operation: Operation,
  { answer, record }: { readonly answer: Schema; readonly record: Schema | undefined },
): void {
  if (pages === undefined) return;
  const { origin, next, last, send, size } = pages;
  const where = `the answer of ${nameOperation(operation)}`;
  const field =
    next === undefined ? undefined : resolvePath(context, next.text, answer, where, childOf(origin, 'next'));
  if (field !== undefined) checkNext(context, pages, field);
  if (last !== undefined && record !== undefined) {
    const of = `a record of ${nameOperation(operation)}`;
    const named = resolvePath(context, last.text, record, of, childOf(origin, 'last'));
    if (named !== undefined) checkLast(context, pages, named);
  }
  if (send !== undefined) {
    checkName(context, send, operation, childOf(origin, 'send'));
    checkFirst(context, pages, operation);
  }
  if (size !== undefined) {
    checkName(context, size.name, operation, keyAt(origin.file, [...origin.path, 'size', size.name]));
    checkSize(context, size, operation, childOf(origin, 'size', size.name));
  }
}

/** What leads on is one value, and of an address a text: anything else would end the reading after the first page. */
function checkNext(
  context: ResolveContext,
  { kind, last, origin }: PagesModel,
  { path, schema }: { readonly path: FieldPath; readonly schema: Schema },
): void {
  const { types, properties } = schema;
  // Of what a broken reference should have led to nothing is known, and that is said where it stands.
  const isText = types.length === 0 || types.includes('string');
  const isCounted = kind === 'page' || kind === 'offset' || last !== undefined;
  const others = ['array', 'object', ...(isCounted ? [] : ['boolean'])];
  const isOne = properties.size === 0 && !types.some((type) => others.includes(type));
  if (isOne && (isText || kind !== 'next-url')) return;
  const wanted = kind === 'next-url' ? 'an address' : isCounted ? 'a word that more is to come' : 'a cursor';
  const problem = `"${path.text}" holds ${isOne ? types.join(' or ') : 'no single value'}, and ${wanted} is wanted.`;
  const related = [{ at: schema.origin, message: 'described here' }];
  context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'next'), { related }));
}

/** What names a record is one text or number. */
function checkLast(
  context: ResolveContext,
  { origin }: PagesModel,
  { path, schema }: { readonly path: FieldPath; readonly schema: Schema },
): void {
  const isName = schema.types.every((type) => type === 'string' || type === 'integer' || type === 'number');
  if (isName && schema.items === undefined && schema.properties.size === 0) return;
  const problem = `"${path.text}" is no text and no number, and cannot name the last record of a page.`;
  const related = [{ at: schema.origin, message: 'described here' }];
  context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'last'), { related }));
}

/** The first page is asked for without a cursor. */
function checkFirst(
  context: ResolveContext,
  { kind, send = '', origin }: PagesModel,
  operation: Operation,
): void {
  if (kind !== 'cursor') return;
  const name = nameOperation(operation);
  const isRequired =
    operation.parameters.some((entry) => entry.name === send && entry.required) ||
    operation.body?.schema.properties.get(send)?.required === true;
  if (!isRequired) return;
  const schema =
    operation.body?.schema.properties.has(send) === true ? operation.body.schema.name : undefined;
  const problem = `${name} requires "${send}", and the first page is asked for without it. Where the description is wrong, ${schema === undefined ? 'an overlay' : 'a fact'} says so.`;
  context.found.push(
    createDiagnostic('invalid-value', { problem }, childOf(origin, 'send'), {
      related: [{ at: operation.origin, message: 'the operation' }],
      ...(schema === undefined
        ? {}
        : { fix: `systems.${operation.system}.facts:\n  - { schema: ${schema}, optional: [${send}] }` }),
    }),
  );
}

/** A server that gives less than it was asked for would look like one that has come to the end. */
function checkSize(
  context: ResolveContext,
  { name, count }: { readonly name: string; readonly count: number },
  operation: Operation,
  at: SourceRef,
): void {
  const parameter = operation.parameters.find((entry) => entry.name === name);
  const schema = parameter?.schema ?? findPageField(operation.body?.schema, name)?.schema;
  if (schema?.maximum === undefined || count <= schema.maximum) return;
  const problem = `${nameOperation(operation)} gives at most ${schema.maximum} a page, and ${count} are asked for: a full page would look like the last one.`;
  const related = [{ at: schema.origin, message: 'described here' }];
  context.found.push(createDiagnostic('invalid-value', { problem }, at, { related }));
}

function checkName(context: ResolveContext, name: string, operation: Operation, at: SourceRef): void {
  const body = operation.body?.schema;
  const parameter = operation.parameters.find((entry) => entry.name === name);
  const schema = parameter?.schema ?? findPageField(body, name)?.schema;
  if (schema !== undefined) checkScalar(context, { name, schema }, operation, at);
  if (schema !== undefined || body?.additional !== undefined) return;
  const related = [{ at: operation.origin, message: 'the operation' }];
  const names = [
    ...operation.parameters.map((entry) => entry.name),
    ...listPageFields(body).map(({ steps }) => steps.join('.')),
  ];
  const known =
    names.length === 0 ? 'It describes none; an overlay can add one.' : `It takes ${names.join(', ')}.`;
  const near = `${didYouMean(name, names)} ${known}`;
  context.found.push(
    createDiagnostic('unknown-parameter', { name, operation: nameOperation(operation), near }, at, {
      related,
    }),
  );
}

/** A cursor is one value: sent as a whole object or list, it would not even compile in the service. */
function checkScalar(
  context: ResolveContext,
  { name, schema }: { readonly name: string; readonly schema: Schema },
  operation: Operation,
  at: SourceRef,
): void {
  if (schema.items === undefined && schema.properties.size === 0) return;
  const [inner] = schema.properties.keys();
  const hint = inner === undefined ? '' : ` A field inside it is named by its path, as "${name}.${inner}".`;
  const problem = `"${name}" of ${nameOperation(operation)} is no single value, and a page is asked for with one.${hint}`;
  context.found.push(
    createDiagnostic('invalid-value', { problem }, at, {
      related: [{ at: schema.origin, message: 'described here' }],
    }),
  );
}
