import type { SendModel } from './integration-model.ts';
import type { AlertKind } from './rules-input.ts';

/**
 * A kind of alert that reaches nobody, or reaches nobody for some flows, in words.
 * @returns nothing where somebody is told in every flow
 */
export function listUntold(
  send: readonly SendModel[],
  kind: AlertKind,
  flows: readonly string[],
): readonly string[] {
  const lines = send.filter(({ when }) => when.includes(kind));
  if (lines.length === 0) return [kind];
  const missing = flows.filter((flow) => lines.every((line) => (line.flow ?? flow) !== flow));
  return missing.length === 0 ? [] : [`${kind} of ${missing.join(' and ')}`];
}
