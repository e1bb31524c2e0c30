import { nameOperation } from '../../model/api-model.ts';
import type { CheckedFlow, CheckedTarget } from '../../model/checked-model.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { holdsKey } from '../holds-key.ts';
import { isKeyField } from '../key-fields.ts';
import { listOpenCircles, readsBack, reportCircle } from '../open-circles.ts';

/** A flow that makes what is read as a record: by itself, or by one whose records lead back to it. */
export const loopGate: Gate = {
  name: 'loop',
  check(context) {
    const links = context.flows.flatMap((from) =>
      from.targets
        .filter((checked) => makesAnother(from, checked, context.expressions))
        .flatMap(({ target }) =>
          context.flows.filter((to) => readsBack(to, target)).map((to) => ({ from, target, to })),
        ),
    );
    for (const circle of listOpenCircles(links)) {
      const steps = circle.way.map(
        ({ from, target, to }) =>
          `flow "${from.flow.name}" makes in "${target.system.name}" what flow "${to.flow.name}" reads (${nameOperation(target.operation)})`,
      );
      const { name } = circle.open.from.flow;
      reportCircle(
        context,
        circle,
        `What is made is read as a record of its own, and makes another: ${steps.join(', and ')}. Let a "keep" of flow "${name}" leave out what was made so: { when: =source.… !== …, otherwise: skip }.`,
      );
    }
  },
};

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
