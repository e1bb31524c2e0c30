import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { CheckedFlow } from '../../model/checked-model.ts';
import { childOf } from '../../source/source-ref.ts';
import { collectionOf } from '../collection-of.ts';
import { findWayBack } from '../find-way-back.ts';
import type { Gate } from '../gate-context.ts';
import { listObjectWrites } from '../object-writes.ts';
import type { ObjectWrite } from '../object-writes.ts';

/**
 * Flows whose writes are read as changes by one another, or by themselves: two values that differ would be swapped for
 * ever, and one that is made of itself would grow. `loop` is the same for what is created.
 */
export const roundTripGate: Gate = {
  name: 'loop',
  check(context) {
    const links = listObjectWrites(context).flatMap((write) =>
      context.flows.flatMap((to): Link[] => {
        const fields = listRead(write, to);
        return fields.length === 0 ? [] : [{ write, from: flowOf(write, context.flows), to, fields }];
      }),
    );
    const told = new Set<CheckedFlow>();
    for (const link of links) {
      const way = findWayBack(link, links);
      if (way === undefined || way.some(({ from }) => told.has(from))) continue;
      for (const { from } of way) told.add(from);
      // A condition that leaves out what came from the other side is the decision that is asked for, on each side.
      const open = way.find(({ from }) => from.flow.keep.length === 0);
      if (open === undefined) continue;
      const steps = way.map(
        ({ from, write, to, fields }) =>
          `flow "${from.flow.name}" writes ${fields.slice(0, 3).join(', ')} in "${write.checked.target.system.name}" (${nameOperation(write.checked.target.operation)}), which ${to === from ? 'it' : `flow "${to.flow.name}"`} reads`,
      );
      const problem = `What is written is read as a change, and written again: ${steps.join('; ')}. Values that differ would go round for ever: links both ways are not handled by this version of Mortise. Let each field go one way only, or let a "keep" of flow "${open.from.flow.name}" leave out what came from the other side.`;
      const { origin, mode } = open.write.checked.target;
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
  readonly write: ObjectWrite;
  readonly from: CheckedFlow;
  readonly to: CheckedFlow;
  readonly fields: readonly string[];
}

function flowOf({ checked }: ObjectWrite, flows: readonly CheckedFlow[]): CheckedFlow {
  return flows.find(({ targets }) => targets.includes(checked)) as CheckedFlow;
}

/** What is written and makes what the other flow sends. */
function listRead(
  { checked: { target }, collection, fields }: ObjectWrite,
  { flow, reads }: CheckedFlow,
): string[] {
  const { source } = flow;
  if (source.system !== target.system || collectionOf(source.operation.path) !== collection) return [];
  return fields.filter((name) => reads.some(({ text }) => isWithin(text, name) || isWithin(name, text)));
}

function isWithin(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
}
