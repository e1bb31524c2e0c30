import type { Authenticator, AuthResult, Credentials } from '../auth/credentials.ts';
import type { System } from '../flow.ts';
import type { RunContext } from '../run-context.ts';
import { calculateBackoffMs } from './backoff.ts';
import type { AuthPause } from './auth-pause.ts';
import type { CallGate } from './call-gate.ts';
import type { CallOptions, CallOutcome } from './call-outcome.ts';
import type { CallAction, CallFacts } from './decide-call.ts';
import { labelFacts } from './label-facts.ts';
import { readAskedUntil, readExhaustedUntil } from './rate-limit-headers.ts';
import type { RetryBudget } from './retry-budget.ts';
import type { HealthWatch } from './system-health.ts';

/** Inside one call: at most 3 tries and 20 s; what takes longer goes back to the store. */
const MAX_TRIES = 3;
export const MAX_CALL_MS = 20_000;
/** A refresh, and a while in which the vendor's servers learn of it. */
const MOST_RENEWALS = 2;
const BACKOFF = { baseMs: 200, capMs: 5000 };
const THROTTLE_BACKOFF = { baseMs: 1000, capMs: 300_000 };

/** What the calls of a system share. */
export interface TryParts {
  readonly system: System;
  readonly authenticator: Authenticator;
  readonly authPause: AuthPause;
  readonly gate: CallGate;
  readonly health: HealthWatch;
  readonly budget: RetryBudget;
  /** By operation: how often in a row it was asked for patience without a time. */
  readonly throttles: Map<string, number>;
  readonly context: RunContext;
}

/** The try that has ended. */
export interface EndedTry {
  readonly facts: CallFacts;
  /** What the rule says of a wait for which the server names no time. */
  readonly afterMs: number | undefined;
  readonly attempt: number;
  readonly startedMs: number;
  readonly credentials: Credentials;
  /** How often this call has been given other credentials. */
  readonly renewals: number;
  readonly operation: string;
  readonly call: CallOptions;
  /** Lets the next call go, before this one waits. */
  readonly leave: () => void;
}

/** A good answer that asks for nothing: there is nothing to plan. */
export function isPlainSuccess(action: CallAction, facts: CallFacts, nowMs: number): boolean {
  if (action !== 'ok' || facts.kind !== 'response' || facts.status >= 300) return false;
  return readExhaustedUntil(facts.headers, nowMs) === undefined;
}

/** Whether to try again inside this call; an outcome where the call must end with one; undefined where the action says how. */
export async function planNextTry(
  action: CallAction,
  parts: TryParts,
  ended: EndedTry,
): Promise<'again' | CallOutcome | undefined> {
  const { facts, attempt, startedMs, call } = ended;
  const { clock, random, signal } = parts.context;
  if (action === 'refresh') return renew(parts, ended);
  const now = clock.now();
  const untilMs = findPause(action, parts, ended, now);
  if (untilMs !== undefined) {
    parts.gate.pauseUntil(untilMs, labelFacts(facts));
    parts.health.note('waiting', labelFacts(facts));
  }
  if ((action === 'wait' && !isInProgress(action, facts, call)) || action === 'pause') {
    parts.context.metrics.waits.inc({ system: parts.system.name });
    const end = untilMs ?? now;
    const fits = attempt < MAX_TRIES && end - startedMs < MAX_CALL_MS && !signal.aborted && action === 'wait';
    return fits ? 'again' : { kind: 'wait', untilMs: end, reason: labelFacts(facts) };
  }
  // A write of tiers 0 to 2 may be repeated with the same bytes; a look-up must come before the others.
  const repeatable =
    action === 'retry' || action === 'wait' || (action === 'unknown' && (call.tier ?? 5) <= 2);
  if (!repeatable || attempt >= MAX_TRIES || signal.aborted) return undefined;
  if (!parts.budget.draw(action === 'wait')) return undefined;
  const delayMs = calculateBackoffMs(attempt, BACKOFF, random);
  if (now + delayMs - startedMs >= MAX_CALL_MS) return undefined;
  ended.leave();
  await clock.sleep(delayMs, signal);
  return 'again';
}

/** A 409 under an idempotency key: the first try is still under way. It concerns this record and nobody else. */
export function isInProgress(action: CallAction, facts: CallFacts, call: CallOptions): boolean {
  return action === 'wait' && call.role === 'write' && facts.kind === 'response' && facts.status === 409;
}

async function renew(parts: TryParts, ended: EndedTry): Promise<'again' | CallOutcome> {
  const isSpent = ended.renewals >= MOST_RENEWALS;
  const renewed = isSpent ? undefined : await parts.authenticator.renew(ended.credentials);
  // Once they were refused for good, each try is a probe of its own: the next one goes out with what was renewed. A
  // person who lifts the pause has changed something, and does not wait for one more.
  const isKnown = parts.health.health.state === 'auth' && !parts.authPause.isLifted;
  if (renewed?.kind === 'ready' && !isKnown) return 'again';
  // New credentials that are refused too, and credentials that cannot be renewed, are for a person.
  const needsPerson = renewed?.kind !== 'failed' || renewed.needsPerson;
  const askedMs = renewed?.kind === 'failed' ? (renewed.untilMs ?? 0) : 0;
  if (askedMs > 0) parts.gate.pauseUntil(askedMs, describeRefusal(renewed));
  const pausedMs = parts.authPause.pause('credentials are refused', {
    reason: describeRefusal(renewed),
    needsPerson,
    operation: ended.operation,
  });
  return { kind: 'wait', untilMs: Math.max(pausedMs, askedMs), reason: 'credentials are refused (401)' };
}

function describeRefusal(renewed: AuthResult | undefined): string {
  return renewed?.kind === 'failed' ? `401; ${renewed.reason}` : '401';
}

/**
 * Until when the whole system is left alone: what the server asked for, whatever becomes of this call; else a while of
 * our own, where it has enough of calls.
 */
function findPause(
  action: CallAction,
  { context, gate, throttles }: TryParts,
  { facts, operation, call, afterMs }: EndedTry,
  now: number,
): number | undefined {
  if (facts.kind === 'response') {
    // With a success, the header says when to ask again for what was begun (RFC 9110 15.3.3), not when to call at all.
    const read = facts.status >= 300 ? readAskedUntil : readExhaustedUntil;
    const latest = read(facts.headers, now);
    if (latest !== undefined) return latest + Math.ceil(context.random() * 250);
  }
  if (isInProgress(action, facts, call)) return undefined;
  const isThrottle = facts.kind === 'response' && (facts.status === 429 || facts.status === 503);
  if (!isThrottle && action !== 'wait' && action !== 'pause') return undefined;
  if (afterMs !== undefined && (action === 'wait' || action === 'pause')) return now + afterMs;
  // Calls that were under way when it first asked say nothing new.
  const count = (throttles.get(operation) ?? 0) + (gate.pausedUntilMs > now ? 0 : 1);
  throttles.set(operation, count);
  return now + 500 + calculateBackoffMs(Math.max(1, count), THROTTLE_BACKOFF, context.random);
}
