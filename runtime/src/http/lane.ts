/** Who goes first where calls must wait: what is new, what is sent again, what is read from long ago. */
export type Lane = 'live' | 'retry' | 'backfill';
