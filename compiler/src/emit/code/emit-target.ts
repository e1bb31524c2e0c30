import { listCompared } from '../../check/compared-fields.ts';
import { collectInput, describeFilled } from '../../check/collect-expressions.ts';
import { listRecordReads } from '../../check/list-reads.ts';
import type { Expression, TargetModel } from '../../model/integration-model.ts';
import type { FlowPlan, ServicePlan, TargetPlan } from '../../model/service-plan.ts';
import { formatSteps } from '../../model/field-path.ts';
import type { FieldStep } from '../../model/field-path.ts';
import { mentions } from '../../model/expression-tree.ts';
import { isPostedAnew } from '../../check/rules/changed-write.rule.ts';
import { measurePathValue } from '../../check/rules/path-blank.rule.ts';
import { key, quote } from '../text/code-literals.ts';
import { printChecked, printCheckedValue } from '../text/print-data.ts';
import { printPath } from '../text/print-path.ts';
import { emitCall } from './emit-call.ts';
import { emitCallRules } from './emit-calls.ts';
import { emitPages, listPaging } from './emit-read.ts';
import { formatNumber } from '../text/format-number.ts';

/** What a flow writes, and what makes a repeat of it harmless. */
export function emitTarget(plan: ServicePlan, flow: FlowPlan, entry: TargetPlan): string {
  const { target } = entry.checked;
  const expressions = plan.checked.expressions;
  const keyed = target.once.find((once) => once.kind === 'key');
  const answer = entry.writeAnswerType;
  const parts = [
    `name: ${quote(target.name)}`,
    `system: ${quote(target.system.name)}`,
    `mode: ${quote(target.mode)}`,
    `tier: ${entry.checked.tier}`,
    `map: ${emitMap(flow, entry)}`,
    `request: ${emitWrite(plan, flow, entry)}`,
    ...(keyed === undefined
      ? []
      : [`key: { header: ${quote(keyed.header)}, lastsMs: ${formatNumber(keyed.lastsMs)} }`]),
    ...emitLookUp(plan, entry),
    ...(isPostedAnew(target) && flow.flow.later.changed === 'update' ? ['addsPerWrite: true'] : []),
    ...(target.id === undefined || answer === undefined || target.batch !== undefined
      ? []
      : [`id: (body: ${answer}) => ${printPath('body', target.id)}`]),
    ...(target.unless === undefined
      ? []
      : [
          `unless: (${emitUnlessParameter(target.unless.text, answer)}) => ${printChecked(target.unless, expressions)}`,
        ]),
    ...emitBatch(plan, entry),
    ...(target.calls.length === 0 ? [] : [`calls: ${emitCallRules(target.calls, expressions)}`]),
    ...emitNotApplied(target),
    ...emitUpdate(plan, flow, target.name),
  ];
  return `{ ${parts.join(', ')} }`;
}

/** How the records of one call stand in its body and in its answer. */
function emitBatch(plan: ServicePlan, { checked, writeAnswerType, resultType }: TargetPlan): string[] {
  const { batch, item, id } = checked.target;
  if (batch === undefined) return [];
  const list = item === undefined ? '' : formatSteps(item.steps.slice(0, -1));
  const result = resultType ?? 'unknown';
  // The id is that of the first result; behind the list and the index it is one result's own.
  const own = id?.steps.slice(batch.results.steps.length + 1);
  const parts = [
    `size: ${formatNumber(batch.size)}`,
    `list: ${quote(list)}`,
    `results: (body: ${writeAnswerType ?? 'unknown'}) => ${printPath('body', batch.results)}`,
    ...(batch.match === undefined
      ? []
      : [`match: { item: ${quote(batch.match.item.text)}, result: ${quote(batch.match.result.text)} }`]),
    ...(own === undefined
      ? []
      : [`id: (result: ${result}) => ${printPath('result', { text: formatSteps(own), steps: own })}`]),
    ...(batch.error === undefined
      ? []
      : [
          `error: (${/\bresult\b/.test(batch.error.text) ? `result: ${result}` : ''}) => ${printChecked(batch.error, plan.checked.expressions)}`,
        ]),
  ];
  return [`batch: { ${parts.join(', ')} }`];
}

/** How an object is changed that the target has made. */
function emitUpdate(plan: ServicePlan, flow: FlowPlan, name: string): string[] {
  const entry = flow.targets.find(
    ({ checked: { target } }) => target.mode === 'update' && target.name === name,
  );
  if (entry === undefined) return [];
  const { target, tier } = entry.checked;
  const parts = [
    `tier: ${tier}`,
    `map: ${emitMap(flow, entry)}`,
    `request: ${emitWrite(plan, flow, entry)}`,
    ...(target.unless === undefined
      ? []
      : [
          `unless: (${emitUnlessParameter(target.unless.text, entry.writeAnswerType)}) => ${printChecked(target.unless, plan.checked.expressions)}`,
        ]),
    ...emitNotApplied(target),
  ];
  return [`update: { ${parts.join(', ')} }`];
}

function emitNotApplied({ notApplied }: TargetModel): string[] {
  if (notApplied.length === 0) return [];
  return [`notApplied: [${notApplied.map(({ from, to }) => `[${from}, ${to}]`).join(', ')}]`];
}

function emitMap({ recordType, foundType }: FlowPlan, { mapping }: TargetPlan): string {
  const { functionName, scope, usesConfig } = mapping;
  if (!usesConfig) return functionName;
  return scope.length === 0
    ? `(source: ${recordType}, map: Mapper) => ${functionName}(source, map, config)`
    : `(source: ${recordType}, map: Mapper, scope: ${formatScope(foundType)}) => ${functionName}(source, map, scope, config)`;
}

function formatScope(foundType: string | undefined): string {
  return foundType === undefined ? 'Scope' : `Scope<${foundType}>`;
}

function emitUnlessParameter(text: string, answer: string | undefined): string {
  if (!/\bbody\b/.test(text)) return '';
  return answer === undefined ? 'body' : `body: ${answer}`;
}

function emitWrite(plan: ServicePlan, flow: FlowPlan, entry: TargetPlan): string {
  const { target } = entry.checked;
  const { item } = target;
  const body =
    item === undefined
      ? 'item'
      : item.steps.reduceRight(
          (inner, step) => (step.kind === 'name' ? `{ ${key(step.name)}: ${inner} }` : `[${inner}]`),
          'item',
        );
  const id = target.idParameter;
  const extra = new Map(id === undefined ? [] : [[id.name, 'id']]);
  const { expressions } = plan.checked;
  // A blank in the path would call another address, so such a record is not sent.
  const unsure = new Set(
    target.input.parameters.flatMap((one) =>
      one.value.kind === 'expression' && measurePathValue(expressions, flow.flow, one).length > 0
        ? [one.value.expression]
        : [],
    ),
  );
  const print = (expression: Expression): string =>
    unsure.has(expression)
      ? `filled(${printCheckedValue(expression, expressions)})`
      : printChecked(expression, expressions);
  const call = emitCall(entry.write, target.input, expressions, { extra, body, print });
  const trees = collectInput(target.input).flatMap(
    (expression) => plan.checked.expressions.get(expression)?.tree ?? [],
  );
  const scope = ['now', 'ids', 'found'].filter((name) => trees.some((tree) => mentions(tree, name)));
  const usesSource = trees.some((tree) => mentions(tree, 'source'));
  const scopeType = formatScope(flow.foundType);
  const parameters = [
    `item: ${entry.mapping.itemType}`,
    ...(usesSource
      ? [`source: ${flow.recordType}`]
      : scope.length > 0 || id !== undefined
        ? [`_source: ${flow.recordType}`]
        : []),
    ...(scope.length > 0
      ? [`{ ${scope.join(', ')} }: ${scopeType}`]
      : id === undefined
        ? []
        : [`_scope: ${scopeType}`]),
    ...(id === undefined ? [] : ['id: string']),
  ];
  return `(${parameters.join(', ')}) => ${call}`;
}

function emitLookUp(plan: ServicePlan, entry: TargetPlan): string[] {
  const { target } = entry.checked;
  const once = target.once.find((candidate) => candidate.kind === 'look-up');
  if (once === undefined || entry.lookUp === undefined) return [];
  const { operation, answerType } = entry.lookUp;
  const { extra, needsPage } = listPaging(once.pages, operation);
  const call = emitCall(operation, once.input, plan.checked.expressions, { extra, body: undefined });
  const isPaged = once.pages !== undefined && once.pages.kind !== 'none';
  const { item } = target;
  const id = target.id?.steps.at(-1);
  const name = id?.kind === 'name' ? id.name : 'id';
  const same = listCompared(once, plan.checked.expressions);
  return [
    `lookUp: { request: (sent: ${emitSentType(plan, entry)}${needsPage ? ', page' : ''}) => ${call}, records: (body: ${answerType}) => ${once.records.steps.length === 0 ? 'body' : printPath('body', once.records)}${isPaged ? `, pages: ${emitPages(once.pages, answerType, once.records)}` : ''}, idField: ${quote(name)}${same.length === 0 ? '' : `, same: [${same.map((path) => quote(path)).join(', ')}]`}${item === undefined ? '' : `, itemPath: ${quote(item.text)}`}${emitLag(once)} }`,
  ];
}

function emitLag({
  settleMs,
  probes,
}: {
  readonly settleMs: number | undefined;
  readonly probes: number;
}): string {
  return settleMs === undefined ? '' : `, settleMs: ${formatNumber(settleMs)}, probes: ${probes}`;
}

/** The item as it was committed: what the look-up asks for was mapped and is never blank, whatever the description allows. */
function emitSentType(plan: ServicePlan, entry: TargetPlan): string {
  const { target } = entry.checked;
  const once = target.once.find((candidate) => candidate.kind === 'look-up');
  const expressions = once === undefined ? [] : collectInput(once.input);
  const reads = expressions.flatMap((expression) => {
    const tree = plan.checked.expressions.get(expression)?.tree;
    return tree === undefined
      ? []
      : listRecordReads(tree, 'sent').flatMap((read) => listNames(read.path?.steps ?? []));
  });
  // Of a field inside an object, the objects on the way are there, too; members of an open map have a type of their own,
  // and of several forms only what all of them have could be picked.
  const isUnion = target.itemSchema.variants.length > 0 && reads.length > 0;
  if (
    isUnion ||
    reads.some(([name = '', ...below]) => below.length > 0 || !target.itemSchema.properties.has(name))
  )
    return `${entry.mapping.itemType} & ${describeFilled(reads, target.itemSchema)}`;
  const names = [...new Set(reads.flatMap(([name]) => name ?? []))];
  const properties = names.map((name) => [name, target.itemSchema.properties.get(name)] as const);
  const nullable = properties.flatMap(([name, property]) => (property?.schema.nullable === true ? name : []));
  if (nullable.length > 0)
    return `${entry.mapping.itemType} & { readonly [Name in ${names.map(quote).join(' | ')}]-?: NonNullable<${entry.mapping.itemType}[Name]> }`;
  const optional = properties.flatMap(([name, property]) => (property?.required === false ? name : []));
  if (optional.length === 0) return entry.mapping.itemType;
  return `${entry.mapping.itemType} & Required<Pick<${entry.mapping.itemType}, ${optional.map(quote).join(' | ')}>>`;
}

/** The path, as far as it leads through objects. */
function listNames(steps: readonly FieldStep[]): string[][] {
  const end = steps.findIndex((step) => step.kind !== 'name');
  const names = steps
    .slice(0, end < 0 ? undefined : end)
    .flatMap((step) => (step.kind === 'name' ? [step.name] : []));
  return names.length === 0 ? [] : [names];
}
