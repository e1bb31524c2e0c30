import type { AnyFlow } from '../flow.ts';
import type { ApiClient, CallOutcome } from '../http/api-client.ts';
import { freezeRequest } from '../http/api-request.ts';
import type { FrozenRequest } from '../http/api-request.ts';
import { calculateDeferralMs } from '../http/backoff.ts';
import type { WriteTier } from '../http/decide-call.ts';
import { readPath } from '../inbox/read-path.ts';
import type { RunContext } from '../run-context.ts';
import type { ClaimedIntent, ReviewEntry, Settlement } from '../store/store.ts';

export interface DeliverOptions {
  readonly flow: AnyFlow;
  readonly client: ApiClient;
  readonly context: RunContext;
}

/** A record that its system, healthy all the while, has not taken for this long is a dead letter. */
export const DEAD_AFTER_MS = 24 * 3_600_000;

/** Sends one intent and says how it ended. An answer of unknown outcome is resolved by the write's tier: section 8.4. */
export async function deliverIntent(intent: ClaimedIntent, options: DeliverOptions): Promise<Settlement> {
  const { flow, client, context } = options;
  const { target } = flow;
  const tier = effectiveTier(intent, options);
  if (tier === 5 && intent.wasUnknown) return parkUnknown(intent, flow, 'the outcome of the write is not known, and a repeat could make a second object');
  if (tier === 3) {
    const found = await lookUp(intent, options);
    if (found !== undefined) return found;
  }
  const request: FrozenRequest = { operation: intent.operation, method: intent.method, target: intent.path, headers: intent.headers, body: intent.body };
  const rules = target.calls ?? [];
  const outcome = await client.call(request, { role: 'write', tier, rules, key: intent.key, flow: flow.name });
  const settlement = settleOutcome(outcome, intent, options, tier);
  context.log.info('write', {
    flow: flow.name,
    system: target.system,
    step: target.name,
    key: intent.key,
    attempt: intent.attempts,
    outcome: settlement.kind === 'later' ? `later: ${settlement.reason}` : settlement.kind,
    rule: settlement.kind === 'refused' ? settlement.review.rule : undefined,
  });
  return settlement;
}

/** Once the vendor may have forgotten an idempotency key, it protects nothing: the next entry of `once` decides. */
function effectiveTier(intent: ClaimedIntent, { flow, context }: DeliverOptions): WriteTier {
  const { target } = flow;
  if (target.tier !== 1 || target.key === undefined || !intent.wasUnknown) return target.tier;
  const lapsed = context.clock.now() - intent.firstSentAtMs >= target.key.lastsMs;
  if (!lapsed) return 1;
  return target.lookUp === undefined ? 5 : 3;
}

async function lookUp(intent: ClaimedIntent, options: DeliverOptions): Promise<Settlement | undefined> {
  const { flow, client, context } = options;
  const { target } = flow;
  if (target.lookUp === undefined) return undefined;
  const body: unknown = intent.body === undefined ? undefined : JSON.parse(intent.body);
  const sent = target.lookUp.itemPath === undefined ? body : readPath(body, target.lookUp.itemPath);
  const request = freezeRequest(target.lookUp.request(sent));
  const outcome = await client.call(request, { role: 'look-up', rules: target.calls ?? [], key: intent.key, flow: flow.name });
  if (outcome.kind === 'missing') return undefined;
  if (outcome.kind !== 'ok') return settleOutcome(outcome, intent, options, 3, 'look-up');
  const hits = target.lookUp.records(outcome.body) as readonly unknown[] | null | undefined;
  if (!Array.isArray(hits)) return later(intent, context, intent.wasUnknown ? 'unknown' : 'no', 'the look-up’s answer holds no list');
  if (hits.length === 0) return undefined;
  if (hits.length > 1) return park(flow, 'several-found', `${hits.length} objects at the target fit this record`);
  const id = readPath(hits[0], target.lookUp.idField);
  return { kind: 'confirmed', remoteId: id === undefined || id === null ? undefined : String(id) };
}

function settleOutcome(outcome: CallOutcome, intent: ClaimedIntent, options: DeliverOptions, tier: WriteTier, step: 'write' | 'look-up' = 'write'): Settlement {
  const { flow, context } = options;
  switch (outcome.kind) {
    case 'ok':
      return settleAnswer(outcome.body, flow);
    case 'missing':
      return park(flow, 'not-found', 'the target has no such object (404)');
    case 'refused':
      if (outcome.action === 'skip') return { kind: 'skipped', reason: outcome.message };
      if (outcome.action === 'fail') return { kind: 'dead', reason: outcome.message };
      return park(flow, `refused ${outcome.status}`, outcome.message, outcome.rule);
    case 'wait': {
      // A tier that tolerates a repeat may say "not applied"; after an unknown, what was unknown stays so.
      const applied = intent.wasUnknown ? 'unknown' : 'no';
      return { kind: 'later', applied, atMs: outcome.untilMs, agedMs: intent.agedMs, counts: false, reason: outcome.reason };
    }
    case 'defer':
      return later(intent, context, intent.wasUnknown ? 'unknown' : 'no', outcome.reason);
    case 'unknown':
      if (step === 'look-up') return later(intent, context, intent.wasUnknown ? 'unknown' : 'no', outcome.reason);
      if (tier === 5) return parkUnknown(intent, flow, `the outcome of the write is not known (${outcome.reason}), and a repeat could make a second object`);
      return later(intent, context, 'unknown', outcome.reason);
  }
}

function settleAnswer(body: unknown, flow: AnyFlow): Settlement {
  const { target } = flow;
  try {
    if (target.unless?.(body) === true) return park(flow, 'refused in the answer', findMessages(body), `flows.${flow.name}.to.${target.name}.unless`);
    const id = target.id?.(body);
    return { kind: 'confirmed', remoteId: id === undefined || id === null ? undefined : String(id) };
  } catch (error) {
    return park(flow, 'success test failed', `the success test could not read the answer: ${(error as Error).message}`, `flows.${flow.name}.to.${target.name}.unless`);
  }
}

function later(intent: ClaimedIntent, context: RunContext, applied: 'no' | 'unknown', reason: string): Settlement {
  const delayMs = calculateDeferralMs(intent.deferrals, context.random);
  const agedMs = intent.agedMs + delayMs;
  // A dead letter is a record that failed for good; one whose outcome is unknown has not, so it waits.
  if (agedMs > DEAD_AFTER_MS && applied === 'no') return { kind: 'dead', reason: `not taken for 24 hours: ${reason}` };
  return { kind: 'later', applied, atMs: context.clock.now() + delayMs, agedMs, counts: true, reason };
}

function park(flow: AnyFlow, reason: string, message: string, rule?: string): Settlement {
  const at = rule ?? `flows.${flow.name}.to.${flow.target.name}`;
  const review: ReviewEntry = { reason, rule: at, message, fingerprint: `${flow.name}:${at}:${reason}`, mapped: undefined };
  return { kind: 'refused', review };
}

function parkUnknown(intent: ClaimedIntent, flow: AnyFlow, message: string): Settlement {
  return park(flow, 'unknown outcome', `${message}. Look at the target for the record ${intent.key} before a retry.`);
}

const LONGEST_MESSAGE = 500;

/** The vendor's own words, where an answer holds some: every text called message below it. */
function findMessages(body: unknown): string {
  const messages: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, value] of Object.entries(node)) {
      if (typeof value === 'string' && /^(?:message|detail|description)$/i.test(name)) messages.push(value);
      else visit(value);
    }
  };
  visit(body);
  const text = messages.length > 0 ? messages.join('; ') : JSON.stringify(body ?? null);
  return text.slice(0, LONGEST_MESSAGE);
}

