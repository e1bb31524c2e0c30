import type { Schema } from '../model/api-model.ts';
import type { ExpressionTree } from '../model/expression-tree.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { FindModel, FlowModel } from '../model/integration-model.ts';
import { findField } from '../resolve/find-field.ts';
import type { FoundField } from '../resolve/find-field.ts';
import { listRecordReads } from './list-reads.ts';

/** What the values of a mapping may be read from. */
export interface ValueScope {
  readonly record: Schema;
  /** The record's key is never blank: such a record goes to review when it is taken in. */
  readonly key: FieldPath;
  readonly finds: readonly FindModel[];
  /** Texts that stand for "nothing". */
  readonly sentinels: readonly string[];
  /** What `each` stands for; undefined outside a list, or where it is not known. */
  readonly element?: Schema | undefined;
}

export function scopeOf({ source, find, sentinels }: FlowModel): ValueScope {
  return { record: source.record, key: source.key, finds: find, sentinels };
}

/** What the descriptions say of a value that an expression only reads. */
export type ScopedRead =
  | { readonly kind: 'key' }
  | Extract<FoundField, { readonly kind: 'found' }>
  /** Everything that a look-up found. */
  | { readonly kind: 'all'; readonly find: FindModel }
  | { readonly kind: 'missing' };

/** Undefined where the expression does more than read one field. */
export function findRead(tree: ExpressionTree, scope: ValueScope): ScopedRead | undefined {
  const path = readPathOf(tree, 'source');
  if (path !== undefined) {
    if (path.text === scope.key.text) return { kind: 'key' };
    return findField(scope.record, path);
  }
  const ofElement = scope.element === undefined ? undefined : readPathOf(tree, 'each');
  if (ofElement !== undefined && scope.element !== undefined) return findField(scope.element, ofElement);
  const found = readPathOf(tree, 'found');
  return found === undefined ? undefined : findFound(found, scope);
}

function readPathOf(tree: ExpressionTree, root: string): FieldPath | undefined {
  const [read] = listRecordReads(tree, root);
  return read?.tree === tree ? read.path : undefined;
}

function findFound(path: FieldPath, scope: ValueScope): ScopedRead {
  const [name, ...rest] = path.steps;
  const find = name?.kind === 'name' ? scope.finds.find((entry) => entry.name === name.name) : undefined;
  if (find === undefined) return { kind: 'missing' };
  const isMissing = find.none === 'blank';
  if (find.take === 'all') {
    const [index, ...inner] = rest;
    if (index === undefined) return { kind: 'all', find };
    if (index.kind === 'name') return { kind: 'missing' };
    const field = findField(find.record, { text: path.text, steps: inner });
    return field.kind === 'found' ? { ...field, optional: true } : { kind: 'missing' };
  }
  if (rest.length === 0)
    return {
      kind: 'found',
      schema: find.record,
      optional: isMissing,
      nullable: find.record.nullable,
      readOnly: false,
    };
  const field = findField(find.record, { text: path.text, steps: rest });
  return field.kind === 'found' ? { ...field, optional: field.optional || isMissing } : { kind: 'missing' };
}

/** The schema of one element of a list; a list that is only narrowed (`filter`, `slice`) has the same elements. */
export function findElement(tree: ExpressionTree, scope: ValueScope): Schema | undefined {
  const read = findRead(tree, scope);
  if (read?.kind === 'all') return read.find.record;
  if (read?.kind === 'found') return read.schema.items;
  const narrows =
    tree.kind === 'call' &&
    tree.callee.kind === 'member' &&
    (tree.callee.name === 'filter' || tree.callee.name === 'slice');
  return narrows && tree.callee.kind === 'member' ? findElement(tree.callee.object, scope) : undefined;
}
