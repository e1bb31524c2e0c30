import { stringifyExactJson } from '../exact-json.ts';
import type { Scrubber } from '../log/scrub.ts';
import type { CallOutcome } from './call-outcome.ts';
import type { CallAction, CallFacts } from './decide-call.ts';
import { labelFacts } from './label-facts.ts';

/** The outcome of a call whose last try ended so. */
export function finishCall(
  action: CallAction,
  facts: CallFacts,
  rule: string | undefined,
  scrubber: Pick<Scrubber, 'scrub'>,
): CallOutcome {
  switch (action) {
    case 'ok':
      if (facts.kind !== 'response') return { kind: 'unknown', reason: labelFacts(facts) };
      return {
        kind: 'ok',
        status: facts.status,
        headers: facts.headers,
        body: facts.body,
      };
    case 'missing':
      return { kind: 'missing' };
    case 'exists':
      return { kind: 'exists', reason: labelFacts(facts) };
    case 'unknown':
      return { kind: 'unknown', reason: labelFacts(facts) };
    case 'look-again':
      return { kind: 'stale', reason: labelFacts(facts) };
    case 'review':
    case 'fail':
    case 'skip':
    case 'halt':
      return {
        kind: 'refused',
        action,
        status: facts.kind === 'response' ? facts.status : 0,
        message: describe(facts, scrubber),
        rule,
      };
    default:
      return { kind: 'defer', reason: labelFacts(facts) };
  }
}

const LONGEST_MESSAGE = 500;

/** An answer may quote the address that was called, with all that it holds. */
function describe(facts: CallFacts, scrubber: Pick<Scrubber, 'scrub'>): string {
  if (facts.kind !== 'response') return labelFacts(facts);
  const text = facts.body === undefined ? '' : (stringifyExactJson(facts.body) ?? '');
  return `${facts.status} ${scrubber.scrub(text).slice(0, LONGEST_MESSAGE)}`.trim();
}
