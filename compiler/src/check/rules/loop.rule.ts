import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { CheckedFlow, CheckedTarget } from '../../model/checked-model.ts';
import { childOf } from '../../source/source-ref.ts';
import { findWayBack } from '../find-way-back.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { collectionOf } from '../collection-of.ts';
import { holdsKey } from '../holds-key.ts';
import { isKeyField } from '../key-fields.ts';

/** A flow that makes what is read as a record: by itself, or by one whose records lead back to it. */
export const loopGate: Gate = {
  name: 'loop',
  check(context) {
    const links = context.flows.flatMap((from) =>
      from.targets
        .filter((target) => makesAnother(from, target, context.expressions))
        .flatMap((target) =>
          context.flows.filter((to) => reads(to, target)).map((to): Link => ({ from, target, to })),
        ),
    );
    const told = new Set<CheckedFlow>();
    for (const link of links) {
      const way = findWayBack(link, links);
      if (way === undefined || way.some(({ from }) => told.has(from))) continue;
      for (const { from } of way) told.add(from);
      const steps = way.map(
        ({ from, target: { target }, to }) =>
          `flow "${from.flow.name}" makes in "${target.system.name}" what flow "${to.flow.name}" reads (${nameOperation(target.operation)})`,
      );
      // A condition that leaves records out is the decision that is asked for, on each side.
      const open = way.find(({ from }) => from.flow.keep.length === 0);
      if (open === undefined) continue;
      const problem = `What is made is read as a record of its own, and makes another: ${steps.join(', and ')}. Let a "keep" of flow "${open.from.flow.name}" leave out what was made so: { when: =source.… !== …, otherwise: skip }.`;
      const { origin, mode } = open.target.target;
      context.found.push(
        createDiagnostic('invalid-value', { problem }, childOf(origin, mode), {
          related: way.map(({ to }) => ({
            at: childOf(to.flow.source.origin, 'read'),
            message: `flow "${to.flow.name}" reads it here`,
          })),
        }),
      );
    }
  },
};

interface Link {
  readonly from: CheckedFlow;
  readonly target: CheckedTarget;
  readonly to: CheckedFlow;
}

function reads({ flow }: CheckedFlow, { target }: CheckedTarget): boolean {
  const { source } = flow;
  return (
    source.system === target.system &&
    collectionOf(source.operation.path) === collectionOf(target.operation.path)
  );
}

/**
 * Whether a record leads to an object that is a record of its own. One that is known again by something else than the
 * key of its source is the same from whichever side it comes, and so is one of the same key.
 */
function makesAnother(
  { flow }: CheckedFlow,
  { target, fields }: CheckedTarget,
  expressions: GateContext['expressions'],
): boolean {
  if (target.operation.method !== 'POST' || target.mode === 'update') return false;
  const key = flow.source.key.text;
  const own = fields.filter(({ field }) => isKeyField(field, target, expressions));
  const isSame = (text: string): boolean => flow.source.system === target.system && text === key;
  return (
    own.length === 0 || own.some(({ field }) => holdsKey(field, key, expressions) && !isSame(field.path.text))
  );
}
