import type { Authenticator, Credentials } from '../auth/authenticator.ts';
import type { System } from '../flow.ts';
import type { LooseJson } from '../json.ts';
import type { RunContext } from '../run-context.ts';
import type { FrozenRequest } from './api-request.ts';
import { calculateBackoffMs } from './backoff.ts';
import type { CallGate } from './call-gate.ts';
import { decideCall } from './decide-call.ts';
import type { CallAction, CallFacts, CallRole, CallRule, WriteTier } from './decide-call.ts';
import { parseRetryAfter } from './retry-after.ts';
import type { Transport, WireHeaders } from './transport.ts';

export interface CallOptions {
  readonly role: CallRole;
  readonly tier?: WriteTier;
  /** Rules of the flow, target or read; the system's own come after them. */
  readonly rules?: readonly CallRule[];
  readonly key?: string;
  readonly flow: string;
}

/** How a call ended, after its retries. `unknown`: a write that may have been applied. */
export type CallOutcome =
  | { readonly kind: 'ok'; readonly status: number; readonly headers: WireHeaders; readonly body: LooseJson; readonly serverMs: number | undefined }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly action: 'review' | 'fail' | 'skip' | 'halt'; readonly status: number; readonly message: string; readonly rule: string | undefined }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'defer'; readonly reason: string }
  | { readonly kind: 'wait'; readonly untilMs: number; readonly reason: string };

/** Calls of one system: in turn, authenticated, retried, and classified. */
export interface ApiClient {
  readonly system: string;
  /** Base URL. */
  readonly server: string;
  call(request: FrozenRequest, options: CallOptions): Promise<CallOutcome>;
  /** No call goes out before this moment: a pause or an open breaker. */
  readonly pausedUntilMs: number;
  close(): Promise<void>;
}

export interface ApiClientOptions {
  readonly system: System;
  readonly transport: Transport;
  readonly authenticator: Authenticator;
  readonly gate: CallGate;
  readonly context: RunContext;
}

/** Inside one call: at most 3 tries and 20 s; what takes longer goes back to the store. */
const MAX_TRIES = 3;
const MAX_CALL_MS = 20_000;
const TRY_TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 50_000_000;
const BACKOFF = { baseMs: 200, capMs: 5000 };
const THROTTLE_BACKOFF = { baseMs: 1000, capMs: 20_000 };
/** So many failures in a row, and the system is left alone for a while. */
const BREAKER_FAILURES = 5;
const BREAKER_BACKOFF = { baseMs: 2000, capMs: 300_000 };
const AUTH_PAUSE_MS = 60_000;

export function createApiClient(options: ApiClientOptions): ApiClient {
  const { system, transport, gate, context } = options;
  const breaker = createBreaker(options);
  return {
    system: system.name,
    server: system.server,
    get pausedUntilMs() {
      return gate.pausedUntilMs;
    },
    close: () => transport.close(),
    async call(request, call) {
      const startedMs = context.clock.now();
      let refreshed = false;
      for (let attempt = 1; ; attempt += 1) {
        const one = await tryOnce(options, request, MAX_CALL_MS - (context.clock.now() - startedMs));
        if (one.kind === 'later') return { kind: 'wait', untilMs: one.untilMs, reason: one.reason };
        const { facts } = one;
        const rules = [...(call.rules ?? []), ...(system.calls ?? [])];
        const decision = decideCall(facts, call.role, call.tier, rules);
        breaker.note(facts, decision.action);
        context.metrics.calls.inc({ system: system.name, operation: request.operation, outcome: labelOf(facts) });
        const again = await plan(decision.action, { options, facts, attempt, startedMs, credentials: one.credentials, refreshed, call });
        refreshed ||= decision.action === 'refresh';
        context.log.debug('call', { flow: call.flow, system: system.name, step: request.operation, key: call.key, attempt, outcome: labelOf(facts), rule: decision.rule });
        if (again === 'again') {
          context.metrics.retries.inc({ system: system.name, operation: request.operation });
          continue;
        }
        return again ?? finish(decision.action, facts, decision.rule, context.clock.now());
      }
    },
  };
}

interface Tried {
  readonly kind: 'tried';
  readonly facts: CallFacts;
  readonly credentials: Credentials;
}

async function tryOnce(options: ApiClientOptions, request: FrozenRequest, maxWaitMs: number): Promise<Tried | { readonly kind: 'later'; readonly untilMs: number; readonly reason: string }> {
  const { system, transport, authenticator, gate, context } = options;
  const auth = await authenticator.get();
  if (auth.kind === 'failed') {
    const untilMs = context.clock.now() + AUTH_PAUSE_MS;
    gate.pauseUntil(untilMs);
    context.log.error('authentication failed, the system is paused', { system: system.name, step: 'auth', outcome: auth.reason });
    return { kind: 'later', untilMs, reason: auth.reason };
  }
  const { credentials } = auth;
  const admission = await gate.enter(request.operation, Math.max(0, maxWaitMs), context.signal);
  if (admission.kind === 'later') return { kind: 'later', untilMs: admission.untilMs, reason: 'rate limit or pause' };
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
    context.metrics.callSeconds.observe({ system: system.name, operation: request.operation }, (context.clock.now() - startedMs) / 1000);
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

interface PlanInput {
  readonly options: ApiClientOptions;
  readonly facts: CallFacts;
  readonly attempt: number;
  readonly startedMs: number;
  readonly credentials: Credentials;
  readonly refreshed: boolean;
  readonly call: CallOptions;
}

/** Whether to try again inside this call; an outcome where the call must end with one; undefined where the action says how. */
async function plan(action: CallAction, input: PlanInput): Promise<'again' | CallOutcome | undefined> {
  const { options, facts, attempt, startedMs, call } = input;
  const { clock, random, signal, metrics } = options.context;
  const now = clock.now();
  if (action === 'refresh') {
    const renewed = input.refreshed ? undefined : await options.authenticator.renew(input.credentials);
    if (renewed?.kind === 'ready') return 'again';
    const untilMs = now + AUTH_PAUSE_MS;
    options.gate.pauseUntil(untilMs);
    options.context.log.error('credentials are refused, the system is paused', { flow: call.flow, system: options.system.name, step: 'auth' });
    return { kind: 'wait', untilMs, reason: 'credentials are refused (401)' };
  }
  if (action === 'wait' || action === 'pause') {
    metrics.waits.inc({ system: options.system.name });
    const asked = facts.kind === 'response' ? parseRetryAfter(facts.headers['retry-after'], now) : undefined;
    const jitterMs = Math.ceil(random() * 250);
    const untilMs = asked === undefined ? now + 500 + calculateBackoffMs(attempt, THROTTLE_BACKOFF, random) : asked + jitterMs;
    options.gate.pauseUntil(untilMs);
    const fits = attempt < MAX_TRIES && untilMs - startedMs < MAX_CALL_MS && !signal.aborted && action === 'wait';
    return fits ? 'again' : { kind: 'wait', untilMs, reason: labelOf(facts) };
  }
  // A write of tiers 0 to 2 may be repeated with the same bytes; a look-up must come before the others.
  const repeatable = action === 'retry' || (action === 'unknown' && (call.tier ?? 5) <= 2);
  if (!repeatable || attempt >= MAX_TRIES || signal.aborted) return undefined;
  const delayMs = calculateBackoffMs(attempt, BACKOFF, random);
  if (now + delayMs - startedMs >= MAX_CALL_MS) return undefined;
  await clock.sleep(delayMs, signal);
  return 'again';
}

function finish(action: CallAction, facts: CallFacts, rule: string | undefined, nowMs: number): CallOutcome {
  switch (action) {
    case 'ok':
      if (facts.kind !== 'response') return { kind: 'unknown', reason: labelOf(facts) };
      return { kind: 'ok', status: facts.status, headers: facts.headers, body: facts.body, serverMs: readServerDate(facts.headers, nowMs) };
    case 'missing':
      return { kind: 'missing' };
    case 'unknown':
    case 'exists':
      return { kind: 'unknown', reason: labelOf(facts) };
    case 'review':
    case 'fail':
    case 'skip':
    case 'halt':
      return { kind: 'refused', action, status: facts.kind === 'response' ? facts.status : 0, message: describe(facts), rule };
    default:
      return { kind: 'defer', reason: labelOf(facts) };
  }
}

function readServerDate(headers: WireHeaders, nowMs: number): number | undefined {
  const ms = Date.parse(headers['date'] ?? '');
  return Number.isNaN(ms) ? undefined : Math.min(ms, nowMs + 86_400_000);
}

function labelOf(facts: CallFacts): string {
  if (facts.kind === 'response') return String(facts.status);
  return facts.kind === 'unknown' ? facts.reason : facts.kind;
}

const LONGEST_MESSAGE = 500;

function describe(facts: CallFacts): string {
  if (facts.kind !== 'response') return labelOf(facts);
  const text = facts.body === undefined ? '' : JSON.stringify(facts.body);
  return `${facts.status} ${text.slice(0, LONGEST_MESSAGE)}`.trim();
}

/** Leaves a system alone that fails again and again: consecutive failures pause it, for longer each time. */
function createBreaker({ gate, context, system }: ApiClientOptions) {
  let failures = 0;
  let openings = 0;
  return {
    note(facts: CallFacts, action: CallAction): void {
      const failed = facts.kind === 'not-sent' || (facts.kind === 'unknown' && facts.reason !== 'malformed') || (facts.kind === 'response' && facts.status >= 500 && action !== 'wait');
      if (!failed) {
        if (openings > 0 && facts.kind === 'response') context.log.info('the system answers again', { system: system.name, outcome: 'recovered' });
        failures = 0;
        openings = 0;
        return;
      }
      failures += 1;
      if (failures < BREAKER_FAILURES) return;
      failures = 0;
      openings += 1;
      const delayMs = calculateBackoffMs(openings, BREAKER_BACKOFF, () => 0.5 + context.random() / 2);
      gate.pauseUntil(context.clock.now() + delayMs);
      context.log.warn('the system fails, it is left alone for a while', { system: system.name, outcome: labelOf(facts), delayMs });
    },
  };
}
