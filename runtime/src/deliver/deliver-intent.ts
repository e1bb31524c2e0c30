import { parseExactJson } from '../exact-json.ts';
import type { AnyFlow } from '../flow.ts';
import type { ApiClient } from '../http/api-client.ts';
import type { CallOutcome } from '../http/call-outcome.ts';
import { freezeRequest } from '../http/api-request.ts';
import type { FrozenRequest } from '../http/api-request.ts';
import { calculateDeferralMs } from '../http/backoff.ts';
import type { WriteTier } from '../http/decide-call.ts';
import { findMessages } from './find-messages.ts';
import { readPath } from '../inbox/read-path.ts';
import type { RunContext } from '../run-context.ts';
import type { ClaimedIntent, ReviewEntry, Settlement } from '../store/store.ts';

export interface DeliverOptions {
  readonly flow: AnyFlow;
  readonly client: ApiClient;
  readonly context: RunContext;
  /** Resolves once the writes of this flow that are under way now are settled. */
  readonly settleOthers?: () => Promise<void>;
}

/** A record that its system, healthy all the while, has not taken for this long is a dead letter. */
export const DEAD_AFTER_MS = 24 * 3_600_000;

/** Sends one intent and says how it ended. An answer of unknown outcome is resolved by the write's tier: section 8.4. */
export async function deliverIntent(intent: ClaimedIntent, options: DeliverOptions): Promise<Settlement> {
  const { flow, context } = options;
  const settlement = await send(intent, options);
  context.log.info('write', {
    flow: flow.name,
    system: flow.target.system,
    step: flow.target.name,
    key: intent.key,
    attempt: intent.attempts,
    outcome: settlement.kind === 'later' ? `later: ${settlement.reason}` : settlement.kind,
    rule: settlement.kind === 'refused' ? settlement.review.rule : undefined,
  });
  return settlement;
}

async function send(intent: ClaimedIntent, options: DeliverOptions): Promise<Settlement> {
  const { flow, client } = options;
  const tier = effectiveTier(intent, options);
  if (tier === 5 && intent.wasUnknown) return parkUnknown(intent, flow, BLIND);
  if (tier === 3 || tier === 4) {
    const settled = await lookUp(intent, options);
    if (settled !== undefined) return settled;
    const notYet = waitForIndex(intent, options);
    if (notYet !== undefined) return notYet;
  }
  const { operation, method, path, headers, body } = intent;
  const request: FrozenRequest = { operation, method, target: path, headers, body };
  const rules = flow.target.calls ?? [];
  const outcome = await client.call(request, {
    role: 'write',
    tier,
    rules,
    key: intent.key,
    flow: flow.name,
    lane: intent.attempts > 1 ? 'retry' : 'live',
  });
  return outcome.kind === 'exists' ? adopt(intent, options) : settleOutcome(outcome, intent, options, tier);
}

const BLIND = 'the outcome of the write is not known, and a repeat could make a second object';
/** So often is an object looked for that the target says is there: its index may lag. */
const ADOPT_TRIES = 3;

/** The target says that such an object is there: the look-up adopts it; what it cannot find is for a person. */
async function adopt(intent: ClaimedIntent, options: DeliverOptions): Promise<Settlement> {
  const { flow, context } = options;
  const found = await lookUp(intent, options);
  if (found !== undefined) return found;
  // Somebody has made it, perhaps we: until it is found, this write is of unknown outcome.
  const reason = 'the target says that such an object exists, and the look-up does not find it yet';
  if (flow.target.lookUp !== undefined && intent.deferrals < ADOPT_TRIES)
    return noteSent(later(intent, options, true, reason), options);
  context.log.warn('conflict', { flow: flow.name, step: flow.target.name, key: intent.key });
  return park(intent, flow, 'exists', 'the target says that such an object exists (409)');
}

/**
 * Tier 4: an index that lags may not show yet what was written, so a write of unknown outcome is repeated only after
 * `settleMs` and as many look-ups as the rules say have found nothing.
 */
function waitForIndex(intent: ClaimedIntent, { flow, context }: DeliverOptions): Settlement | undefined {
  const { settleMs, probes: wanted = 1 } = flow.target.lookUp ?? {};
  if (!intent.wasUnknown || settleMs === undefined) return undefined;
  const now = context.clock.now();
  const readyMs = (intent.sentAtMs ?? intent.firstSentAtMs) + settleMs;
  const probes = now < readyMs ? intent.probes : intent.probes + 1;
  if (probes >= wanted) return undefined;
  return {
    kind: 'later',
    applied: 'unknown',
    atMs: Math.max(readyMs, now + (now < readyMs ? 0 : settleMs)),
    agedMs: intent.agedMs,
    counts: false,
    probes,
    reason: 'the look-up does not find it yet, and its index may lag',
  };
}

/** Once the vendor may have forgotten an idempotency key, it protects nothing: the next entry of `once` decides. */
function effectiveTier(intent: ClaimedIntent, { flow, context }: DeliverOptions): WriteTier {
  const { target } = flow;
  if (target.tier !== 1 || target.key === undefined || !intent.wasUnknown) return target.tier;
  const lapsed = context.clock.now() - intent.firstSentAtMs >= target.key.lastsMs;
  if (!lapsed) return 1;
  if (target.lookUp === undefined) return 5;
  return target.lookUp.settleMs === undefined ? 3 : 4;
}

async function lookUp(intent: ClaimedIntent, options: DeliverOptions): Promise<Settlement | undefined> {
  const { flow, client } = options;
  const { target } = flow;
  if (target.lookUp === undefined) return undefined;
  try {
    const body: unknown = intent.body === undefined ? undefined : parseExactJson(intent.body);
    const sent = target.lookUp.itemPath === undefined ? body : readPath(body, target.lookUp.itemPath);
    const request = freezeRequest(target.lookUp.request(sent));
    const outcome = await client.call(request, {
      role: 'look-up',
      rules: target.calls ?? [],
      key: intent.key,
      flow: flow.name,
    });
    if (outcome.kind === 'missing') return undefined;
    if (outcome.kind !== 'ok') return settleLookUp(outcome, intent, options);
    const hits: unknown = target.lookUp.records(outcome.body);
    if (!Array.isArray(hits))
      return later(intent, options, intent.wasUnknown, 'the look-up’s answer holds no list');
    if (hits.length === 0) return undefined;
    if (hits.length > 1)
      return park(intent, flow, 'several-found', `${hits.length} objects at the target fit this record`);
    const id = readPath(hits[0], target.lookUp.idField);
    const remoteId = id === undefined || id === null ? undefined : String(id);
    return await adoptHit(intent, remoteId, options);
  } catch (error) {
    // An expression that cannot read this record concerns this record alone.
    return park(intent, flow, 'look-up failed', `the look-up failed: ${(error as Error).message}`);
  }
}

/**
 * An object that belongs to another record is not this one's, however well it fits: two records must not share it. The
 * writes that are under way are settled first, for one of them may have made it.
 */
async function adoptHit(
  intent: ClaimedIntent,
  remoteId: string | undefined,
  { flow, settleOthers }: DeliverOptions,
): Promise<Settlement> {
  if (remoteId === undefined) return { kind: 'confirmed', remoteId, adopted: !intent.wasUnknown };
  await settleOthers?.();
  const message = `the object ${remoteId} at the target fits this record and belongs to another one`;
  const { review } = refuse(flow, 'linked elsewhere', message);
  return { kind: 'confirmed', remoteId, adopted: !intent.wasUnknown, ifLinked: review };
}

/** A look-up that failed says nothing of the write: what was unknown stays so. */
function settleLookUp(
  outcome: Exclude<CallOutcome, { readonly kind: 'ok' | 'missing' }>,
  intent: ClaimedIntent,
  options: DeliverOptions,
): Settlement {
  if (outcome.kind === 'refused')
    return park(intent, options.flow, `look-up refused ${outcome.status}`, outcome.message, outcome.rule);
  if (outcome.kind === 'wait') return wait(intent, outcome, intent.wasUnknown, options);
  return later(intent, options, intent.wasUnknown, outcome.reason);
}

function settleOutcome(
  outcome: Exclude<CallOutcome, { readonly kind: 'exists' }>,
  intent: ClaimedIntent,
  options: DeliverOptions,
  tier: WriteTier,
): Settlement {
  const { flow } = options;
  switch (outcome.kind) {
    case 'ok':
      return settleAnswer(outcome.body, intent, options, tier);
    case 'missing':
      return { ...refuse(flow, 'not-found', 'the target has no such object (404)'), gone: true };
    case 'refused':
      if (outcome.status === 404 || outcome.status === 410)
        return { ...refuse(flow, `refused ${outcome.status}`, outcome.message, outcome.rule), gone: true };
      if (outcome.action === 'skip') return { kind: 'skipped', reason: outcome.message };
      if (outcome.action === 'fail') return { kind: 'dead', reason: outcome.message };
      return refuse(flow, `refused ${outcome.status}`, outcome.message, outcome.rule);
    case 'wait':
      return outcome.uncertain === true
        ? noteSent(wait(intent, outcome, true, options), options)
        : wait(intent, outcome, intent.wasUnknown, options);
    case 'defer':
      return outcome.uncertain === true
        ? noteSent(later(intent, options, true, outcome.reason), options)
        : later(intent, options, intent.wasUnknown, outcome.reason);
    case 'unknown':
      if (tier === 5) return parkUnknown(intent, flow, `${BLIND} (${outcome.reason})`);
      return noteSent(later(intent, options, true, outcome.reason), options);
  }
}

function settleAnswer(
  body: unknown,
  intent: ClaimedIntent,
  options: DeliverOptions,
  tier: WriteTier,
): Settlement {
  const { flow } = options;
  const { target } = flow;
  const rule = `flows.${flow.name}.to.${target.name}.unless`;
  try {
    if (target.unless?.(body) === true)
      return refuse(flow, 'refused in the answer', findMessages(body), rule);
    const id = target.id?.(body);
    return { kind: 'confirmed', remoteId: id === undefined || id === null ? undefined : String(id) };
  } catch (error) {
    // An answer that cannot be read says nothing of the write.
    const message = `the success test could not read the answer: ${(error as Error).message}`;
    if (tier < 5) return noteSent(later(intent, options, true, message), options);
    return { ...refuse(flow, 'success test failed', message, rule), unresolved: true };
  }
}

function wait(
  intent: ClaimedIntent,
  outcome: { readonly untilMs: number; readonly reason: string },
  isUnknown: boolean,
  { client, context }: DeliverOptions,
): Settlement {
  // Behind a pause it is due at once: nothing goes out before its end, and a person may end it.
  const isPaused = client.pausedUntilMs >= outcome.untilMs;
  return {
    kind: 'later',
    applied: isUnknown ? 'unknown' : 'no',
    atMs: isPaused ? context.clock.now() : outcome.untilMs,
    agedMs: intent.agedMs,
    counts: false,
    reason: outcome.reason,
  };
}

function later(
  intent: ClaimedIntent,
  { flow, client, context }: DeliverOptions,
  isUnknown: boolean,
  reason: string,
): Settlement {
  const delayMs = calculateDeferralMs(intent.deferrals, context.random);
  // While the system fails for everyone, it is not this record's fault.
  const agedMs = intent.agedMs + (client.isFailing ? 0 : delayMs);
  if (agedMs > DEAD_AFTER_MS) {
    // A dead letter is a record that failed for good; of one whose outcome is unknown nobody can say that.
    if (isUnknown)
      return parkUnknown(intent, flow, `the outcome of the write is not known after 24 hours (${reason})`);
    return { kind: 'dead', reason: `not taken for 24 hours: ${reason}` };
  }
  return {
    kind: 'later',
    applied: isUnknown ? 'unknown' : 'no',
    atMs: context.clock.now() + delayMs,
    agedMs,
    counts: true,
    reason,
  };
}

/** It may have been applied just now: a look-up counts only after its index has had its time. */
function noteSent(settlement: Settlement, { context }: DeliverOptions): Settlement {
  if (settlement.kind !== 'later') return settlement;
  return { ...settlement, sentAtMs: context.clock.now(), probes: 0 };
}

type Refused = Extract<Settlement, { readonly kind: 'refused' }>;

/** The target has refused these bytes, so nothing of them was applied. */
function refuse(flow: AnyFlow, reason: string, message: string, rule?: string): Refused {
  const at = rule ?? `flows.${flow.name}.to.${flow.target.name}`;
  const review: ReviewEntry = {
    reason,
    rule: at,
    message,
    fingerprint: `${flow.name}:${at}:${reason}`,
    mapped: undefined,
  };
  return { kind: 'refused', unresolved: false, review };
}

/** A person decides; what was of unknown outcome before still is. */
function park(intent: ClaimedIntent, flow: AnyFlow, reason: string, message: string, rule?: string): Refused {
  return { ...refuse(flow, reason, message, rule), unresolved: intent.wasUnknown };
}

function parkUnknown(intent: ClaimedIntent, flow: AnyFlow, message: string): Settlement {
  const parked = refuse(
    flow,
    'unknown outcome',
    `${message}. Look at the target for the record ${intent.key} before a retry.`,
  );
  return { ...parked, unresolved: true };
}
