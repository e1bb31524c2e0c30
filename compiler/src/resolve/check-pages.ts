import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Operation, Schema } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import type { PagesModel } from '../model/integration-model.ts';
import { childOf, keyAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { findPageField } from './find-page-field.ts';
import { resolvePath } from './resolve-context.ts';
import type { ResolveContext } from './resolve-context.ts';

/** What the paging names must exist: else the service would ask for the first page again and again. */
export function checkPages(
  context: ResolveContext,
  pages: PagesModel | undefined,
  operation: Operation,
  answer: Schema,
): void {
  if (pages === undefined) return;
  const { origin, next, send, size } = pages;
  if (next !== undefined)
    resolvePath(
      context,
      next.text,
      answer,
      `the answer of ${nameOperation(operation)}`,
      childOf(origin, 'next'),
    );
  if (send !== undefined) checkName(context, send, operation, childOf(origin, 'send'));
  if (size !== undefined)
    checkName(context, size.name, operation, keyAt(origin.file, [...origin.path, 'size', size.name]));
}

function checkName(context: ResolveContext, name: string, operation: Operation, at: SourceRef): void {
  const body = operation.body?.schema;
  const parameter = operation.parameters.find((entry) => entry.name === name);
  const schema = parameter?.schema ?? findPageField(body, name)?.schema;
  if (schema !== undefined) checkScalar(context, { name, schema }, operation, at);
  if (schema !== undefined || body?.additional !== undefined) return;
  const related = [{ at: operation.origin, message: 'the operation' }];
  const names = [...operation.parameters.map((entry) => entry.name), ...listFields(body)];
  const known =
    names.length === 0 ? 'It describes none; an overlay can add one.' : `It takes ${names.join(', ')}.`;
  const near = `${didYouMean(name, names)} ${known}`;
  context.found.push(
    createDiagnostic('unknown-parameter', { name, operation: nameOperation(operation), near }, at, {
      related,
    }),
  );
}

/** What a page can be asked for with: fields of the body, and those of the objects in it. */
function listFields(body: Schema | undefined): string[] {
  return [...(body?.properties ?? [])].flatMap(([name, { schema }]) =>
    /pag(?:e|ing|ination)/i.test(name) && schema.properties.size > 0
      ? [...schema.properties.keys()].map((inner) => `${name}.${inner}`)
      : [name],
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
