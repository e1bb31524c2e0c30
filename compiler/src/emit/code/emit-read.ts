import type { FieldPath } from '../../model/field-path.ts';
import type { PagesModel } from '../../model/integration-model.ts';
import type { FlowPlan, OperationPlan, ServicePlan } from '../../model/service-plan.ts';
import { findPageField } from '../../resolve/find-page-field.ts';
import { key, quote } from '../text/code-literals.ts';
import { printPath } from '../text/print-path.ts';
import { emitCall } from './emit-call.ts';
import { emitCallRules } from './emit-calls.ts';
import { formatNumber } from '../text/format-number.ts';

/** Where a flow reads, how its pages follow each other, and what tells that a record has changed. */
export function emitRead(plan: ServicePlan, entry: FlowPlan): string {
  const { source } = entry.flow;
  const { changes } = source;
  const record = `(source: ${entry.recordType})`;
  const field =
    changes?.field === undefined || changes.full
      ? ''
      : `field: ${record} => ${printPath('source', changes.field)},`;
  const calls =
    source.calls.length === 0 ? '' : `calls: ${emitCallRules(source.calls, plan.checked.expressions)},`;
  return `{
    system: ${quote(source.system.name)},
    everyMs: ${formatNumber(source.everyMs)},
    ${source.schedule === undefined ? '' : `at: { cron: ${quote(source.schedule.cron)}, zone: ${quote(source.schedule.zone)} },`}
    request: ${emitRequest(plan, entry)},
    records: (body: ${entry.answerType}) => ${source.records.steps.length === 0 ? 'body' : printPath('body', source.records)},
    pages: ${emitPages(source.pages, entry.answerType, source.records)},
    key: ${record} => ${printPath('source', source.key)},
    version: ${record} => ${printPath('source', source.version)},
    order: ${quote(source.order)},
    changes: { ${field} lookbackMs: ${formatNumber(changes?.lookbackMs ?? 0)}, settleMs: ${formatNumber(changes?.settleMs ?? 0)},${changes === undefined || changes.stepMs === 0 ? '' : ` stepMs: ${formatNumber(changes.stepMs)},`} first: ${quote(changes?.first ?? 'now')} },
    shape: { ${entry.shape.map(({ path, type }) => `${key(path)}: ${quote(type)}`).join(', ')} },
    ${calls}
  }`;
}

function emitRequest(plan: ServicePlan, entry: FlowPlan): string {
  const { source } = entry.flow;
  const { extra, needsPage } = listPaging(source.pages, entry.read);
  const call = emitCall(entry.read, source.input, plan.checked.expressions, { extra, body: undefined });
  const since = call.includes('since') || needsPage;
  return `(${needsPage ? 'since, page' : since ? 'since' : ''}) => ${call}`;
}

/** What paging gives a call: its parameters or body fields as code, by name. */
export function listPaging(
  pages: PagesModel | undefined,
  operation: OperationPlan,
): { readonly extra: ReadonlyMap<string, string>; readonly needsPage: boolean } {
  const cursor = pages?.kind === 'cursor' ? 'page.cursor' : 'page.number';
  const extra = new Map<string, string>();
  if (
    pages?.send !== undefined &&
    (pages.kind === 'cursor' || pages.kind === 'page' || pages.kind === 'offset')
  ) {
    const numeric = pages.kind === 'cursor' && wantsNumber(operation, pages.send);
    extra.set(pages.send, numeric ? 'page.cursor === undefined ? undefined : Number(page.cursor)' : cursor);
  }
  if (pages?.size !== undefined) extra.set(pages.size.name, String(pages.size.count));
  return { extra, needsPage: [...extra.values()].some((code) => code.includes('page.')) };
}

function wantsNumber(operation: OperationPlan, name: string): boolean {
  const parameter = operation.parameters.find((entry) => entry.name === name);
  const property = findPageField(operation.operation.body?.schema, name)?.schema;
  return (
    parameter?.type === 'number' ||
    property?.types.includes('integer') === true ||
    property?.types.includes('number') === true
  );
}

/** @param records the path of the list in the answer */
export function emitPages(
  pages: PagesModel | undefined,
  answerType: string,
  records: FieldPath | undefined,
): string {
  if (pages === undefined) return "{ kind: 'none' }";
  const next =
    pages.next === undefined ? '' : `next: (body: ${answerType}) => ${printPath('body', pages.next)},`;
  const depth = pages.depth === undefined ? '' : `depth: ${formatNumber(pages.depth)},`;
  switch (pages.kind) {
    case 'cursor':
      return `{ kind: 'cursor', ${pages.last === undefined ? next : `next: (body: ${answerType}) => ${printLast(pages, pages.last, records)},`} ${depth} }`;
    case 'next-url':
      return `{ kind: 'next-url', ${next} }`;
    case 'link':
      return "{ kind: 'link' }";
    case 'page':
    case 'offset':
      return `{ kind: ${quote(pages.kind)}, start: ${pages.start}, ${pages.size === undefined ? '' : `size: ${pages.size.count},`} until: ${quote(pages.until)}, ${pages.until === 'missing' ? next : ''} ${depth} }`;
    case 'none':
      return "{ kind: 'none' }";
  }
}

/** The next page begins behind the last record of this one, where the answer says that there is one. */
function printLast({ next }: PagesModel, last: FieldPath, records: FieldPath | undefined): string {
  const list = records === undefined || records.steps.length === 0 ? 'body' : printPath('body', records);
  const named = printPath(`${list}${list === 'body' ? '' : '?'}.at(-1)?`, last);
  return next === undefined ? named : `${printPath('body', next)} ? ${named} : undefined`;
}
