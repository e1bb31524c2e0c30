import { calculateDeferralMs } from '../http/backoff.ts';
import type { ClaimedIntent, ReviewEntry, Settlement } from '../store/store.ts';
import { DEAD_AFTER_MS } from './deliver-options.ts';
import type { DeliverOptions } from './deliver-options.ts';

/** Goes out again when its system takes calls again; that is not the record's age. */
export function wait(
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

/** Goes back to the store, for longer each time; a day of a healthy system is the limit. */
export function later(
  intent: ClaimedIntent,
  options: DeliverOptions,
  isUnknown: boolean,
  reason: string,
): Settlement {
  const { client, context } = options;
  const delayMs = calculateDeferralMs(intent.deferrals, context.random);
  // While the system fails for everyone, it is not this record's fault.
  const agedMs = intent.agedMs + (client.isFailing ? 0 : delayMs);
  if (agedMs > DEAD_AFTER_MS) {
    // A dead letter is a record that failed for good; of one whose outcome is unknown nobody can say that.
    if (isUnknown)
      return parkUnknown(intent, options, `the outcome of the write is not known after 24 hours (${reason})`);
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

/** The same bytes will not be taken any more: the record is mapped anew from what is looked up again. */
export function lookAgain(
  intent: ClaimedIntent,
  options: DeliverOptions,
  reason: string,
  maybe: boolean,
): Settlement {
  const settlement = later(intent, options, maybe, reason);
  if (settlement.kind !== 'later') return settlement;
  return { ...settlement, applied: 'no', looksAgain: true, ...(maybe ? { maybe } : {}) };
}

/** It may have been applied just now: a look-up counts only after its index has had its time. */
export function noteSent(settlement: Settlement, { context }: DeliverOptions): Settlement {
  if (settlement.kind !== 'later') return settlement;
  return { ...settlement, sentAtMs: context.clock.now(), probes: 0 };
}

export type Refused = Extract<Settlement, { readonly kind: 'refused' }>;

/** The target has refused these bytes, so nothing of them was applied. */
export function refuse(
  { flow, target }: DeliverOptions,
  reason: string,
  message: string,
  rule?: string,
): Refused {
  const at = rule ?? `flows.${flow.name}.to.${target.name}`;
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
export function park(
  intent: ClaimedIntent,
  options: DeliverOptions,
  reason: string,
  message: string,
  rule?: string,
): Refused {
  return { ...refuse(options, reason, message, rule), unresolved: intent.wasUnknown };
}

export function parkUnknown(intent: ClaimedIntent, options: DeliverOptions, message: string): Settlement {
  const parked = refuse(
    options,
    'unknown outcome',
    `${message}. Look at the target for the record ${intent.key} before a retry.`,
  );
  return { ...parked, unresolved: true };
}
