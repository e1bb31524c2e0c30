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
  if (names.includes(name) || body?.additional !== undefined) return;
  const related = [{ at: operation.origin, message: 'the operation' }];
  context.found.push(
    createDiagnostic(
      'unknown-parameter',
      { name, operation: nameOperation(operation), near: didYouMean(name, names) },
      at,
      { related },
    ),
  );
}
