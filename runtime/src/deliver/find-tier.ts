import type { WriteTier } from '../http/decide-call.ts';
import type { ClaimedIntent } from '../store/store.ts';
import type { DeliverOptions } from './deliver-options.ts';

export const BLIND = 'the outcome of the write is not known, and a repeat could apply it twice';

/**
 * What makes a repeat of this write harmless now. Once the vendor may have forgotten an idempotency key, or the bytes that
 * went with it are gone, it protects nothing: the next entry of `once` decides.
 */
export function findTier(intent: ClaimedIntent, { target, context }: DeliverOptions): WriteTier {
  if (intent.updates === true) return target.update?.tier ?? 5;
  if (target.tier !== 1 || target.key === undefined || !intent.wasUnknown) return target.tier;
  const isHeld = context.clock.now() - intent.firstSentAtMs < target.key.lastsMs && intent.batch !== 'lost';
  if (isHeld) return 1;
  if (target.lookUp === undefined) return 5;
  return target.lookUp.settleMs === undefined ? 3 : 4;
}
