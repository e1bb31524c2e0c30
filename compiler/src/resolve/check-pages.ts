import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Operation, Schema } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import type { PagesModel } from '../model/integration-model.ts';
import { childOf, keyAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
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
  const names = [
    ...operation.parameters.map((parameter) => parameter.name),
    ...(body?.properties.keys() ?? []),
  ];
  if (names.includes(name) || body?.additional !== undefined) {
    checkScalar(context, name, operation, at);
    return;
  }
  const related = [{ at: operation.origin, message: 'the operation' }];
  const [first = name] = name.split('.');
  if (first !== name && body?.properties.has(first) === true) {
    const what = `A cursor in the nested body field "${name}" (top-level body fields and parameters are handled)`;
    context.found.push(createDiagnostic('unsupported', { what }, at, { related }));
    return;
  }
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
function checkScalar(context: ResolveContext, name: string, operation: Operation, at: SourceRef): void {
  const parameter = operation.parameters.find((entry) => entry.name === name);
  const schema = parameter?.schema ?? operation.body?.schema.properties.get(name)?.schema;
  if (schema === undefined || (schema.items === undefined && schema.properties.size === 0)) return;
  const problem = `"${name}" of ${nameOperation(operation)} is no single value, and a page is asked for with one.`;
  context.found.push(
    createDiagnostic('invalid-value', { problem }, at, {
      related: [{ at: schema.origin, message: 'described here' }],
    }),
  );
}
