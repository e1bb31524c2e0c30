import { listRecordReads } from '../../check/list-reads.ts';
import { listChildren } from '../../model/expression-tree.ts';
import type { ExpressionTree } from '../../model/expression-tree.ts';
import { formatGeneralPath } from '../../model/field-path.ts';
import type { CheckedFlow, CheckedModel } from '../../model/checked-model.ts';
import { listFields } from '../../model/integration-model.ts';
import { listSampleReads } from './sample-record.ts';

/**
 * Texts that the rules ask for by name, by the field in which they look for them (`source.properties.stage`): the rows of
 * tables, and what conditions compare. They are words of the business, and say nothing of a person.
 */
export function listKnownValues(checked: CheckedModel, entry: CheckedFlow): ReadonlyMap<string, string[]> {
  const known = new Map<string, string[]>();
  const add = (path: string, value: unknown): void => {
    if (typeof value !== 'string') return;
    const values = known.get(path) ?? [];
    if (!values.includes(value)) known.set(path, [...values, value]);
  };
  for (const { target } of entry.targets)
    for (const field of listFields(target.fields))
      for (const steps of field.table === undefined ? [] : listSampleReads(checked, target, field))
        for (const row of field.table ?? []) add(formatGeneralPath({ text: '', steps }), row.from);
  const expressions = [
    ...entry.flow.keep.map((rule) => rule.when),
    ...entry.targets.flatMap(({ target }) =>
      listFields(target.fields).flatMap((field) =>
        field.values.flatMap((value) => (value.kind === 'expression' ? [value.expression] : [])),
      ),
    ),
  ];
  for (const expression of expressions) {
    const tree = checked.expressions.get(expression)?.tree;
    if (tree !== undefined) compare(tree, add);
  }
  return known;
}

/** The field that an expression is, and nothing else: `source.properties.stage`. */
function readPath(tree: ExpressionTree): string | undefined {
  for (const root of ['source', 'found']) {
    const [read] = listRecordReads(tree, root);
    if (read?.tree === tree && read.path !== undefined) return `${root}.${formatGeneralPath(read.path)}`;
  }
  return undefined;
}

/** `source.stage === 'won'` and `['won', 'lost'].includes(source.stage)`. */
function compare(tree: ExpressionTree, add: (path: string, value: unknown) => void): void {
  const note = (read: ExpressionTree, values: readonly ExpressionTree[]): void => {
    const path = readPath(read);
    for (const value of path === undefined ? [] : values)
      if (value.kind === 'literal' && path !== undefined) add(path, value.value);
  };
  if (tree.kind === 'binary' && /^[!=]==$/.test(tree.operator)) {
    note(tree.left, [tree.right]);
    note(tree.right, [tree.left]);
  }
  const isList = tree.kind === 'call' && tree.callee.kind === 'member' && tree.callee.name === 'includes';
  if (
    isList &&
    tree.callee.kind === 'member' &&
    tree.callee.object.kind === 'list' &&
    tree.args[0] !== undefined
  )
    note(tree.args[0], tree.callee.object.items);
  for (const child of listChildren(tree)) compare(child, add);
}
