import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { CheckedTarget } from '../../model/checked-model.ts';
import type { ExpressionTree } from '../../model/expression-tree.ts';
import { childOf, formatPath } from '../../source/source-ref.ts';
import type { Gate } from '../gate-context.ts';
import { listObjectWrites } from '../object-writes.ts';
import type { ObjectWrite } from '../object-writes.ts';

/**
 * Two flows, or two targets of one, that write the same objects: where both name one, each overwrites what the other
 * wrote, and neither sends again what it holds for delivered.
 */
export const sharedObjectGate: Gate = {
  name: 'shared-object',
  check(context) {
    const writes = listObjectWrites(context);
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

function meets(one: ObjectWrite, other: ObjectWrite): boolean {
  const [left, right] = [one.checked, other.checked];
  return (
    !(one.isOwn && other.isOwn) &&
    left.target.system === right.target.system &&
    one.collection === other.collection &&
    !isApart(one.identity, other.identity) &&
    (one.replaces || other.replaces || listCommon(one, other).length > 0)
  );
}

function listCommon(one: ObjectWrite, other: ObjectWrite): string[] {
  return one.fields.filter((name) => other.fields.includes(name));
}

const MOST_NAMED = 3;

function describeLoss(one: ObjectWrite, other: ObjectWrite): string {
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
