import type { CallFacts } from './decide-call.ts';

/** A try in one word, for logs and metrics. */
export function labelFacts(facts: CallFacts): string {
  if (facts.kind === 'response') return String(facts.status);
  return facts.kind === 'unknown' ? facts.reason : facts.kind;
}
