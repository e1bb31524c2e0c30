/** A key on which something waits. */
export interface BlockedKey {
  readonly flow: string;
  readonly key: string;
  /** What it waits for: a write under way, one of unknown outcome, or a person who must say what came of one. */
  readonly behind: 'sending' | 'unknown' | 'parked';
  /** When the version that waits was taken in. */
  readonly sinceMs: number;
}

export interface BlockedKeys {
  readonly count: number;
  /** The ones that have waited longest. */
  readonly oldest: readonly BlockedKey[];
}

export interface StoreHealth {
  /** `ok`, or the first thing that is wrong. */
  readonly integrity: string;
  /** `ok`, or why nothing can be written. */
  readonly writing: string;
  readonly bytes: number;
  /** Of the write-ahead log. */
  readonly logBytes: number;
  /** On the disk of the store; undefined where it is on none. */
  readonly freeBytes: number | undefined;
  /** Other users of the machine can read it. */
  readonly isExposed?: boolean;
}

/** Records that are not at their end, by what they wait for; those that wait for a person are left out. */
export interface Waiting {
  readonly flow: string;
  /** Undefined for those that are still to be judged. */
  readonly target: string | undefined;
  readonly count: number;
}

/** What operators ask of a store. */
export interface InspectStore {
  /** Of every flow, also those of earlier versions. */
  listWaiting(): Promise<readonly Waiting[]>;
  /** Keys of which a newer version waits behind an older one. */
  listBlocked(limit: number): Promise<BlockedKeys>;
  /** Reads the whole file. */
  checkHealth(): Promise<StoreHealth>;
}
