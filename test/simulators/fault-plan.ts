import { createSeededRandom } from './seeded-random.ts';

/**
 * throttled: 429 with Retry-After 1; throttled-bare: 429 without; server-error: 500 before applying;
 * cut-after-apply, cut-before-apply: the socket is destroyed; unavailable: 503; garbage: 200 with
 * truncated JSON after applying.
 */
export type FaultKind =
  | 'throttled'
  | 'throttled-bare'
  | 'server-error'
  | 'cut-after-apply'
  | 'cut-before-apply'
  | 'unavailable'
  | 'garbage';

export interface FaultPlan {
  readonly seed: number;
  /** Probability per request, 0 to 1. */
  readonly rates: Partial<Record<FaultKind, number>>;
  /** Faults in total; unlimited when absent. */
  readonly max?: number;
}

export interface FaultCounter {
  readonly fired: Record<string, number>;
  /** At most one fault per request id, so that whoever retries gets through. */
  next(requestId: string): FaultKind | undefined;
}

const kinds: readonly FaultKind[] = [
  'throttled',
  'throttled-bare',
  'server-error',
  'cut-after-apply',
  'cut-before-apply',
  'unavailable',
  'garbage',
];

function drawFault(rates: FaultPlan['rates'], dice: number): FaultKind | undefined {
  let reached = 0;
  for (const kind of kinds) {
    reached += rates[kind] ?? 0;
    if (dice < reached) return kind;
  }
  return undefined;
}

/** FNV-1a, so that the draw depends on what is asked and not on the order of concurrent requests. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

export function createFaults(plan: FaultPlan | undefined): FaultCounter {
  const fired: Record<string, number> = {};
  if (plan === undefined) return { fired, next: () => undefined };
  const arrivals = new Map<string, number>();
  const faulted = new Set<string>();
  return {
    fired,
    next(requestId) {
      const arrival = (arrivals.get(requestId) ?? 0) + 1;
      arrivals.set(requestId, arrival);
      if (faulted.has(requestId) || (plan.max !== undefined && faulted.size >= plan.max)) return undefined;
      const random = createSeededRandom(hashText(`${plan.seed} ${arrival} ${requestId}`));
      const kind = drawFault(plan.rates, random.next());
      if (kind === undefined) return undefined;
      faulted.add(requestId);
      fired[kind] = (fired[kind] ?? 0) + 1;
      return kind;
    },
  };
}
