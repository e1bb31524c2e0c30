/** What becomes of a call that has failed, for whoever asks when the next one comes. */
export type Effect =
  /** At most three tries within 20 s, then what follows. */
  | { readonly kind: 'retry'; readonly next: Following }
  /** No further try within this call. */
  | { readonly kind: 'later'; readonly next: Following }
  /** Nothing goes to the system for a while; `afterMs`: as long as a rule says, where the server names no time. */
  | { readonly kind: 'wait'; readonly afterMs: number | undefined }
  | { readonly kind: 'pause'; readonly afterMs: number | undefined }
  /** New credentials, where they can be renewed; then the system is left alone. */
  | { readonly kind: 'refresh'; readonly renews: boolean }
  /** It is over: done, left out, or with a person. */
  | { readonly kind: 'end' };

/** What comes when the tries of a call are over; `dead` and `review` say how a record ends that is never taken. */
export type Following = 'read-on' | 'dead' | 'review' | 'look-up';

export const END: Effect = { kind: 'end' };

/** A write of which nobody knows whether it was applied. @param tier what makes a repeat of it harmless */
export function effectOfUnknown(tier: number): Effect {
  if (tier === 5) return END;
  return tier <= 2 ? { kind: 'retry', next: 'review' } : { kind: 'later', next: 'look-up' };
}
