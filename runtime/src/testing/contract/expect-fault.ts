import type { WriteTier } from '../../http/decide-call.ts';
import type { WireOutcome } from '../../http/transport.ts';
import { evaluate } from '../oracle-expressions.ts';
import type { CallRuleText } from '../oracle-policy.ts';
import { respond } from '../memory-transport.ts';

/** What goes wrong with a call, once. */
export interface Fault {
  readonly name: string;
  readonly outcome: WireOutcome;
}

export const FAULTS: readonly Fault[] = [
  ...[400, 404, 422, 429, 500, 502, 503].map((status) => ({
    name: `is answered ${status}`,
    outcome: respond(status, {}),
  })),
  { name: 'cannot connect', outcome: { kind: 'not-sent', detail: 'ECONNREFUSED' } },
  { name: 'is not answered in time', outcome: { kind: 'unknown', reason: 'timeout', detail: 'late' } },
  { name: 'is cut off', outcome: { kind: 'unknown', reason: 'cut', detail: 'ECONNRESET' } },
  {
    name: 'is answered by a page of a proxy',
    outcome: respond(200, '<html>', { 'content-type': 'text/html' }),
  },
];

/** How a call ends that fails once, by the rules and the standard policy as it is printed. */
export type FaultEnd =
  /** It is made again, and then all goes well. */
  | 'recovers'
  /** The reading stands still, and nothing is lost. */
  | 'halts'
  /** A person looks at the record. */
  | 'review'
  | 'dead'
  | 'skipped'
  /** Nothing is found. */
  | 'none'
  /** The rules have an answer that this check does not follow to its end. */
  | undefined;

export interface FaultedCall {
  readonly role: string;
  /** Of a write. */
  readonly tier: WriteTier | undefined;
  readonly rules: readonly CallRuleText[];
  /** Statuses after which nothing was applied, as a fact says. */
  readonly unapplied: readonly string[];
}

export function expectFaultEnd(fault: Fault, { role, tier, rules, unapplied }: FaultedCall): FaultEnd {
  const rule = rules.find((entry) => matches(entry, fault.outcome));
  const action = rule?.do ?? decideStandard(fault.outcome, role);
  if (!FOLLOWED.has(action)) return undefined;
  const isKnown = unapplied.some((match) => fitsMatch(match, fault.outcome));
  if (role === 'write' && !isKnown && isUnclear(fault.outcome, rule))
    return tier === 5 ? 'review' : 'recovers';
  switch (action) {
    case 'retry':
    case 'defer':
      return 'recovers';
    case 'wait':
      return role === 'write' && tier === 5 && !isKnown ? undefined : 'recovers';
    case 'review':
      return role === 'read' ? 'halts' : 'review';
    case 'fail':
      return role === 'read' ? 'halts' : 'dead';
    case 'skip':
      return role === 'read' ? undefined : 'skipped';
    case 'halt':
      return role === 'read' ? 'halts' : undefined;
    case 'missing':
      return role === 'find' ? 'none' : undefined;
    default:
      return undefined;
  }
}

/** Others, such as a pause that a person ends, are not followed to their end. */
const FOLLOWED: ReadonlySet<string> = new Set([
  'retry',
  'defer',
  'wait',
  'review',
  'fail',
  'skip',
  'halt',
  'missing',
]);

/**
 * What may have been applied is resolved by the write's tier, whatever a rule says of it, but that a person looks at it,
 * that everything stops, or that something in the answer tells a refusal.
 */
function isUnclear(outcome: WireOutcome, rule: CallRuleText | undefined): boolean {
  if (rule?.do === 'review' || rule?.do === 'halt') return false;
  const isServerError = outcome.kind === 'response' && outcome.status >= 500;
  const tellsRefusal = rule?.when !== undefined && (rule.do === 'fail' || rule.do === 'skip');
  if (isServerError && (tellsRefusal || rule?.do === 'wait')) return false;
  return mayBeApplied(outcome) || (isServerError && rule !== undefined);
}

/** As the documents print it. */
function decideStandard(outcome: WireOutcome, role: string): string {
  if (outcome.kind !== 'response') return 'retry';
  const { status } = outcome;
  // A success whose body is not of the expected format.
  if (status < 300) return 'retry';
  if (status === 429 || status === 503) return 'wait';
  if (status >= 500) return 'retry';
  if (role === 'read') return 'halt';
  return role === 'find' && status === 404 ? 'missing' : 'review';
}

function mayBeApplied(outcome: WireOutcome): boolean {
  if (outcome.kind === 'not-sent') return false;
  return (
    outcome.kind === 'unknown' || outcome.status === 500 || outcome.status === 502 || outcome.status < 300
  );
}

function matches({ on, when }: CallRuleText, outcome: WireOutcome): boolean {
  const fits = [on].flat().some((match) => fitsMatch(String(match), outcome));
  if (!fits || when === undefined) return fits;
  if (outcome.kind !== 'response') return false;
  const scope = { source: undefined, found: undefined, ids: undefined, config: undefined };
  try {
    return evaluate(when.replace(/^=/, ''), { ...scope, body: {}, status: outcome.status }) === true;
  } catch {
    return false;
  }
}

function fitsMatch(match: string, outcome: WireOutcome): boolean {
  if (outcome.kind === 'not-sent') return match === 'not-sent';
  if (outcome.kind === 'unknown') return match === 'unknown' || match === outcome.reason;
  const { status } = outcome;
  // A page that is no answer is malformed, whatever its status.
  if (status < 300) return match === 'unknown' || match === 'malformed';
  const [, from = '', to = from] = /^(\d{3})(?:-(\d{3}))?$/.exec(match) ?? [];
  if (from !== '') return status >= Number(from) && status <= Number(to);
  return match.toLowerCase() === `${String(status)[0]}xx`;
}
