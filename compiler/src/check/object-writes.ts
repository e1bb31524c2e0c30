import type { CheckedFlow, CheckedTarget } from '../model/checked-model.ts';
import type { ExpressionTree } from '../model/expression-tree.ts';
import type { Data, OnceModel, TargetModel } from '../model/integration-model.ts';
import { collectInput } from './collect-expressions.ts';
import { collectionOf } from './collection-of.ts';
import type { GateContext } from './gate-context.ts';
import { listRecordReads } from './list-reads.ts';
import { findPathValue } from './path-value.ts';

/** A write that changes an object that may be there: again for each change of a record. */
export interface ObjectWrite {
  readonly from: CheckedFlow;
  readonly checked: CheckedTarget;
  /** The list that the object is of. */
  readonly collection: string;
  /** By what the object is named, where one expression says it. */
  readonly identity: ExpressionTree | undefined;
  /** It changes only what the same flow has made. */
  readonly isOwn: boolean;
  /** Fields beside the one that it is known by. */
  readonly fields: readonly string[];
  readonly replaces: boolean;
}

export function listObjectWrites(context: GateContext): ObjectWrite[] {
  return context.flows.flatMap((flow) =>
    flow.targets.flatMap((checked) => findWrite(context, flow, checked)),
  );
}

function findWrite(context: GateContext, from: CheckedFlow, checked: CheckedTarget): ObjectWrite[] {
  const { target, fields } = checked;
  const named = nameObject(context, from, checked);
  if (named === undefined) return [];
  return [
    {
      from,
      checked,
      collection: collectionOf(target.operation.path),
      identity: named.identity,
      isOwn: named.isOwn,
      fields: fields.map(({ field }) => field.path.text).filter((name) => name !== named.by),
      replaces: target.operation.method === 'PUT' && target.replaces !== false,
    },
  ];
}

type Named = Pick<ObjectWrite, 'identity' | 'isOwn'> & { readonly by?: string };

/** Undefined where each write makes an object of its own. */
function nameObject(
  context: GateContext,
  flow: CheckedFlow,
  { target, tier }: CheckedTarget,
): Named | undefined {
  if (target.mode === 'create') return undefined;
  if (target.mode === 'update') return nameAdopted(context, flow, target);
  const upsert = target.once.find((entry) => entry.kind === 'upsert');
  if (tier === 0) {
    const identity = treeOf(context, findPathValue(target));
    return { identity, isOwn: identity !== undefined && listRecordReads(identity, 'ids').length > 0 };
  }
  return upsert && { identity: findFieldTree(context, target, upsert.by), isOwn: false, by: upsert.by };
}

/** What was created is the flow's own; what a look-up has found somebody else may have made. */
function nameAdopted(context: GateContext, flow: CheckedFlow, { name }: TargetModel): Named {
  const created = flow.targets.find(({ target }) => target.mode === 'create' && target.name === name)?.target;
  const lookUp = created?.once.find((entry) => entry.kind === 'look-up');
  if (created === undefined || lookUp === undefined) return { identity: undefined, isOwn: true };
  const by = findAsked(context, lookUp);
  return {
    identity: findFieldTree(context, created, by),
    isOwn: false,
    ...(by === undefined ? {} : { by }),
  };
}

/** The one field that a look-up asks by. */
function findAsked({ expressions }: GateContext, once: Extract<OnceModel, { readonly kind: 'look-up' }>) {
  const reads = collectInput(once.input).flatMap((expression) => {
    const tree = expressions.get(expression)?.tree;
    return tree === undefined ? [] : listRecordReads(tree, 'sent').map(({ path }) => path?.text);
  });
  return reads.length === 1 ? reads[0] : undefined;
}

function treeOf({ expressions }: GateContext, value: Data | undefined): ExpressionTree | undefined {
  return value?.kind === 'expression' ? expressions.get(value.expression)?.tree : undefined;
}

function findFieldTree(context: GateContext, { fields }: TargetModel, path: string | undefined) {
  const [value] = fields.find((field) => field.path.text === path)?.values ?? [];
  return treeOf(context, value);
}
