import type { CheckedExpression } from '../model/checked-model.ts';
import type { ExpressionTree } from '../model/expression-tree.ts';
import type { Expression, FieldModel } from '../model/integration-model.ts';
import { listRecordReads } from './list-reads.ts';

/** These leave apart what was apart, but for blanks; as a number, 007 would be 7. */
const KEEPING: ReadonlySet<string> = new Set(['trim', 'collapse', 'hash']);

/**
 * Whether the field holds the whole key of the record, so that two records never have the same there: as it is, or
 * beside other texts.
 */
export function holdsKey(
  field: FieldModel,
  key: string,
  expressions: ReadonlyMap<Expression, CheckedExpression>,
): boolean {
  if (field.table !== undefined || field.as.some(({ name }) => !KEEPING.has(name))) return false;
  // A key is never blank, so what stands behind it is never taken; what stands before it is taken instead of it.
  const [first] = field.values;
  const tree = first?.kind === 'expression' ? expressions.get(first.expression)?.tree : undefined;
  return tree !== undefined && keepsKey(tree, key);
}

/** Whether no two records with different keys can have one such value. */
export function keepsKey(tree: ExpressionTree, key: string): boolean {
  const [read] = listRecordReads(tree, 'source');
  if (read?.tree === tree) return read.path?.text === key;
  switch (tree.kind) {
    case 'template':
      return tree.parts.some((part) => keepsKey(part, key));
    case 'binary':
      if (tree.operator === '+') return keepsKey(tree.left, key) || keepsKey(tree.right, key);
      return tree.operator === '??' && keepsKey(tree.left, key);
    case 'conditional':
      return keepsKey(tree.yes, key) && keepsKey(tree.no, key);
    case 'call':
      return (
        tree.callee.kind === 'name' &&
        tree.callee.name === 'String' &&
        tree.args.some((part) => keepsKey(part, key))
      );
    default:
      return false;
  }
}
