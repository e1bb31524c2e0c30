import type { CheckedExpression } from '../model/checked-model.ts';
import { formatSteps } from '../model/field-path.ts';
import type { Expression, FieldModel, TargetModel } from '../model/integration-model.ts';
import { collectInput } from './collect-expressions.ts';
import { listRecordReads } from './list-reads.ts';

/** Whether a look-up or an upsert stands on the field: no policy may answer for it, and it is never sent blank. */
export function isKeyField(
  field: FieldModel,
  target: TargetModel,
  expressions: ReadonlyMap<Expression, CheckedExpression>,
): boolean {
  const path = formatSteps(field.path.steps);
  return target.once.some((once) => {
    if (once.kind === 'upsert') return once.by === field.path.text || once.by === path;
    if (once.kind !== 'look-up') return false;
    return collectInput(once.input).some((expression) => {
      const tree = expressions.get(expression)?.tree;
      const reads = tree === undefined ? [] : listRecordReads(tree, 'sent');
      // A read of an object stands on all of its fields.
      return reads.some(
        (read) => read.path === undefined || read.path.text === path || startsBelow(path, read.path.text),
      );
    });
  });
}

function startsBelow(path: string, above: string): boolean {
  return path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
}
