/** What a text may take of the processor's time, and of memory. */
export const BOUND_MS = 2000;
export const LIMIT_MB = 256;
