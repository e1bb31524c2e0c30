import type { LooseJson } from '../json.ts';
import { saysLimited } from './rate-limit-headers.ts';

export type CallRole = 'read' | 'look-up' | 'write';
export type WriteTier = 0 | 1 | 2 | 3 | 4 | 5;
export type CallAction =
  | 'retry'
  | 'wait'
  | 'defer'
  | 'pause'
  | 'refresh'
  | 'ok'
  | 'missing'
  | 'exists'
  | 'skip'
  | 'review'
  | 'fail'
  | 'halt'
  | 'look-again'
  | 'unknown';

/** What is known of one try. */
export type CallFacts =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: LooseJson;
    }
  | { readonly kind: 'not-sent' }
  | { readonly kind: 'unknown'; readonly reason: 'timeout' | 'cut' | 'too-large' | 'malformed' };

/** A decision of the rules: statuses and classes, and when. */
export interface CallRule {
  readonly on: readonly StatusMatch[];
  readonly when?: (answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body: LooseJson;
  }) => boolean;
  readonly do: CallAction;
  /** Of `wait` and `pause`: for how long, where the server names no time; in milliseconds. */
  readonly afterMs?: number;
  /** The rule's path, for logs and reviews. */
  readonly rule: string;
}

export type StatusRange = readonly [from: number, to: number];

/** `[400, 499]`, or a class: `not-sent`, `unknown`, `timeout`, `malformed`, `too-large`. */
export type StatusMatch = StatusRange | string;

export interface CallDecision {
  readonly action: CallAction;
  /** The rule that decided; undefined for the standard policy. */
  readonly rule: string | undefined;
  readonly afterMs?: number | undefined;
}

/** What is called, as far as a decision about its answer depends on it. */
export interface CallNature {
  readonly role: CallRole;
  readonly tier?: WriteTier | undefined;
  /** The record can be looked up for again, and the write made anew of what is found. */
  readonly looksUp?: boolean | undefined;
  /** Statuses after which nothing was applied, though others could not know. */
  readonly notApplied?: readonly StatusRange[] | undefined;
}

/** What to do after one try: the first rule that fits, else the standard policy. Pure. */
export function decideCall(facts: CallFacts, call: CallNature, rules: readonly CallRule[]): CallDecision {
  const isUnapplied = facts.kind === 'response' && isWithin(facts.status, call.notApplied);
  for (const rule of rules) {
    if (!matches(rule, facts)) continue;
    const action = isUnapplied ? rule.do : keepSafe(rule, facts, call.role);
    return { action, rule: rule.rule, afterMs: rule.afterMs };
  }
  // The state that a condition was for has changed; nothing was applied.
  if (facts.kind === 'response' && facts.status === 412)
    return { action: call.looksUp === true ? 'look-again' : 'retry', rule: undefined };
  // As for a reading: a repeat repeats nothing.
  if (isUnapplied && call.role === 'write')
    return { action: decideStandard(facts, 'read', undefined), rule: undefined };
  return { action: decideStandard(facts, call.role, call.tier), rule: undefined };
}

/** These say themselves what came of the write: done, there already, or not done, by an answer that a rule has read. */
const KNOWING: ReadonlySet<CallAction> = new Set(['ok', 'exists', 'skip', 'fail']);

/** Whether the write may have been applied, whatever is done about this answer. */
export function mayBeApplied(action: CallAction, facts: CallFacts, call: CallNature): boolean {
  if (call.role !== 'write' || facts.kind === 'not-sent' || KNOWING.has(action)) return false;
  if (facts.kind === 'unknown') return true;
  const { status } = facts;
  if (isWithin(status, call.notApplied)) return false;
  // Of a 503 the tier says what it means.
  if (status === 503) return action === 'unknown' || (call.tier ?? 5) >= 3;
  return action === 'unknown' || isOpen(status);
}

/** RFC 9110: accepted, sent elsewhere, too slow, or failed in the middle. */
function isOpen(status: number): boolean {
  if (status >= 300 && status < 400) return status !== 307 && status !== 308;
  return status === 202 || status === 408 || status >= 500;
}

function isWithin(status: number, ranges: readonly StatusRange[] = []): boolean {
  return ranges.some(([from, to]) => from <= status && status <= to);
}

function matches(rule: CallRule, facts: CallFacts): boolean {
  const fits = rule.on.some((match) => {
    if (typeof match !== 'string')
      return facts.kind === 'response' && facts.status >= match[0] && facts.status <= match[1];
    if (facts.kind === 'not-sent') return match === 'not-sent';
    return facts.kind === 'unknown' && (match === 'unknown' || match === facts.reason);
  });
  if (!fits || rule.when === undefined) return fits;
  if (facts.kind !== 'response') return false;
  try {
    return rule.when({ status: facts.status, headers: facts.headers, body: facts.body });
  } catch {
    // A predicate that cannot read this body does not hold for it.
    return false;
  }
}

/** What a rule may do with a write of which nobody knows whether it was applied: show it to a person, or stop. */
const SAFE_WHEN_UNKNOWN: ReadonlySet<CallAction> = new Set(['unknown', 'exists', 'review', 'halt']);

/** However a rule is written, a write whose outcome is unknown is resolved by its tier and never taken for a failure. */
function keepSafe(rule: CallRule, facts: CallFacts, role: CallRole): CallAction {
  const action = rule.do;
  if (role !== 'write' || facts.kind === 'not-sent') return action;
  if (facts.kind === 'unknown') return SAFE_WHEN_UNKNOWN.has(action) ? action : 'unknown';
  if (!isOpen(facts.status)) return action;
  if (action === 'retry' || action === 'defer') return 'unknown';
  // A predicate that has read the answer may know that this error is a refusal; a status alone does not say so.
  const isFailure = action === 'fail' || action === 'skip';
  return isFailure && rule.when === undefined ? 'unknown' : action;
}

/** RFC 6750 3.1: every call would be refused like this one, so it is not the record's fault. */
function lacksScope(status: number, headers: Readonly<Record<string, string>>): boolean {
  return status === 403 && /\binsufficient_scope\b/.test(headers['www-authenticate'] ?? '');
}

function decideStandard(facts: CallFacts, role: CallRole, tier: WriteTier | undefined): CallAction {
  if (facts.kind === 'not-sent') return 'retry';
  if (facts.kind === 'unknown') return role === 'write' ? 'unknown' : 'retry';
  const { status } = facts;
  // RFC 9110 15.3.3: accepted is not done, and may never be. A rule may say that it counts.
  if (status === 202 && role === 'write') return 'unknown';
  if (status >= 200 && status < 300) return 'ok';
  // RFC 9110 15.5.8: a proxy on the way does not know us, which no record can change.
  if (status === 401 || status === 407 || lacksScope(status, facts.headers)) return 'refresh';
  // RFC 9110 15.4: only 307 and 308 say that nothing was done and the request belongs elsewhere.
  if (status < 400 && role === 'write' && status !== 307 && status !== 308) return 'unknown';
  // A gateway also answers 503 for a server that has done the work, so a write that may not be repeated is looked up.
  if (status === 503 && role === 'write' && tier !== undefined && tier >= 3) return 'unknown';
  if (status === 429 || status === 503 || (status === 403 && saysLimited(facts.headers)))
    return role === 'write' && tier === 5 ? 'unknown' : 'wait';
  if (status === 408 || status >= 500) return role === 'write' ? 'unknown' : 'retry';
  if (role === 'look-up') return status === 404 ? 'missing' : 'review';
  if (role === 'read') return 'halt';
  if (status === 409 && tier === 1) return 'wait';
  return status === 409 && (tier === 3 || tier === 4) ? 'exists' : 'review';
}
