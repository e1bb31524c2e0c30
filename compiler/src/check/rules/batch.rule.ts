import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import type { CheckedField, CheckedTarget } from '../../model/checked-model.ts';
import { childOf } from '../../source/source-ref.ts';
import { listChosenActions } from '../format-decision.ts';
import type { Gate } from '../gate-context.ts';

/** A record whose result is told by a field that it was sent without is never told: its outcome stays unknown. */
export const batchGate: Gate = {
  name: 'batch',
  check({ flows, found }) {
    for (const { target, fields } of flows.flatMap(({ targets }) => targets)) {
      const { batch } = target;
      if (batch?.match === undefined) continue;
      const { text } = batch.match.item;
      const problem = findProblem(text, fields);
      if (problem === undefined) continue;
      const told = `The result of a record is told by "${text}", ${problem}`;
      found.push(createDiagnostic('invalid-value', { problem: told }, childOf(batch.origin, 'match')));
    }
  },
};

function findProblem(path: string, fields: CheckedTarget['fields']): string | undefined {
  const field = fields.find((one) => one.field.path.text === path);
  if (field === undefined) return `which no line of the mapping sends. Map it, or write match: index.`;
  return leavesOut(field)
    ? `which may be left out or null, and then nobody knows whose result is whose. Write review for it, or match: index.`
    : undefined;
}

/** Left out, or sent as null. */
function leavesOut(field: CheckedField): boolean {
  return listChosenActions(field).some((action) => action === 'omit' || action === 'clear');
}
