import type { Authenticator, Credentials } from '../auth/credentials.ts';
import type { RunContext } from '../run-context.ts';
import { calculateBackoffMs } from './backoff.ts';
import type { AuthPause } from './auth-pause.ts';
import type { CallGate } from './call-gate.ts';
import type { CallOptions, CallOutcome } from './call-outcome.ts';
import type { CallAction, CallFacts } from './decide-call.ts';
import { labelFacts } from './label-facts.ts';
import { parseRetryAfter } from './retry-after.ts';

/** Inside one call: at most 3 tries and 20 s; what takes longer goes back to the store. */
const MAX_TRIES = 3;
export const MAX_CALL_MS = 20_000;
const BACKOFF = { baseMs: 200, capMs: 5000 };
const THROTTLE_BACKOFF = { baseMs: 1000, capMs: 20_000 };

export interface TryInput {
  readonly system: string;
  readonly authenticator: Authenticator;
  readonly authPause: AuthPause;
  readonly gate: CallGate;
  readonly context: RunContext;
  readonly facts: CallFacts;
  readonly attempt: number;
  readonly startedMs: number;
  readonly credentials: Credentials;
  readonly refreshed: boolean;
  readonly call: CallOptions;
}

/** Whether to try again inside this call; an outcome where the call must end with one; undefined where the action says how. */
export async function planNextTry(
  action: CallAction,
  input: TryInput,
): Promise<'again' | CallOutcome | undefined> {
  const { facts, attempt, startedMs, call } = input;
  const { clock, random, signal } = input.context;
  if (action === 'refresh') return renew(input);
  const now = clock.now();
  const untilMs = findPause(action, input, now);
  if (untilMs !== undefined) input.gate.pauseUntil(untilMs);
  if ((action === 'wait' && !isInProgress(action, facts, call)) || action === 'pause') {
    input.context.metrics.waits.inc({ system: input.system });
    const end = untilMs ?? now;
    const fits = attempt < MAX_TRIES && end - startedMs < MAX_CALL_MS && !signal.aborted && action === 'wait';
    return fits ? 'again' : { kind: 'wait', untilMs: end, reason: labelFacts(facts) };
  }
  // A write of tiers 0 to 2 may be repeated with the same bytes; a look-up must come before the others.
  const repeatable =
    action === 'retry' || action === 'wait' || (action === 'unknown' && (call.tier ?? 5) <= 2);
  if (!repeatable || attempt >= MAX_TRIES || signal.aborted) return undefined;
  const delayMs = calculateBackoffMs(attempt, BACKOFF, random);
  if (now + delayMs - startedMs >= MAX_CALL_MS) return undefined;
  await clock.sleep(delayMs, signal);
  return 'again';
}

/** A 409 under an idempotency key: the first try is still under way. It concerns this record and nobody else. */
export function isInProgress(action: CallAction, facts: CallFacts, call: CallOptions): boolean {
  return action === 'wait' && call.role === 'write' && facts.kind === 'response' && facts.status === 409;
}

async function renew(input: TryInput): Promise<'again' | CallOutcome> {
  const renewed = input.refreshed ? undefined : await input.authenticator.renew(input.credentials);
  if (renewed?.kind === 'ready') return 'again';
  const untilMs = input.authPause.pause('credentials are refused', '401');
  return { kind: 'wait', untilMs, reason: 'credentials are refused (401)' };
}

/**
 * Until when the whole system is left alone: what the server asked for, whatever becomes of this call; else a while of
 * our own, where it has enough of calls.
 */
function findPause(
  action: CallAction,
  { facts, attempt, context, call }: TryInput,
  now: number,
): number | undefined {
  if (facts.kind === 'response' && facts.status >= 300) {
    const asked = parseRetryAfter(facts.headers['retry-after'], now);
    if (asked !== undefined) return asked + Math.ceil(context.random() * 250);
  }
  if (isInProgress(action, facts, call)) return undefined;
  const isThrottle = facts.kind === 'response' && (facts.status === 429 || facts.status === 503);
  if (!isThrottle && action !== 'wait' && action !== 'pause') return undefined;
  return now + 500 + calculateBackoffMs(attempt, THROTTLE_BACKOFF, context.random);
}
