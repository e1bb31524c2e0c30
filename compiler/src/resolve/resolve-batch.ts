import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Operation, Schema } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import { formatSteps, parseFieldPath } from '../model/field-path.ts';
import type { BatchModel } from '../model/integration-model.ts';
import type { TargetInput } from '../model/rules-input.ts';
import { childOf } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { findField } from './find-field.ts';
import { resolveExpression, resolvePath } from './resolve-context.ts';
import type { ResolveContext } from './resolve-context.ts';

/**
 * A target that sends several records in one call, as one that sends a single one: `item` and `id` with `[0]` for the
 * `[]`. The input as it is where it has no batch; undefined where its batch does not fit, which is reported.
 */
export function selectOne(
  context: ResolveContext,
  input: TargetInput,
  origin: SourceRef,
): TargetInput | undefined {
  const { batch, item, id } = input;
  const isList = item?.endsWith('[]') === true;
  if (batch === undefined) {
    if (isList)
      context.found.push(
        createDiagnostic('missing-key', { key: 'batch' }, childOf(origin, 'item'), {
          fix: `batch: { size: 100, results: …, match: index }   # or item: ${item.slice(0, -2)}[0], for a call for each record`,
        }),
      );
    return { ...input, item: isList ? `${item.slice(0, -2)}[0]` : item };
  }
  if (!isList) {
    const problem = `A batch needs the list of its records in the body: "item" ends in "[]", as in item: ${item === undefined ? 'inputs[]' : `${item.replace(/\[\d+\]$/, '')}[]`}.`;
    context.found.push(
      createDiagnostic('invalid-value', { problem }, childOf(origin, item === undefined ? 'batch' : 'item')),
    );
    return undefined;
  }
  return {
    ...input,
    item: `${item.slice(0, -2)}[0]`,
    id: selectResultId(context, id, batch.results, origin),
  };
}

/** `results[].id`, as the id of the first result. */
function selectResultId(
  context: ResolveContext,
  id: string | undefined,
  results: string,
  origin: SourceRef,
): string | undefined {
  if (id === undefined) return undefined;
  const path = parseFieldPath(id);
  const list = parseFieldPath(results);
  const length = list?.steps.length ?? 0;
  const isBelow =
    path !== undefined &&
    list !== undefined &&
    formatSteps(path.steps.slice(0, length)) === formatSteps(list.steps) &&
    path.steps[length]?.kind === 'each' &&
    path.steps.length > length + 1;
  if (isBelow)
    return formatSteps(path.steps.map((step, at) => (at === length ? { kind: 'index', index: 0 } : step)));
  const problem = `The id of a record in a batch stands in its result: "id" begins with "${results}[].".`;
  context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'id')));
  return undefined;
}

/** A call with more than the description allows would be refused each time. */
function checkMost(
  context: ResolveContext,
  { item, batch }: TargetInput,
  operation: Operation,
  at: SourceRef,
): void {
  const path = parseFieldPath(item?.replace(/\[(?:0?)\]$/, '') ?? '');
  const body = operation.body?.schema;
  const place = path === undefined || body === undefined ? undefined : findField(body, path);
  const list = place?.kind === 'found' ? place.schema : body;
  const most = list?.maxItems;
  if (batch === undefined || most === undefined || batch.size <= most) return;
  const problem = `"size" is ${batch.size}, and ${nameOperation(operation)} takes at most ${most} in one call.`;
  const related = list === undefined ? [] : [{ at: list.origin, message: 'described here' }];
  context.found.push(createDiagnostic('invalid-value', { problem }, at, { related, fix: `size: ${most}` }));
}

/** Where each record's result stands, and how it is told from the others. */
export function resolveBatch(
  context: ResolveContext,
  input: TargetInput,
  {
    operation,
    item,
    answer,
  }: { readonly operation: Operation; readonly item: Schema; readonly answer: Schema | undefined },
  origin: SourceRef,
): BatchModel | undefined {
  const { batch } = input;
  if (batch === undefined) return undefined;
  const at = (...keys: readonly string[]): SourceRef => childOf(origin, 'batch', ...keys);
  const where = `the answer of ${nameOperation(operation)}`;
  if (answer === undefined) {
    context.found.push(
      createDiagnostic(
        'unsupported',
        { what: `A batch whose answer is not described (${nameOperation(operation)})` },
        at(),
      ),
    );
    return undefined;
  }
  const results = resolvePath(context, batch.results, answer, where, at('results'));
  if (results === undefined) return undefined;
  const result = results.schema.items;
  if (result === undefined) {
    context.found.push(createDiagnostic('not-a-list', { path: batch.results, where }, at('results')));
    return undefined;
  }
  checkMost(context, input, operation, at('size'));
  const { match } = batch;
  const paths =
    match === 'index'
      ? undefined
      : {
          item: resolvePath(context, match.item, item, 'the record as it is sent', at('match', 'item'))?.path,
          result: resolvePath(context, match.result, result, `a result in ${where}`, at('match', 'result'))
            ?.path,
        };
  return {
    origin: at(),
    size: batch.size,
    results: results.path,
    result,
    match:
      paths?.item === undefined || paths.result === undefined
        ? undefined
        : { item: paths.item, result: paths.result },
    error: batch.error === undefined ? undefined : resolveExpression(batch.error, at('error')),
  };
}
