import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { CheckedTarget } from '../../model/checked-model.ts';
import type { ExpressionTree } from '../../model/expression-tree.ts';
import type { TargetModel } from '../../model/integration-model.ts';
import { childOf, formatPath } from '../../source/source-ref.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { listRecordReads } from '../list-reads.ts';

/**
 * Two flows, or two targets of one, that write the same objects: where both name one, each overwrites what the other
 * wrote, and neither sends again what it holds for delivered.
 */
export const sharedObjectGate: Gate = {
  name: 'shared-object',
  check(context) {
    const writes = context.flows.flatMap(({ targets }) => targets).flatMap((one) => findWrite(context, one));
    for (const [index, later] of writes.entries()) {
      const sooner = writes.slice(0, index).find((one) => meets(one, later));
      if (sooner === undefined) continue;
      const { flow, target } = later.checked;
      const at = childOf(target.origin, target.mode);
      const [first, second] = [sooner, later].map(({ checked }) => nameOperation(checked.target.operation));
      context.found.push(
        createDiagnostic(
          'shared-object',
          {
            writers: nameWriters(sooner.checked, later.checked),
            operations: first === second ? [first ?? ''] : [first ?? '', second ?? ''],
            system: target.system.name,
            what: describeLoss(sooner, later),
          },
          at,
          {
            fix: `allow:\n  - { code: shared-object, at: "${formatPath(at.path)}", because: …, until: … }   # where the two never name the same object; or names of their own: =\`${flow.name}-\${…}\``,
            related: [
              { at: target.operation.origin, message: 'the operation' },
              {
                at: childOf(sooner.checked.target.origin, sooner.checked.target.mode),
                message: `${sooner.checked.flow === flow ? 'it' : `flow "${sooner.checked.flow.name}"`} writes them here`,
              },
            ],
          },
        ),
      );
    }
  },
};

function nameWriters(one: CheckedTarget, other: CheckedTarget): string {
  if (one.flow !== other.flow) return `The flows "${one.flow.name}" and "${other.flow.name}"`;
  return `The targets "${one.target.name}" and "${other.target.name}" of flow "${one.flow.name}"`;
}

/** A write that names its object by itself, so that another may name the same. */
interface Write {
  readonly checked: CheckedTarget;
  /** The list that the object is of. */
  readonly collection: string;
  readonly identity: ExpressionTree | undefined;
  /** Fields beside the one that it is known by. */
  readonly fields: ReadonlySet<string>;
  readonly replaces: boolean;
}

function findWrite(context: GateContext, checked: CheckedTarget): Write[] {
  const { target, tier, fields } = checked;
  const upsert = target.once.find((entry) => entry.kind === 'upsert');
  // What is created is an object of its own, and what follows from it changes that one.
  if (target.mode !== 'write' || (tier !== 0 && upsert === undefined)) return [];
  const identity = tier === 0 ? findPathValue(context, target) : findFieldValue(context, target, upsert?.by);
  if (identity !== undefined && listRecordReads(identity, 'ids').length > 0) return [];
  const names = fields.map(({ field }) => field.path.text).filter((name) => name !== upsert?.by);
  return [
    {
      checked,
      collection: target.operation.path.replace(/\/\{[^}]+\}$/, ''),
      identity,
      fields: new Set(names),
      replaces: target.operation.method === 'PUT' && target.replaces !== false,
    },
  ];
}

function findPathValue({ expressions }: GateContext, { operation, input }: TargetModel) {
  const name = /\{([^}]+)\}$/.exec(operation.path)?.[1];
  const given = input.parameters.find(({ parameter }) => parameter.in === 'path' && parameter.name === name);
  return given?.value.kind === 'expression' ? expressions.get(given.value.expression)?.tree : undefined;
}

function findFieldValue({ expressions }: GateContext, { fields }: TargetModel, path: string | undefined) {
  const [value] = fields.find((field) => field.path.text === path)?.values ?? [];
  return value?.kind === 'expression' ? expressions.get(value.expression)?.tree : undefined;
}

function meets(one: Write, other: Write): boolean {
  const [left, right] = [one.checked, other.checked];
  return (
    left.target.system === right.target.system &&
    one.collection === other.collection &&
    !isApart(one.identity, other.identity) &&
    (one.replaces || other.replaces || listCommon(one, other).length > 0)
  );
}

function listCommon(one: Write, other: Write): string[] {
  return [...one.fields].filter((name) => other.fields.has(name));
}

const MOST_NAMED = 3;

function describeLoss(one: Write, other: Write): string {
  if (one.replaces || other.replaces) return 'the whole object';
  const names = listCommon(one, other);
  const more = names.length - MOST_NAMED;
  const listed = names.slice(0, MOST_NAMED).join(', ');
  return `the field${names.length === 1 ? '' : 's'} ${listed}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Names that begin or end with different texts of the rules are never the same: `shop-…` and `crm-…`. */
function isApart(one: ExpressionTree | undefined, other: ExpressionTree | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const [left, right] = [listEnds(one), listEnds(other)];
  return (
    differs(left.start, right.start, (text, part) => text.startsWith(part)) ||
    differs(left.end, right.end, (text, part) => text.endsWith(part))
  );
}

function differs(one: string, other: string, holds: (text: string, part: string) => boolean): boolean {
  return one !== '' && other !== '' && !holds(one, other) && !holds(other, one);
}

/** The texts with which a value surely begins and ends. */
function listEnds(tree: ExpressionTree): { readonly start: string; readonly end: string } {
  if (tree.kind === 'literal' && typeof tree.value === 'string')
    return { start: tree.value, end: tree.value };
  if (tree.kind === 'template' && tree.tag === undefined)
    return { start: tree.texts[0] ?? '', end: tree.texts.at(-1) ?? '' };
  if (tree.kind === 'binary' && tree.operator === '+')
    return { start: listEnds(tree.left).start, end: listEnds(tree.right).end };
  return { start: '', end: '' };
}
