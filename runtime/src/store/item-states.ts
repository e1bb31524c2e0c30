/** Every state that a record can be in: section 8.1. Taken in = the sum over all of them. */
export const ITEM_STATES = [
  'queued',
  'waiting',
  'sending',
  'unknown',
  'delivered',
  'unchanged',
  'seen',
  'ignored',
  'skipped',
  'review',
  'dead',
  'superseded',
  'discarded',
  'erased',
] as const;
export type ItemState = (typeof ITEM_STATES)[number];
