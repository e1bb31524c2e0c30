import { measureValue } from '../../check/measure-blank.ts';
import { scopeOf } from '../../check/value-scope.ts';
import { collectInput } from '../../check/collect-expressions.ts';
import type { Expression, FindModel } from '../../model/integration-model.ts';
import type { FindPlan, FlowPlan, ServicePlan } from '../../model/service-plan.ts';
import { mentions } from '../../model/expression-tree.ts';
import { formatPath } from '../../source/source-ref.ts';
import { key, quote } from '../text/code-literals.ts';
import { formatNumber } from '../text/format-number.ts';
import { printCheckedValue } from '../text/print-data.ts';
import { printPath } from '../text/print-path.ts';
import { emitCall } from './emit-call.ts';
import { emitCallRules } from './emit-calls.ts';
import { emitPages, listPaging } from './emit-read.ts';

/** One look-up: what is asked for, and what becomes of a record for which nothing, or too much, is found. */
export function emitFind(plan: ServicePlan, flow: FlowPlan, entry: FindPlan): string {
  const { find, answerType } = entry;
  const { policy } = plan.checked.model;
  const parts = [
    `name: ${quote(find.name)}`,
    `system: ${quote(find.system.name)}`,
    ...(find.target === undefined ? [] : [`target: ${quote(find.target)}`]),
    `take: ${quote(find.take)}`,
    `request: ${emitRequest(plan, flow, entry)}`,
    `records: (body: ${answerType}) => ${printRecords(find)}`,
    `pages: ${emitPages(find.pages, answerType, find.records)}`,
    `none: ${quote(find.none ?? policy?.none ?? 'review')}`,
    `many: ${quote(find.many ?? policy?.many ?? 'review')}`,
    ...(find.cacheMs === undefined ? [] : [`cacheMs: ${formatNumber(find.cacheMs)}`]),
    `shape: { ${entry.shape.map(({ path, type }) => `${key(path)}: ${quote(type)}`).join(', ')} }`,
    ...(find.calls.length === 0 ? [] : [`calls: ${emitCallRules(find.calls, plan.checked.expressions)}`]),
    `rule: ${quote(formatPath(find.origin.path))}`,
  ];
  return `{ ${parts.join(', ')} }`;
}

function printRecords({ records }: FindModel): string {
  if (records === undefined) return 'oneObject(body)';
  return records.steps.length === 0 ? 'body' : printPath('body', records);
}

function emitRequest(plan: ServicePlan, flow: FlowPlan, { find, operation }: FindPlan): string {
  const { expressions } = plan.checked;
  const { extra, needsPage } = listPaging(find.pages, operation);
  const print = (expression: Expression): string => {
    const code = printCheckedValue(expression, expressions);
    const possible = measureValue(
      { kind: 'expression', expression, at: expression.at },
      { ...scopeOf(flow.flow), checked: (value) => expressions.get(value.expression), filled: ALWAYS_FILLED },
    );
    const type = expressions.get(expression)?.type;
    // A text made of parts is one only where none of them is blank.
    const isMade = expressions.get(expression)?.tree.kind === 'template';
    return possible.size === 0 && type?.other === undefined && !isMade ? code : `filled(${code})`;
  };
  const call = emitCall(operation, find.input, expressions, { extra, body: undefined, print });
  const trees = collectInput(find.input).flatMap((expression) => expressions.get(expression)?.tree ?? []);
  const scope = ['now', 'ids', 'found'].filter((name) => trees.some((tree) => mentions(tree, name)));
  const usesSource = trees.some((tree) => mentions(tree, 'source'));
  const parameters = [
    ...(usesSource || scope.length > 0 || needsPage
      ? [`${usesSource ? 'source' : '_source'}: ${flow.recordType}`]
      : []),
    ...(scope.length > 0
      ? [`{ ${scope.join(', ')} }: Scope<${flow.foundType ?? 'unknown'}>`]
      : needsPage
        ? ['_scope']
        : []),
    ...(needsPage ? ['page'] : []),
  ];
  return `(${parameters.join(', ')}) => ${call}`;
}

const ALWAYS_FILLED: ReadonlySet<string> = new Set(['config', 'now']);
