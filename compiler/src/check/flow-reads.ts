import type { ExpressionTree } from '../model/expression-tree.ts';
import type { CheckedExpression } from '../model/checked-model.ts';
import { formatSteps } from '../model/field-path.ts';
import type { FieldPath, FieldStep } from '../model/field-path.ts';
import { listFields } from '../model/integration-model.ts';
import type { EachModel, Expression, FieldModel, FlowModel } from '../model/integration-model.ts';
import { collectInput } from './collect-expressions.ts';
import { isOfElement, listRecordReads } from './list-reads.ts';

type Expressions = ReadonlyMap<Expression, CheckedExpression>;

/** Every path of the record that the flow reads, in the order of their names. */
export function listReads(flow: FlowModel, expressions: Expressions): FieldPath[] {
  const { source } = flow;
  const paths = [
    source.key,
    source.version,
    ...(source.changes?.field === undefined ? [] : [source.changes.field]),
    ...listUsed(flow).flatMap((expression) => expressions.get(expression)?.reads ?? []),
    ...listElementReads(flow, expressions, ['source']),
  ];
  return sortPaths(paths);
}

/** Every path that is read of what each look-up finds; a list that is used as a whole counts as its every field. */
export function listFoundReads(
  flow: FlowModel,
  expressions: Expressions,
): ReadonlyMap<string, readonly FieldPath[]> {
  const trees = listUsed(flow).flatMap((expression) => expressions.get(expression)?.tree ?? []);
  const paths = [
    ...trees
      .flatMap((tree) => listRecordReads(tree, 'found'))
      .flatMap((read) => (read.path === undefined ? [] : [read.path])),
    ...listElementReads(flow, expressions, ['found']),
  ];
  return new Map(
    flow.find.map(({ name, take }) => [
      name,
      sortPaths(
        paths.flatMap(({ steps: [first, ...rest] }) => {
          if (first?.kind !== 'name' || first.name !== name) return [];
          const below = take === 'all' ? rest.slice(1) : rest;
          return below.length === 0 ? [] : [{ text: formatSteps(below), steps: below }];
        }),
      ),
    ]),
  );
}

/** What the rules use to decide about a record and to map it. */
function listUsed(flow: FlowModel): Expression[] {
  return [
    ...flow.keep.map((rule) => rule.when),
    ...flow.find.flatMap(({ input }) => collectInput(input)),
    ...flow.targets.flatMap((target) => [
      ...listFields(target.fields).flatMap((field) => [
        ...listValues(field),
        ...(field.each === undefined ? [] : [field.each.list]),
      ]),
      ...collectInput(target.input),
    ]),
  ];
}

function listValues(field: FieldModel): Expression[] {
  return field.values.flatMap((value) => (value.kind === 'expression' ? [value.expression] : []));
}

/** `each: =source.lines` and `=each.price` make `lines[].price`; a list in a list goes on from there. */
function listElementReads(
  flow: FlowModel,
  expressions: Expressions,
  roots: readonly ('source' | 'found')[],
): FieldPath[] {
  return flow.targets
    .flatMap((target) => target.fields)
    .flatMap(({ each }) => {
      const list = each === undefined ? undefined : expressions.get(each.list)?.tree;
      if (each === undefined || list === undefined) return [];
      const lists = roots.flatMap((root) => listPaths(list, root));
      return listBelow(each, withoutInner(lists), expressions);
    });
}

function listBelow(each: EachModel, lists: readonly FieldPath[], expressions: Expressions): FieldPath[] {
  return each.fields.flatMap((field) => {
    const own = listValues(field)
      .flatMap((expression) => expressions.get(expression)?.tree ?? [])
      .flatMap((tree) => [...listPaths(tree, 'each'), ...(isOfElement(field, tree) ? [ELEMENT] : [])]);
    const inner = field.each === undefined ? undefined : expressions.get(field.each.list)?.tree;
    if (field.each === undefined || inner === undefined) return joinAll(lists, own);
    const below = listPaths(inner, 'each');
    return [
      ...joinAll(lists, below),
      ...listBelow(field.each, joinAll(lists, withoutInner(below)), expressions),
    ];
  });
}

const ELEMENT: FieldPath = { text: '', steps: [] };

function listPaths(tree: ExpressionTree, root: string): FieldPath[] {
  return listRecordReads(tree, root).flatMap((read) => (read.path === undefined ? [] : [read.path]));
}

/** What a filter reads of the elements is none of the lists. */
function withoutInner(paths: readonly FieldPath[]): FieldPath[] {
  return paths.filter(({ text }) => !paths.some((other) => text.startsWith(`${other.text}[]`)));
}

function joinAll(lists: readonly FieldPath[], below: readonly FieldPath[]): FieldPath[] {
  return lists.flatMap((above) =>
    below.map((path) => {
      const steps: FieldStep[] = [...above.steps, { kind: 'each' }, ...path.steps];
      return { text: formatSteps(steps), steps };
    }),
  );
}

function sortPaths(paths: readonly FieldPath[]): FieldPath[] {
  const byText = new Map(paths.map((path) => [path.text, path]));
  return [...byText.values()].toSorted((left, right) => (left.text < right.text ? -1 : 1));
}
