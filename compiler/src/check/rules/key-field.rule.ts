import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { CheckedTarget } from '../../model/checked-model.ts';
import type { ExpressionTree } from '../../model/expression-tree.ts';
import type { Data, FieldModel, FlowModel, TargetModel } from '../../model/integration-model.ts';
import { childOf } from '../../source/source-ref.ts';
import type { SourceRef } from '../../source/source-ref.ts';
import { formatDecision } from '../format-decision.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { holdsKey, keepsKey } from '../holds-key.ts';
import { isKeyField } from '../key-fields.ts';
import { listDecisions } from '../list-decisions.ts';
import { mayShare } from './once.rule.ts';
import { findRead, scopeOf } from '../value-scope.ts';
import { listRecordReads } from '../list-reads.ts';
import { findPathValue, lastParameter } from '../path-value.ts';

/** These keep the record back; any other decision would send one that is told apart by nothing, or by another's value. */
const KEEPING_BACK: ReadonlySet<string> = new Set(['review', 'fail', 'skip']);

/** What a write is told apart by must be the record's own, and there. Part of the gate `once`. */
export const keyFieldGate: Gate = {
  name: 'once',
  check(context) {
    for (const checked of context.flows.flatMap(({ targets }) => targets)) {
      const { target } = checked;
      const report = (problem: string, at: SourceRef): void => {
        context.found.push(
          createDiagnostic('once', { operation: nameOperation(target.operation), problem }, at),
        );
      };
      const keys = target.fields.filter((field) => isKeyField(field, target, context.expressions));
      for (const field of keys) {
        for (const { decision, at } of listDecisions(field)) {
          if ('action' in decision && KEEPING_BACK.has(decision.action)) continue;
          report(
            `is told apart by ${target.name}.${field.path.text}, so "${formatDecision(decision)}" cannot decide it. Write review, fail or skip.`,
            at,
          );
        }
      }
      for (const field of keys.filter((one) => readsNow(context, one)))
        report(
          `is told apart by ${target.name}.${field.path.text}, which "now" makes another each time that the record is mapped, so a change of it would make a second object. Use what the record holds.`,
          field.origin,
        );
      const constant = keys.filter((field) => isSameForAll(context, field));
      // A look-up may narrow by constants as long as something else tells the records apart.
      if (constant.length === keys.length)
        for (const field of constant) report(sameForAll(`${target.name}.${field.path.text}`), field.origin);
      if (target.mode !== 'update' && namesObject(target)) checkOwnId(context, checked);
      checkFewValues(context, checked);
      checkShared(context, checked);
    }
  },
};

/** Two records with the same e-mail become one object at the target, and each overwrites the other: somebody must want that. */
function checkShared(context: GateContext, { flow, target }: CheckedTarget): void {
  const { source } = flow;
  for (const once of target.once) {
    if (once.kind !== 'upsert' || once.because !== undefined) continue;
    const field = target.fields.find((entry) => entry.path.text === once.by);
    const trees =
      field?.values.flatMap((value) =>
        value.kind === 'expression' ? (context.expressions.get(value.expression)?.tree ?? []) : [],
      ) ?? [];
    // What a target above has made of this record is this record's own.
    if (field === undefined || !trees.some(isOfRecord) || trees.every(isOfIds)) continue;
    const isOwn = holdsKey(field, source.key.text, context.expressions);
    const why = isOwn ? explainChanging(trees, flow) : explainShared(trees, flow);
    if (why === undefined) continue;
    const problem = `matches on ${once.by}, ${why}`;
    const extras = {
      related: [{ at: field.origin, message: 'where its value comes from' }],
      fix: 'because: …   # in this entry of once, where that is wanted',
    };
    context.found.push(
      createDiagnostic('once', { operation: nameOperation(target.operation), problem }, once.origin, extras),
    );
  }
}

function readsNow({ expressions }: GateContext, field: FieldModel): boolean {
  return field.values.some((value) => {
    const tree = value.kind === 'expression' ? expressions.get(value.expression)?.tree : undefined;
    return tree !== undefined && listRecordReads(tree, 'now').length > 0;
  });
}

function sameForAll(name: string): string {
  return `is told apart by ${name}, which is the same for every record, so each would overwrite the last.`;
}

function isSameForAll(context: GateContext, field: FieldModel): boolean {
  return field.values.length > 0 && field.values.some((value) => isConstant(context, value));
}

/** Why several records can have one such value, and one record another one later. */
function explainShared(trees: readonly ExpressionTree[], { source, later }: FlowModel): string {
  const key = source.key.text;
  const reads = trees.flatMap((tree) => listRecordReads(tree, 'source')).map((read) => read.path?.text);
  const why = reads.includes(key)
    ? `which does not always hold the record's whole key (${key})`
    : reads.length === 0
      ? 'which a look-up finds'
      : `which does not come from the record's key (${key})`;
  const changes = later.changed !== 'ignore' && listOthers(trees, key).length > 0;
  const changing = changes
    ? ' And where it changes, the record makes another object and leaves the first.'
    : '';
  return `${why}: records that share its value become one object, and the last one wins.${changing}`;
}

/** Why one record can have several such values; undefined where it cannot, or is sent once. */
function explainChanging(trees: readonly ExpressionTree[], { source, later }: FlowModel): string | undefined {
  const others = listOthers(trees, source.key.text);
  if (others.length === 0 || later.changed === 'ignore') return undefined;
  return `which holds ${[...new Set(others)].join(' and ')} beside the record's key (${source.key.text}): where that changes, the same record makes a second object.`;
}

/** What is read beside the key. */
function listOthers(trees: readonly ExpressionTree[], key: string): string[] {
  return trees
    .flatMap((tree) => ['source', 'found', 'each'].flatMap((root) => listNames(tree, root)))
    .filter((name) => name !== `source.${key}`);
}

function listNames(tree: ExpressionTree, root: string): string[] {
  return listRecordReads(tree, root).map(({ path }) => (path === undefined ? root : `${root}.${path.text}`));
}

/** Whether the path ends in what names one object. What is posted to may as well be a list that has a name. */
function namesObject({ operation }: TargetModel): boolean {
  const name = lastParameter(operation);
  if (name === undefined) return false;
  return ['PUT', 'PATCH', 'DELETE'].includes(operation.method) || OF_OBJECT.test(name);
}

const OF_OBJECT = /(?:^|[a-z_-])(?:[iI]d|ID|[uUgG]uid|UUID|GUID|[sS]id)$/;

/** What is looked for by one of a few values is the object of some other record. */
function checkFewValues(context: GateContext, { flow, target }: CheckedTarget): void {
  for (const once of target.once) {
    if (once.kind !== 'look-up') continue;
    const asked = target.fields.filter((field) =>
      isKeyField(field, { ...target, once: [once] }, context.expressions),
    );
    if (asked.length === 0 || !asked.every((field) => hasFewValues(context, flow, field))) continue;
    const names = asked.map(({ path }) => path.text).join(' and ');
    const problem = `is looked for by ${names}, which has only a few values, so what is found is the object of another record. Ask by what the new object is known by, such as a field that holds the record's key.`;
    const at = childOf(once.origin, 'with');
    context.found.push(createDiagnostic('once', { operation: nameOperation(target.operation), problem }, at));
  }
}

function hasFewValues(
  { expressions }: GateContext,
  flow: FlowModel,
  { schema, table, values }: FieldModel,
): boolean {
  const { types } = schema;
  const isListed = values.every((value) => {
    if (value.kind === 'literal') return true;
    const checked = expressions.get(value.expression);
    const read = checked === undefined ? undefined : findRead(checked.tree, scopeOf(flow));
    return checked?.type.literals !== undefined || (read?.kind === 'found' && read.schema.enum !== undefined);
  });
  return (
    (isListed && values.some(({ kind }) => kind === 'expression')) ||
    table !== undefined ||
    schema.enum !== undefined ||
    (types.length > 0 && types.every((type) => type === 'boolean'))
  );
}

/** A path that is not made of the key names one object for several records, and each overwrites the other. */
function checkOwnId(context: GateContext, { flow, target }: CheckedTarget): void {
  const name = lastParameter(target.operation);
  const value = findPathValue(target);
  // A reason for a key in a header says nothing of whose object it is.
  const isWanted = mayShare(target);
  // What is posted to one object for all may be added to it; a PUT or PATCH overwrites it.
  if (
    value !== undefined &&
    isConstant(context, value) &&
    !(isWanted && target.operation.method === 'POST')
  ) {
    const fix =
      'once: { kind: accept-duplicates, because: … }   # where each record is added to that object, and overwrites nothing';
    const problem = sameForAll(`{${name ?? ''}}`);
    context.found.push(
      createDiagnostic(
        'once',
        { operation: nameOperation(target.operation), problem },
        value.at,
        target.operation.method === 'POST' ? { fix } : {},
      ),
    );
    return;
  }
  if (value?.kind !== 'expression' || isWanted) return;
  const tree = context.expressions.get(value.expression)?.tree;
  const key = flow.source.key.text;
  // What a target above has made of this record is this record's own.
  if (tree === undefined || isOfIds(tree)) return;
  const why = keepsKey(tree, key) ? explainChanging([tree], flow) : explainShared([tree], flow);
  if (why === undefined) return;
  const problem = `is told apart by {${name ?? ''}}, ${why}`;
  const { text } = value.expression;
  const same = target.fields.find(({ values }) =>
    values.some((one) => one.kind === 'expression' && one.expression.text.trim() === text.trim()),
  );
  const entry =
    same === undefined
      ? '{ kind: accept-duplicates, because: … }'
      : `{ kind: upsert, by: ${same.path.text}, because: … }`;
  context.found.push(
    createDiagnostic('once', { operation: nameOperation(target.operation), problem }, value.at, {
      fix: `once: ${entry}   # where that is wanted`,
    }),
  );
}

function isOfIds(tree: ExpressionTree): boolean {
  return listRecordReads(tree, 'ids')[0]?.tree === tree;
}

function isOfRecord(tree: ExpressionTree): boolean {
  return ['source', 'found', 'each', 'ids'].some((root) => listRecordReads(tree, root).length > 0);
}

function isConstant(context: GateContext, data: Data): boolean {
  if (data.kind !== 'expression') return data.kind === 'literal';
  const tree = context.expressions.get(data.expression)?.tree;
  return tree !== undefined && !isOfRecord(tree);
}
