import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Operation, Schema } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import { parseFieldPath } from '../model/field-path.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { ChangesModel, SourceModel } from '../model/integration-model.ts';
import type { ChangesInput, SourceInput } from '../model/rules-input.ts';
import { childOf } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { checkPages } from './check-pages.ts';
import { parseDurationMs, parseRate } from './parse-units.ts';
import { resolveCallInput } from './resolve-call-input.ts';
import { choosePages, findSystem, resolveCallRules, resolvePages, resolvePath } from './resolve-context.ts';
import type { ResolveContext, ResolvedSystem } from './resolve-context.ts';
import { resolveFirst } from './resolve-first.ts';
import { resolveTiming } from './resolve-timing.ts';

export function resolveSource(
  context: ResolveContext,
  input: SourceInput,
  origin: SourceRef,
): SourceModel | undefined {
  const system = findSystem(context, input.system, childOf(origin, 'system'));
  const operation = system?.operations.find(input.read, childOf(origin, 'read'));
  if (system === undefined || operation === undefined) return undefined;
  const answer = resolveAnswer(context, operation, childOf(origin, 'read'));
  if (answer === undefined) return undefined;
  const list = resolveRecords(context, operation, answer, input.records, childOf(origin, 'records'));
  const own =
    input.pages === undefined ? undefined : resolvePages(context, input.pages, childOf(origin, 'pages'));
  const pages = choosePages(system, operation, own);
  checkPages(context, pages, operation, { answer, record: list?.record });
  if (list === undefined) return undefined;
  const recordName = `a record of ${nameOperation(operation)}`;
  const at = (key: string): SourceRef => childOf(origin, key);
  const key = resolvePath(context, input.key, list.record, recordName, at('key'));
  const version = resolvePath(context, input.version, list.record, recordName, at('version'));
  const changes = resolveChanges(context, input.changes, list.record, recordName, at('changes'));
  if (key === undefined || version === undefined) return undefined;
  const calls = resolveCallRules(context, input.calls, at('calls'));
  if (pages?.depth !== undefined) {
    const problem = `Behind ${pages.depth} records reading begins again at the last value seen, which needs order: oldest-first and a field in "changes". Without them a longer list stops the flow there, each time. State them, or leave "depth" out.`;
    if (input.order !== 'oldest-first' || changes?.field === undefined || changes.full)
      context.found.push(createDiagnostic('invalid-value', { problem }, childOf(pages.origin, 'depth')));
  }
  return {
    origin,
    system: system.model,
    operation,
    input: resolveCallInput(context, operation, input.with ?? {}, at('with'), {
      filled: listPageNames(pages),
      bodyGiven: false,
      system: system.model,
    }),
    records: list.path,
    answer,
    record: list.record,
    key: key.path,
    version: version.path,
    order: input.order ?? 'none',
    changes,
    pages,
    ...resolveTiming(context, input, origin),
    volume: input.volume === undefined ? undefined : parseRate(input.volume),
    calls,
  };
}

function listPageNames(pages: SourceModel['pages']): string[] {
  return [pages?.send, pages?.size?.name].filter((name) => name !== undefined);
}

/** The schema of the operation's success: the first documented 2xx with a body. */
export function resolveAnswer(
  context: ResolveContext,
  operation: Operation,
  at: SourceRef,
): Schema | undefined {
  const schema = findAnswer(operation);
  if (schema !== undefined) return schema;
  const related = [{ at: operation.origin, message: 'the operation' }];
  const what = `${nameOperation(operation)} describes no JSON answer, and reading from it`;
  context.found.push(createDiagnostic('unsupported', { what }, at, { related }));
  return undefined;
}

export function findAnswer(operation: Operation): Schema | undefined {
  return operation.responses.find((response) => /^2/.test(response.status) && response.schema !== undefined)
    ?.schema;
}

export function resolveRecords(
  context: ResolveContext,
  operation: Operation,
  answer: Schema,
  text: string,
  at: SourceRef,
): { readonly path: FieldPath; readonly record: Schema } | undefined {
  const where = `the answer of ${nameOperation(operation)}`;
  // An answer that is the list itself has no path to it.
  if (text.trim() === '[]' && answer.items !== undefined)
    return { path: { text: '[]', steps: [] }, record: answer.items };
  const field = resolvePath(context, text, answer, where, at);
  if (field === undefined) return undefined;
  if (field.schema.items !== undefined) return { path: field.path, record: field.schema.items };
  const related = [{ at: field.schema.origin, message: 'described here' }];
  context.found.push(createDiagnostic('not-a-list', { path: text, where }, at, { related }));
  return undefined;
}

function resolveChanges(
  context: ResolveContext,
  input: ChangesInput | undefined,
  record: Schema,
  recordName: string,
  origin: SourceRef,
): ChangesModel | undefined {
  if (input === undefined) return undefined;
  const field = input.field === undefined ? undefined : parseFieldPath(input.field);
  const at = childOf(origin, 'field');
  const found =
    input.field === undefined ? undefined : resolvePath(context, input.field, record, recordName, at);
  if (found !== undefined && !canGrow(found.schema)) {
    const problem = `Reading goes on from the newest value that was seen, and "${input.field}" holds nothing that grows: name a time or a number.`;
    const related = [{ at: found.schema.origin, message: 'described here' }];
    context.found.push(createDiagnostic('invalid-value', { problem }, at, { related }));
  }
  return {
    origin,
    field,
    lookbackMs: input.lookback === undefined ? 0 : parseDurationMs(input.lookback),
    settleMs: input.settle === undefined ? 0 : parseDurationMs(input.settle),
    full: input.full === true,
    stepMs: input.exclusive === true ? parseDurationMs(input.step ?? '1s') : 0,
    first: resolveFirst(context, input.first, childOf(origin, 'first')),
  };
}

/** A time, as text or number; a text of which nothing is said may be one. */
function canGrow({ types, enum: members }: Schema): boolean {
  if (members !== undefined) return false;
  return types.length === 0 || types.some((type) => ['string', 'integer', 'number'].includes(type));
}

export function lookUpPages(system: ResolvedSystem, operation: Operation): SourceModel['pages'] {
  return choosePages(system, operation, undefined);
}
