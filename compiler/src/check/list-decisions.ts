import type { Decision, FieldModel } from '../model/integration-model.ts';
import { childOf } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';

/** A decision as it stands in the rules. */
export interface WrittenDecision {
  readonly key: 'blank' | 'invalid' | 'otherwise';
  /** The kind that it is for; undefined where it is for all. */
  readonly kind: string | undefined;
  readonly decision: Decision;
  readonly at: SourceRef;
}

export function listDecisions(field: FieldModel): WrittenDecision[] {
  const written: WrittenDecision[] = [];
  for (const [key, rule] of [
    ['blank', field.blank],
    ['invalid', field.invalid],
  ] as const) {
    if (rule?.all !== undefined) written.push({ key, kind: undefined, decision: rule.all, at: rule.origin });
    for (const [kind, decision] of rule?.byKind ?? [])
      written.push({ key, kind, decision, at: childOf(rule?.origin ?? field.origin, kind) });
  }
  if (field.otherwise !== undefined) {
    written.push({
      key: 'otherwise',
      kind: undefined,
      decision: field.otherwise,
      at: childOf(field.origin, 'otherwise'),
    });
  }
  return written;
}
