import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { FlowModel } from '../../model/integration-model.ts';
import { childOf, formatPath } from '../../source/source-ref.ts';
import type { SourceRef } from '../../source/source-ref.ts';
import type { Gate } from '../gate-context.ts';

/**
 * Opens where pages are counted and nothing reads again what a shift has passed over. Where records come oldest first,
 * the next page is asked for by the last value, and where everything is read each time, the next pass finds it.
 */
export const pageShiftGate: Gate = {
  name: 'page-shift',
  check(context) {
    for (const { flow } of context.flows) {
      const shift = findShift(flow);
      if (shift === undefined) continue;
      const { at, loss, way } = shift;
      const { operation, pages } = flow.source;
      context.found.push(
        createDiagnostic('page-shift', { operation: nameOperation(operation), loss }, at, {
          related: [
            { at: operation.origin, message: 'what is read' },
            ...(pages === undefined ? [] : [{ at: pages.origin, message: 'it is counted here' }]),
          ],
          fix: `${way}\n# or, where nothing moves and nothing is deleted while it is read:\nallow:\n  - { code: page-shift, at: "${formatPath(at.path)}", because: …, until: … }`,
        }),
      );
    }
  },
};

interface Shift {
  readonly at: SourceRef;
  readonly loss: string;
  readonly way: string;
}

function findShift({ source }: FlowModel): Shift | undefined {
  const { pages, changes, order } = source;
  if (changes === undefined || (pages?.kind !== 'page' && pages?.kind !== 'offset')) return undefined;
  if (changes.field === undefined || changes.full)
    return changes.first === 'seen'
      ? {
          at: childOf(changes.origin, 'first'),
          loss: 'what the first pass has not marked the second writes as if it were new',
          way: 'first: all   # where the target knows each object again, so that nothing is made twice; or a field to read on from, with order: oldest-first',
        }
      : undefined;
  if (order !== 'none') return undefined;
  const field = changes.field.text;
  return {
    at: childOf(changes.origin, 'field'),
    loss: `the next pass begins behind it (${field})`,
    way: `order: oldest-first   # with the parameter that sorts by ${field}: each page is then asked for by the last value, and not by a number\n# or changes: { full: true, first: … }, which reads everything each time`,
  };
}
