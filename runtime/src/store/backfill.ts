/** A reading that is under way; times in milliseconds. */
export interface OpenPass {
  readonly startedAtMs: number;
  readonly sinceMs: number;
  /** The newest value of `changes.field` whose record is in the inbox. */
  readonly newestMs: number | undefined;
  /** The server's `Date` when the pass began. */
  readonly serverMs: number | undefined;
}

/** Who asks for what to be read once more. */
export interface BackfillRequest {
  readonly flow: string;
  /** `resync` writes again what the targets hold, and only that. */
  readonly kind: 'backfill' | 'resync';
  /** Read from this value of the change field on; 0 for everything. */
  readonly sinceMs: number;
  /** Only this record. */
  readonly key?: string;
  readonly actor: string;
}

/** A reading of what was read before. It has a progress of its own, so the watermark of the normal reading stays. */
export interface Backfill {
  readonly id: number;
  readonly flow: string;
  readonly kind: 'backfill' | 'resync';
  readonly sinceMs: number;
  readonly key: string | undefined;
  readonly askedBy: string;
  readonly askedAtMs: number;
  readonly state: 'waiting' | 'running' | 'done' | 'stopped' | 'cancelled';
  /** Why it was stopped, or what there is to know of its end. */
  readonly reason: string | undefined;
  readonly endedAtMs: number | undefined;
  readonly pages: number;
  /** Records that were judged. */
  readonly judged: number;
  /** Of these, the ones that go to a target and the ones that go to a person. */
  readonly writes: number;
  readonly reviews: number;
  readonly open: OpenPass | undefined;
}

export interface BackfillEnd {
  readonly state: 'done' | 'stopped' | 'cancelled';
  readonly reason?: string;
  readonly actor?: string;
}
