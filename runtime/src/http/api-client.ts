import type { Authenticator, AuthFailure, Credentials } from '../auth/credentials.ts';
import type { System } from '../flow.ts';
import type { RunContext } from '../run-context.ts';
import type { FrozenRequest } from './api-request.ts';
import { createAuthPause } from './auth-pause.ts';
import type { AuthPause } from './auth-pause.ts';
import { createBreaker } from './breaker.ts';
import type { Breaker } from './breaker.ts';
import { DEFAULT_CONCURRENCY } from './call-gate.ts';
import type { CallGate } from './call-gate.ts';
import type { CallOptions, CallOutcome } from './call-outcome.ts';
import { decideCall, mayBeApplied } from './decide-call.ts';
import type { CallDecision, CallFacts, CallRule } from './decide-call.ts';
import { finishCall } from './finish-call.ts';
import { labelFacts } from './label-facts.ts';
import { isInProgress, isPlainSuccess, MAX_CALL_MS, planNextTry } from './plan-next-try.ts';
import { createRetryBudget } from './retry-budget.ts';
import type { RetryBudget } from './retry-budget.ts';
import { sendRequest } from './send-request.ts';
import { createHealthWatch } from './system-health.ts';
import type { HealthWatch, SystemHealth } from './system-health.ts';
import type { Transport } from './transport.ts';

/** Calls of one system: in turn, authenticated, retried, and classified. */
export interface ApiClient {
  readonly system: string;
  /** Base URL. */
  readonly server: string;
  call(request: FrozenRequest, options: CallOptions): Promise<CallOutcome>;
  /** No call goes out before this moment: a pause or an open breaker. */
  readonly pausedUntilMs: number;
  /** The system has failed again and again, and has answered nothing well since. */
  readonly isFailing: boolean;
  /** Calls that can be under way at the same time. */
  readonly concurrency: number;
  /** How it has answered of late. */
  readonly health: SystemHealth;
  /** A person lifts a pause. */
  resume(): void;
  close(): Promise<void>;
}

export interface ApiClientOptions {
  readonly system: System;
  readonly transport: Transport;
  readonly authenticator: Authenticator;
  readonly gate: CallGate;
  readonly context: RunContext;
}

interface ClientParts extends ApiClientOptions {
  readonly health: HealthWatch;
  readonly breaker: Breaker;
  readonly authPause: AuthPause;
  readonly budget: RetryBudget;
  readonly throttles: Map<string, number>;
}

export function createApiClient(options: ApiClientOptions): ApiClient {
  const { system, transport, authenticator, gate, context } = options;
  const health = createHealthWatch(context.clock);
  const authPause = createAuthPause(system.name, gate, health, context);
  gate.onResume(() => {
    authPause.lift();
    authenticator.reload();
  });
  const parts: ClientParts = {
    ...options,
    health,
    breaker: createBreaker({ system: system.name, gate, health, context }),
    authPause,
    budget: createRetryBudget(),
    throttles: new Map(),
  };
  return {
    system: system.name,
    server: system.server,
    concurrency: system.limits?.concurrency ?? DEFAULT_CONCURRENCY,
    get pausedUntilMs() {
      return gate.pausedUntilMs;
    },
    get isFailing() {
      return parts.breaker.isOpen;
    },
    get health() {
      return health.health;
    },
    resume: () => gate.resume(),
    close: () => transport.close(),
    call: (request, call) => callPatiently(parts, request, call),
  };
}

async function callPatiently(
  parts: ClientParts,
  request: FrozenRequest,
  call: CallOptions,
): Promise<CallOutcome> {
  const { system, context } = parts;
  const { clock } = context;
  const startedMs = clock.now();
  const rules = joinRules(call.rules, system.calls);
  let renewals = 0;
  // Once one try may have been applied, no later one can say that nothing was.
  let uncertain = false;
  for (let attempt = 1; ; attempt += 1) {
    const one = await tryOnce(parts, request, call, MAX_CALL_MS - (clock.now() - startedMs));
    if (one.kind === 'later') return { kind: 'wait', untilMs: one.untilMs, reason: one.reason, uncertain };
    const { facts, credentials, leave } = one;
    const decision = decideCall(facts, call, rules);
    const { action } = decision;
    noteTry(parts, request, call, { attempt, facts, decision });
    uncertain ||= mayBeApplied(action, facts, call) || isInProgress(action, facts, call);
    if (isPlainSuccess(action, facts, clock.now())) {
      leave();
      return finishCall(action, facts, decision.rule, context.scrubber);
    }
    const next = await planNextTry(action, parts, {
      facts,
      afterMs: decision.afterMs,
      attempt,
      startedMs,
      credentials,
      renewals,
      operation: request.operation,
      call,
      leave,
    });
    leave();
    renewals += action === 'refresh' ? 1 : 0;
    if (next === 'again') {
      context.metrics.retries.inc({ system: system.name, operation: request.operation });
      continue;
    }
    const outcome = next ?? finishCall(action, facts, decision.rule, context.scrubber);
    return outcome.kind === 'ok' || outcome.kind === 'exists' || outcome.kind === 'unknown'
      ? outcome
      : { ...outcome, uncertain };
  }
}

/** Those of the call come first. */
function joinRules(own: readonly CallRule[] = [], shared: readonly CallRule[] = []): readonly CallRule[] {
  if (shared.length === 0) return own;
  return own.length === 0 ? shared : [...own, ...shared];
}

interface TryReport {
  readonly attempt: number;
  readonly facts: CallFacts;
  readonly decision: CallDecision;
}

function noteTry(
  { system, context, breaker, authPause, health, budget, gate, throttles }: ClientParts,
  request: FrozenRequest,
  call: CallOptions,
  { attempt, facts, decision }: TryReport,
): void {
  const outcome = labelFacts(facts);
  breaker.note(facts);
  health.noteCall(request.operation, call.role, isAnswered(facts, decision) ? undefined : outcome);
  if (decision.action === 'ok') {
    budget.noteSuccess();
    throttles.delete(request.operation);
  }
  // An answer that was under way when the system asked for patience does not end it.
  const isPaused = gate.pausedUntilMs > context.clock.now();
  if (isWell(facts, decision) && !isPaused && authPause.reset(request.operation)) {
    health.note('well', outcome);
    gate.widen();
  }
  context.metrics.calls.inc({ system: system.name, operation: request.operation, outcome });
  const told = { flow: call.flow, system: system.name, step: request.operation };
  if (facts.kind === 'not-sent') {
    const { detail } = facts as { readonly detail?: string };
    context.log.warn('no connection', { ...told, detail });
  }
  context.log.debug('call', { ...told, key: call.key, attempt, outcome, rule: decision.rule });
}

/** The operation works, whatever it says about this one record. */
function isAnswered(facts: CallFacts, { action }: CallDecision): boolean {
  if (facts.kind !== 'response' || facts.status >= 500) return false;
  if (action === 'refresh' || [401, 407, 408, 429].includes(facts.status)) return false;
  return facts.status !== 403 || action !== 'wait';
}

/** It answers, knows us and asks for no patience, whatever it says about this one record. */
function isWell(facts: CallFacts, { action }: CallDecision): boolean {
  if (facts.kind !== 'response' || facts.status >= 500 || facts.status === 401) return false;
  return (
    action !== 'wait' &&
    action !== 'pause' &&
    action !== 'refresh' &&
    action !== 'retry' &&
    action !== 'unknown'
  );
}

interface Tried {
  readonly kind: 'tried';
  readonly facts: CallFacts;
  readonly credentials: Credentials;
  /** Lets the next call go: only once it is clear what this answer means for the others. */
  readonly leave: () => void;
}

interface Later {
  readonly kind: 'later';
  readonly untilMs: number;
  readonly reason: string;
}

/** Nothing went out, for the call could not say who asks. */
function pauseUnknown({ gate, authPause }: ClientParts, failure: AuthFailure): Later {
  const { reason, needsPerson, untilMs = 0 } = failure;
  if (untilMs > 0) gate.pauseUntil(untilMs, reason);
  const pausedMs = authPause.pause('authentication failed', { reason, needsPerson });
  return { kind: 'later', untilMs: Math.max(pausedMs, untilMs), reason };
}

async function tryOnce(
  parts: ClientParts,
  request: FrozenRequest,
  call: CallOptions,
  maxWaitMs: number,
): Promise<Tried | Later> {
  const { system, transport, authenticator, gate, context } = parts;
  const auth = await authenticator.get();
  if (auth.kind === 'failed') return pauseUnknown(parts, auth);
  const { credentials } = auth;
  const admission = await gate.enter(
    request.operation,
    Math.max(0, maxWaitMs),
    context.signal,
    call.lane ?? 'live',
  );
  if (admission.kind === 'later')
    return { kind: 'later', untilMs: admission.untilMs, reason: 'rate limit or pause' };
  const startedMs = context.clock.now();
  const leave = once(admission.release);
  try {
    const facts = await sendRequest(request, credentials, system, transport);
    if (facts.kind === 'failed') {
      const later = pauseUnknown(parts, facts);
      leave();
      return later;
    }
    context.metrics.callSeconds.observe(
      { system: system.name, operation: request.operation },
      (context.clock.now() - startedMs) / 1000,
    );
    return { kind: 'tried', facts, credentials, leave };
  } catch (error) {
    leave();
    throw error;
  }
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}
