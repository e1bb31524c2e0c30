import type { Authenticator, Credentials } from '../auth/credentials.ts';
import type { System } from '../flow.ts';
import type { LooseJson } from '../json.ts';
import type { RunContext } from '../run-context.ts';
import type { FrozenRequest } from './api-request.ts';
import { createAuthPause } from './auth-pause.ts';
import type { AuthPause } from './auth-pause.ts';
import { createBreaker } from './breaker.ts';
import { DEFAULT_CONCURRENCY } from './call-gate.ts';
import type { CallGate } from './call-gate.ts';
import type { CallOptions, CallOutcome } from './call-outcome.ts';
import { decideCall } from './decide-call.ts';
import type { CallDecision, CallFacts } from './decide-call.ts';
import { finishCall } from './finish-call.ts';
import { labelFacts } from './label-facts.ts';
import { isInProgress, MAX_CALL_MS, planNextTry } from './plan-next-try.ts';
import type { Transport, WireHeaders } from './transport.ts';

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
  close(): Promise<void>;
}

export interface ApiClientOptions {
  readonly system: System;
  readonly transport: Transport;
  readonly authenticator: Authenticator;
  readonly gate: CallGate;
  readonly context: RunContext;
}

const TRY_TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 50_000_000;

export function createApiClient(options: ApiClientOptions): ApiClient {
  const { system, transport, gate, authenticator, context } = options;
  const breaker = createBreaker(system.name, gate, context);
  const authPause = createAuthPause(system.name, gate, context);
  const note = (
    request: FrozenRequest,
    call: CallOptions,
    attempt: number,
    facts: CallFacts,
    decision: CallDecision,
  ): void => {
    const outcome = labelFacts(facts);
    breaker.note(facts);
    if (decision.action === 'ok') authPause.reset();
    context.metrics.calls.inc({ system: system.name, operation: request.operation, outcome });
    const detail = facts.kind === 'response' ? undefined : (facts as { readonly detail?: string }).detail;
    if (facts.kind === 'not-sent')
      context.log.warn('no connection', {
        flow: call.flow,
        system: system.name,
        step: request.operation,
        detail,
      });
    context.log.debug('call', {
      flow: call.flow,
      system: system.name,
      step: request.operation,
      key: call.key,
      attempt,
      outcome,
      rule: decision.rule,
    });
  };
  return {
    system: system.name,
    server: system.server,
    concurrency: system.limits?.concurrency ?? DEFAULT_CONCURRENCY,
    get pausedUntilMs() {
      return gate.pausedUntilMs;
    },
    get isFailing() {
      return breaker.isOpen;
    },
    close: () => transport.close(),
    async call(request, call) {
      const { clock } = context;
      const startedMs = clock.now();
      const rules = [...(call.rules ?? []), ...(system.calls ?? [])];
      let refreshed = false;
      // Once one try may have been applied, no later one can say that nothing was.
      let uncertain = false;
      for (let attempt = 1; ; attempt += 1) {
        const one = await tryOnce(options, authPause, request, MAX_CALL_MS - (clock.now() - startedMs));
        if (one.kind === 'later')
          return { kind: 'wait', untilMs: one.untilMs, reason: one.reason, uncertain };
        const { facts, credentials } = one;
        const decision = decideCall(facts, call.role, call.tier, rules);
        const { action } = decision;
        note(request, call, attempt, facts, decision);
        uncertain ||= call.role === 'write' && (action === 'unknown' || isInProgress(action, facts, call));
        const next = await planNextTry(action, {
          system: system.name,
          authenticator,
          authPause,
          gate,
          context,
          facts,
          attempt,
          startedMs,
          credentials,
          refreshed,
          call,
        });
        refreshed ||= action === 'refresh';
        if (next === 'again') {
          context.metrics.retries.inc({ system: system.name, operation: request.operation });
          continue;
        }
        const outcome = next ?? finishCall(action, facts, decision.rule, clock.now());
        return outcome.kind === 'wait' || outcome.kind === 'defer' ? { ...outcome, uncertain } : outcome;
      }
    },
  };
}

interface Tried {
  readonly kind: 'tried';
  readonly facts: CallFacts;
  readonly credentials: Credentials;
}

async function tryOnce(
  options: ApiClientOptions,
  authPause: AuthPause,
  request: FrozenRequest,
  maxWaitMs: number,
): Promise<Tried | { readonly kind: 'later'; readonly untilMs: number; readonly reason: string }> {
  const { system, transport, authenticator, gate, context } = options;
  const auth = await authenticator.get();
  if (auth.kind === 'failed') {
    const untilMs = authPause.pause('authentication failed', auth.reason);
    return { kind: 'later', untilMs, reason: auth.reason };
  }
  const { credentials } = auth;
  const admission = await gate.enter(request.operation, Math.max(0, maxWaitMs), context.signal);
  if (admission.kind === 'later')
    return { kind: 'later', untilMs: admission.untilMs, reason: 'rate limit or pause' };
  const startedMs = context.clock.now();
  try {
    const outcome = await transport.send({
      method: request.method,
      url: address(system.server, request.target, credentials),
      headers: { ...system.headers, ...request.headers, ...credentials.headers },
      body: request.body,
      timeoutMs: TRY_TIMEOUT_MS,
      maxBytes: MAX_BODY_BYTES,
    });
    context.metrics.callSeconds.observe(
      { system: system.name, operation: request.operation },
      (context.clock.now() - startedMs) / 1000,
    );
    if (outcome.kind !== 'response') return { kind: 'tried', facts: outcome, credentials };
    return { kind: 'tried', facts: readAnswer(outcome.status, outcome.headers, outcome.body), credentials };
  } finally {
    admission.release();
  }
}

function address(server: string, target: string, credentials: Credentials): string {
  const url = `${server}${target}`;
  if (credentials.query.length === 0) return url;
  return `${url}${target.includes('?') ? '&' : '?'}${new URLSearchParams(credentials.query.map(([name, value]): [string, string] => [name, value])).toString()}`;
}

/** An empty body is no body; a success whose body is not JSON is malformed, an error's may be anything. */
function readAnswer(status: number, headers: WireHeaders, bytes: Buffer): CallFacts {
  if (bytes.length === 0) return { kind: 'response', status, headers, body: undefined };
  try {
    return { kind: 'response', status, headers, body: JSON.parse(bytes.toString('utf8')) as LooseJson };
  } catch {
    if (status >= 200 && status < 300) return { kind: 'unknown', reason: 'malformed' };
    return { kind: 'response', status, headers, body: undefined };
  }
}
