import type { Decision } from '../model/integration-model.ts';

/** `review`, or `default "x"`. */
export function formatDecision(decision: Decision): string {
  return 'action' in decision ? decision.action : `default ${JSON.stringify(decision.default)}`;
}

export function actionOf(decision: Decision): string {
  return 'action' in decision ? decision.action : 'default';
}
