import { createHash } from 'node:crypto';
import type {
  ClaimedIntent,
  Judgement,
  PassState,
  PlannedIntent,
  ReviewEntry,
  Store,
  TakenRecord,
} from '../store/store.ts';

/** Short records and judgements for tests of the store. */
export const NO_PASS: PassState = { watermarkMs: undefined, firstDone: false, open: undefined };

export function sampleRecord(key: string, version: string, value: unknown = version): TakenRecord {
  const payload = JSON.stringify({ id: key, version, value });
  return { key, version, payload, hash: createHash('sha256').update(payload).digest('hex') };
}

export function sampleIntent(body: string): PlannedIntent {
  return {
    target: 'contact',
    idempotencyKey: `key-${body}`,
    operation: 'POST /x',
    method: 'POST',
    path: '/x',
    headers: {},
    body,
    hash: `hash-${body}`,
  };
}

export function sampleReview(reason = 'blank'): ReviewEntry {
  return {
    reason,
    rule: 'flows.f.map',
    message: 'a field is blank',
    fingerprint: `f:${reason}`,
    mapped: '{}',
  };
}

export function write(body: string): () => Judgement {
  return () => ({ state: 'waiting', intent: sampleIntent(body) });
}

export function toReview(reason?: string): () => Judgement {
  return () => ({ state: 'review', reason: 'blank', review: sampleReview(reason) });
}

/** Takes one record in with this judgement. */
export async function take(
  store: Store,
  record: TakenRecord,
  judge: Parameters<Store['takeIn']>[3],
): Promise<void> {
  await store.takeIn('f', [record], NO_PASS, judge);
}

/** Claims the only intent that is due. */
export async function claimOne(store: Store, nowMs: number, target = 'contact'): Promise<ClaimedIntent> {
  const [intent, ...others] = await store.claimIntents('f', target, nowMs, 10);
  if (intent === undefined || others.length > 0)
    throw new Error(`${others.length + (intent === undefined ? 0 : 1)} intents are due, not one.`);
  return intent;
}
