import type { FrozenRequest } from '../http/api-request.ts';
import type { CallOutcome } from '../http/call-outcome.ts';
import type { WriteTier } from '../http/decide-call.ts';
import type { ClaimedIntent, Settlement } from '../store/store.ts';
import type { DeliverOptions } from './deliver-options.ts';
import { BLIND, findTier } from './find-tier.ts';
import { findMessages } from './find-messages.ts';
import { adopt, lookUp, waitForIndex } from './look-up.ts';
import { later, lookAgain, noteSent, parkUnknown, refuse, wait } from './make-settlement.ts';
import type { Refused } from './make-settlement.ts';

/** Sends one intent and says how it ended. An answer of unknown outcome is resolved by the write's tier: section 8.4. */
export async function deliverIntent(intent: ClaimedIntent, options: DeliverOptions): Promise<Settlement> {
  const settlement = await send(intent, options);
  logWrite(intent, settlement, options);
  return settlement;
}

export function logWrite(
  intent: ClaimedIntent,
  settlement: Settlement,
  { flow, target, context }: DeliverOptions,
): void {
  context.log.info('write', {
    flow: flow.name,
    system: target.system,
    step: target.name,
    key: intent.key,
    attempt: intent.attempts,
    outcome: settlement.kind === 'later' ? `later: ${settlement.reason}` : settlement.kind,
    rule: settlement.kind === 'refused' ? settlement.review.rule : undefined,
  });
}

async function send(intent: ClaimedIntent, options: DeliverOptions): Promise<Settlement> {
  const { flow, target, client } = options;
  const tier = findTier(intent, options);
  if (tier === 5 && intent.wasUnknown) return parkUnknown(intent, options, BLIND);
  if (tier === 3 || tier === 4) {
    const settled = (await lookUp(intent, options)) ?? waitForIndex(intent, options);
    if (settled !== undefined) return settled;
  }
  const { operation, method, path, headers, body } = intent;
  const request: FrozenRequest = { operation, method, target: path, headers, body };
  const rules = target.calls ?? [];
  const outcome = await client.call(request, {
    role: 'write',
    tier,
    notApplied: intent.updates === true ? target.update?.notApplied : target.notApplied,
    rules,
    looksUp: looksUpFor(options),
    key: intent.key,
    flow: flow.name,
    lane: intent.attempts > 1 && intent.lane === 'live' ? 'retry' : intent.lane,
  });
  return outcome.kind === 'exists'
    ? adopt(outcome, intent, options)
    : settleOutcome(outcome, intent, options, tier);
}

/** Whether something is looked up for records before they go to this target. */
export function looksUpFor({ flow, target }: DeliverOptions): boolean {
  return (flow.find ?? []).some((find) => find.target === undefined || find.target === target.name);
}

/** What an answer, or its lack, says of a write that carried this record. */
export function settleOutcome(
  outcome: Exclude<CallOutcome, { readonly kind: 'exists' }>,
  intent: ClaimedIntent,
  options: DeliverOptions,
  tier: WriteTier,
): Settlement {
  switch (outcome.kind) {
    case 'ok':
      return settleAnswer(outcome.body, intent, options, tier);
    case 'missing':
    case 'refused':
      return settleDoubt(outcome, intent, options, tier) ?? endRefused(outcome, options);
    case 'stale':
      return settleStale(outcome, intent, options, tier);
    case 'wait':
      return outcome.uncertain === true
        ? noteSent(wait(intent, outcome, true, options), options)
        : wait(intent, outcome, intent.wasUnknown, options);
    case 'defer':
      return outcome.uncertain === true
        ? noteSent(later(intent, options, true, outcome.reason), options)
        : later(intent, options, intent.wasUnknown, outcome.reason);
    case 'unknown':
      if (tier === 5) return parkUnknown(intent, options, `${BLIND} (${outcome.reason})`);
      return noteSent(later(intent, options, true, outcome.reason), options);
  }
}

const EARLIER = 'an earlier try of this write may have been applied';
/** So many repeats in a row must be refused before the refusal is believed. */
const REFUSALS = 3;
/** By these a system judges what it was sent (RFC 9110 15.5.1, 15.5.21): of a key that it has taken it would by now have said so. */
const OWN_WORDS: ReadonlySet<number> = new Set([400, 422]);

type Refusal = Extract<CallOutcome, { readonly kind: 'missing' | 'refused' }>;

/** What a refusal comes to that is not to be believed, or not yet; undefined where nothing was applied. */
export function settleDoubt(
  outcome: Refusal,
  intent: ClaimedIntent,
  options: DeliverOptions,
  tier: WriteTier,
): Settlement | undefined {
  if (!mayHoldIt(outcome, intent, tier)) return undefined;
  const status = outcome.kind === 'missing' ? 404 : outcome.status;
  if (tier === 1) {
    const again = askAgain(intent, options, `refused ${status}, and ${EARLIER}`);
    if (again !== undefined) return again;
    if (OWN_WORDS.has(status)) return undefined;
  }
  const refused = endInReview(outcome, options);
  const message = `${refused.review.message} (${EARLIER})`;
  return { ...refused, review: { ...refused.review, message }, unresolved: true };
}

/**
 * What it was made of has changed, maybe by an earlier try of this very write. Where a repeat gives the same state it is made
 * anew all the same, and that it may be there already is kept: a condition that holds no more would have it left out.
 */
function settleStale(
  outcome: Extract<CallOutcome, { readonly kind: 'stale' }>,
  intent: ClaimedIntent,
  options: DeliverOptions,
  tier: WriteTier,
): Settlement {
  const isUncertain = outcome.uncertain === true;
  switch (tier) {
    case 0:
    case 2:
      return lookAgain(intent, options, outcome.reason, isUncertain || intent.wasUnknown);
    // Before this call, the object was looked for and not found; before the next one it is again.
    case 3:
    case 4:
      return isUncertain
        ? noteSent(later(intent, options, true, outcome.reason), options)
        : lookAgain(intent, options, outcome.reason, false);
    default: {
      if (!isUncertain && !intent.wasUnknown) return lookAgain(intent, options, outcome.reason, false);
      const again = tier === 1 ? askAgain(intent, options, `refused 412, and ${EARLIER}`) : undefined;
      return again ?? parkUnknown(intent, options, `the target refuses it (412), and ${EARLIER}`);
    }
  }
}

/** Under its key the system that has taken the write says so, once what stands before it lets the repeat through. */
function askAgain(intent: ClaimedIntent, options: DeliverOptions, reason: string): Settlement | undefined {
  const probes = intent.probes + 1;
  if (probes >= REFUSALS) return undefined;
  const settlement = later(intent, options, true, reason);
  return settlement.kind === 'later' ? { ...settlement, probes } : settlement;
}

/**
 * Whether a try of which nobody knows may have made the object, though this answer refuses it: a gateway can refuse the
 * repeat of what the system behind it has done. With a look-up the object was not found before this try; and where the
 * target knows its objects again, a second write makes no second one.
 */
function mayHoldIt({ uncertain }: Refusal, { wasUnknown }: ClaimedIntent, tier: WriteTier): boolean {
  return tier === 1 ? wasUnknown || uncertain === true : tier > 2 && uncertain === true;
}

function endRefused(
  outcome: Refusal,
  options: DeliverOptions,
): Extract<Settlement, { readonly kind: 'refused' | 'skipped' | 'dead' }> {
  const gone = isGone(outcome) ? { gone: true } : {};
  if (outcome.kind === 'refused' && outcome.action === 'skip')
    return { kind: 'skipped', reason: outcome.message, ...gone };
  if (outcome.kind === 'refused' && outcome.action === 'fail')
    return { kind: 'dead', ...describeFailure(outcome), ...gone };
  return endInReview(outcome, options);
}

/** What the system says of each record may be its own; the rule and the status are those of the cause. */
function describeFailure({ rule, status, message }: Extract<Refusal, { readonly kind: 'refused' }>): {
  readonly reason: string;
  readonly cause: string;
} {
  const at = rule === undefined ? '' : `${rule}: `;
  return { reason: `${at}${message}`, cause: `${at}${status === 0 ? message : status}` };
}

function endInReview(outcome: Refusal, options: DeliverOptions): Refused {
  const gone = isGone(outcome) ? { gone: true } : {};
  if (outcome.kind === 'missing')
    return { ...refuse(options, 'not-found', 'the target has no such object (404)'), ...gone };
  const { action, status, message, rule } = outcome;
  const refused = refuse(options, `refused ${status}`, message, rule);
  return { ...refused, ...gone, ...(action === 'halt' ? { halts: true } : {}) };
}

/** RFC 9110 15.5.5 and 15.5.11. What was confirmed before is no longer there, whatever becomes of this record. */
function isGone(outcome: Refusal): boolean {
  return outcome.kind === 'missing' || outcome.status === 404 || outcome.status === 410;
}

function settleAnswer(
  body: unknown,
  intent: ClaimedIntent,
  options: DeliverOptions,
  tier: WriteTier,
): Settlement {
  const { flow, target, context } = options;
  const rule = `flows.${flow.name}.to.${target.name}.unless`;
  try {
    const updates = intent.updates === true;
    if ((updates ? target.update?.unless : target.unless)?.(body) === true)
      return refuse(options, 'refused in the answer', findMessages(body, context.scrubber), rule);
    // What the object is called is known where it is only changed.
    const id = updates ? undefined : target.id?.(body);
    if (typeof id === 'object' && id !== null) throw new Error('the id is no text and no number');
    if (target.id !== undefined && !updates && (id ?? '') === '')
      throw new Error('it does not say what the object is called');
    return { kind: 'confirmed', remoteId: id === undefined || id === null ? undefined : String(id) };
  } catch (error) {
    // An answer that cannot be read says nothing of the write.
    const why = body === undefined ? 'it has no body' : context.scrubber.scrub((error as Error).message);
    const message = `the success test could not read the answer: ${why}`;
    if (tier < 5) return noteSent(later(intent, options, true, message), options);
    return { ...refuse(options, 'success test failed', message, rule), unresolved: true };
  }
}
