import type { ExpressionTree } from '../model/expression-tree.ts';
import { findField } from '../resolve/find-field.ts';
import type { Expression, OnceModel } from '../model/integration-model.ts';
import { collectInput } from './collect-expressions.ts';
import { listRecordReads } from './list-reads.ts';

const PLAIN: ReadonlySet<string> = new Set(['string', 'number', 'integer']);

/** Fields of the item whose whole value a look-up asks by, and that what it finds has under the same name. */
export function listCompared(
  { input, record }: Extract<OnceModel, { readonly kind: 'look-up' }>,
  expressions: ReadonlyMap<Expression, { readonly tree: ExpressionTree }>,
): string[] {
  return collectInput(input).flatMap((expression) => {
    const tree = expressions.get(expression)?.tree;
    const [read] = tree === undefined ? [] : listRecordReads(tree, 'sent');
    if (read === undefined || read.tree !== tree || read.path === undefined) return [];
    if (read.path.steps.some(({ kind }) => kind === 'each')) return [];
    const field = findField(record, read.path);
    const isPlain = field.kind === 'found' && field.schema.types.every((type) => PLAIN.has(type));
    return isPlain ? [read.path.text] : [];
  });
}
