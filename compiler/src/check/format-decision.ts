import type { CheckedField } from '../model/checked-model.ts';
import type { Decision } from '../model/integration-model.ts';

/** `review`, or `default "x"`. */
export function formatDecision(decision: Decision): string {
  return 'action' in decision ? decision.action : `default ${JSON.stringify(decision.default)}`;
}

export function actionOf(decision: Decision): string {
  return 'action' in decision ? decision.action : 'default';
}

/** What is done with a field that is blank, not accepted, or in no line of its table. */
export function listChosenActions({ blank, invalid, otherwise }: CheckedField): string[] {
  const chosen = [...blank.values(), ...invalid.values()].map(({ decision }) => decision);
  return [...chosen, ...(otherwise === undefined ? [] : [otherwise])].map(actionOf);
}
