import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Schema } from '../model/api-model.ts';
import { listChildren } from '../model/expression-tree.ts';
import type { ExpressionTree } from '../model/expression-tree.ts';
import { formatSteps } from '../model/field-path.ts';
import type { FieldPath, FieldStep } from '../model/field-path.ts';
import type { Expression, FieldModel } from '../model/integration-model.ts';
import { findField } from '../resolve/find-field.ts';
import { valueAt } from '../source/source-ref.ts';

/** `source.properties.email`, taken apart; `whole` where the record itself, or a computed part of it, is used. */
export interface RecordRead {
  readonly path: FieldPath | undefined;
  readonly tree: ExpressionTree;
}

/** Whether an element of a list, which is one value, is made of an element that is one itself: `element: =each`. */
export function isOfElement({ path }: FieldModel, tree: ExpressionTree): boolean {
  const isElement = path.steps.at(-1)?.kind === 'each';
  return isElement && listRecordReads(tree, 'each').some((read) => read.path === undefined);
}

/** Every maximal static path below `root` in an expression. */
export function listRecordReads(tree: ExpressionTree, root: string): RecordRead[] {
  const chain = readChain(tree, root);
  if (chain !== undefined)
    return [
      { path: chain.length === 0 ? undefined : { text: formatSteps(chain), steps: chain }, tree },
      ...listChoosing(tree, root),
    ];
  if (tree.kind === 'call' && tree.callee.kind === 'member') {
    // The last member of a called path is a method, not a field.
    return [
      ...listRecordReads(tree.callee.object, root),
      ...tree.args.flatMap((arg) => listRecordReads(arg, root)),
      ...listElementReads(tree.callee.object, tree.args, root),
    ];
  }
  // Below a computed index, what is read is everything that the index might choose.
  return listChildren(tree).flatMap((child) => listRecordReads(child, root));
}

/** What a chain asks on its way: of `source.lines.find(line => line.isMain).price` it is `lines[].isMain`. */
function listChoosing(tree: ExpressionTree, root: string): RecordRead[] {
  if (tree.kind === 'member' || tree.kind === 'element') return listChoosing(tree.object, root);
  if (tree.kind !== 'call' || tree.callee.kind !== 'member') return [];
  return [
    ...listChoosing(tree.callee.object, root),
    ...tree.args.flatMap((arg) => listRecordReads(arg, root)),
    ...listElementReads(tree.callee.object, tree.args, root),
  ];
}

/** `source.lines.map(line => line.price)` reads `lines[].price`. */
function listElementReads(
  list: ExpressionTree,
  [arrow]: readonly ExpressionTree[],
  root: string,
): RecordRead[] {
  const above = readList(list, root);
  if (above === undefined || arrow?.kind !== 'arrow') return [];
  const [element] = arrow.parameters;
  if (element === undefined) return [];
  return listRecordReads(arrow.body, element).flatMap(({ path, tree }) => {
    if (path === undefined) return [];
    const steps: FieldStep[] = [...above, { kind: 'each' }, ...path.steps];
    return [{ path: { text: formatSteps(steps), steps }, tree }];
  });
}

/** The path of a list; one that is only narrowed or put in order has the same elements. */
export function readList(tree: ExpressionTree, root: string): readonly FieldStep[] | undefined {
  const chain = readChain(tree, root);
  if (chain !== undefined) return chain;
  if (tree.kind !== 'call' || tree.callee.kind !== 'member' || !NARROWING.has(tree.callee.name))
    return undefined;
  return readList(tree.callee.object, root);
}

const NARROWING: ReadonlySet<string> = new Set(['filter', 'slice', 'toSorted', 'toReversed']);
/** They give one of the elements. */
const CHOOSING: ReadonlySet<string> = new Set(['find', 'findLast', 'at']);

function readElement(list: ExpressionTree, root: string): FieldStep[] | undefined {
  const above = readList(list, root);
  return above === undefined ? undefined : [...above, { kind: 'each' }];
}

function readChain(tree: ExpressionTree, root: string): FieldStep[] | undefined {
  if (tree.kind === 'name') return tree.name === root ? [] : undefined;
  if (tree.kind === 'member') {
    const above = readChain(tree.object, root);
    return above === undefined ? undefined : [...above, { kind: 'name', name: tree.name }];
  }
  if (tree.kind === 'call' && tree.callee.kind === 'member' && CHOOSING.has(tree.callee.name))
    return readElement(tree.callee.object, root);
  if (tree.kind !== 'element' || tree.index.kind !== 'literal') return undefined;
  if (tree.object.kind === 'call' && typeof tree.index.value === 'number')
    return readElement(tree.object, root);
  const above = readChain(tree.object, root);
  if (above === undefined) return undefined;
  const index = tree.index.value;
  if (typeof index === 'string') return [...above, { kind: 'name', name: index }];
  return typeof index === 'number' ? [...above, { kind: 'index', index }] : undefined;
}

/** A record may only be read by named fields, so that the used slice is known: else `source-escapes`. */
export function checkReads(
  expression: Expression,
  tree: ExpressionTree,
  record: Schema,
): { readonly reads: FieldPath[]; readonly found: Diagnostic[] } {
  const found: Diagnostic[] = [];
  const reads: FieldPath[] = [];
  for (const read of listRecordReads(tree, 'source')) {
    const path = read.path === undefined ? undefined : withoutLength(read.path);
    const field = path === undefined ? undefined : findField(record, path);
    const isWhole =
      path === undefined ||
      (field?.kind === 'found' && field.schema.items === undefined && isMap(field.schema));
    if (isWhole) {
      const { start, end } = read.tree.span;
      const text = expression.text.slice(start, end);
      found.push(createDiagnostic('source-escapes', { text }, shiftSpan(expression, start, end)));
    } else if (path !== undefined) reads.push(path);
  }
  return { reads, found };
}

function withoutLength(path: FieldPath): FieldPath {
  const last = path.steps.at(-1);
  if (last?.kind !== 'name' || last.name !== 'length' || path.steps.length === 1) return path;
  const steps = path.steps.slice(0, -1);
  return { text: formatSteps(steps), steps };
}

function isMap(schema: Schema): boolean {
  return schema.properties.size > 0 || schema.additional !== undefined;
}

/** The place of a part of an expression: one further than in its text, for the `=`. */
export function shiftSpan(expression: Expression, start: number, end: number) {
  return valueAt(expression.at.file, expression.at.path, { start: start + 1, end: end + 1 });
}
