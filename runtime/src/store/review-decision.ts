/** What a person has seen at the target of a write whose outcome was not known. */
export type StatedOutcome =
  { readonly kind: 'applied'; readonly remoteId: string | undefined } | { readonly kind: 'not-applied' };

/**
 * How a person decides a review. Where the outcome of its write is not known, a retry or an edit without `outcome` has
 * it found out first. `paced`: one of many, which go out behind everything that is new.
 */
export type ReviewDecision = (
  | { readonly kind: 'retry' }
  | {
      readonly kind: 'edit';
      readonly payload: string;
      /** Targets that are written to again where they hold the record as it was: those at which that changes the same object. */
      readonly rewrites?: readonly string[];
    }
  | { readonly kind: 'discard'; readonly reason: string }
) & { readonly outcome?: StatedOutcome; readonly paced?: boolean };
