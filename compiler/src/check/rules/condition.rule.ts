import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import type { Gate } from '../gate-context.ts';

/** A condition that looks at nothing decides for every record or answer alike, and whoever reads the rules would not think so. */
export const conditionGate: Gate = {
  name: 'condition',
  check({ expressions, found }) {
    for (const [{ at }, { tree }] of expressions) {
      if (tree.kind !== 'literal' || typeof tree.value !== 'boolean') continue;
      const problem = findProblem(String(at.path.at(-1)), at.path.includes('keep'), tree.value);
      if (problem !== undefined) found.push(createDiagnostic('invalid-value', { problem }, at));
    }
  },
};

/** `unless: =false` and `error: =false` say that a success is always one. */
function findProblem(key: string, isKeep: boolean, holds: boolean): string | undefined {
  if (key === 'unless' || key === 'error')
    return holds
      ? 'This holds for every answer, so each success would be taken for a refusal. Write by what in the answer one is known.'
      : undefined;
  if (key !== 'when') return undefined;
  if (isKeep)
    return holds
      ? 'This holds for every record, so the line keeps all. Leave it out.'
      : 'This holds for no record, so the flow would deliver nothing. Write by what a record is kept.';
  return holds
    ? 'This holds for every answer. Leave "when" out.'
    : 'This holds for no answer. Leave the rule out.';
}
