import { nameOperation } from '../../model/api-model.ts';
import type { CheckedFlow } from '../../model/checked-model.ts';
import type { Gate } from '../gate-context.ts';
import { listObjectWrites } from '../object-writes.ts';
import type { ObjectWrite } from '../object-writes.ts';
import { listOpenCircles, readsBack, reportCircle } from '../open-circles.ts';
import type { FlowLink } from '../open-circles.ts';

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
        return fields.length === 0 ? [] : [{ from: write.from, target: write.checked.target, to, fields }];
      }),
    );
    for (const circle of listOpenCircles(links)) {
      const steps = circle.way.map(
        ({ from, target, to, fields }) =>
          `flow "${from.flow.name}" writes ${fields.slice(0, 3).join(', ')} in "${target.system.name}" (${nameOperation(target.operation)}), which ${to === from ? 'it' : `flow "${to.flow.name}"`} reads`,
      );
      const { name } = circle.open.from.flow;
      reportCircle(
        context,
        circle,
        `What is written is read as a change, and written again: ${steps.join('; ')}. Values that differ would go round for ever: links both ways are not handled by this version of Mortise. Let each field go one way only, or let a "keep" of flow "${name}" leave out what it must not send back.`,
      );
    }
  },
};

interface Link extends FlowLink {
  readonly fields: readonly string[];
}

/** What is written and makes what the other flow sends. */
function listRead({ checked, fields }: ObjectWrite, to: CheckedFlow): string[] {
  if (!readsBack(to, checked.target)) return [];
  return fields.filter((name) => to.reads.some(({ text }) => isWithin(text, name) || isWithin(name, text)));
}

function isWithin(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
}
