import type { IntakeReport, Judge, PassState, TakenRecord } from './store.ts';

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
  readonly open: PassState['open'];
}

export interface BackfillPage {
  readonly id: number;
  readonly flow: string;
  readonly records: readonly TakenRecord[];
  readonly open: PassState['open'];
  /** When the page was asked for. Where versions have no order, what was taken in since then is newer. */
  readonly askedAtMs: number;
}

export interface BackfillEnd {
  readonly state: 'done' | 'stopped' | 'cancelled';
  readonly reason?: string;
  readonly actor?: string;
}

/** Reading again, beside the normal reading. */
export interface BackfillStore {
  /** A resync forgets what was confirmed, too. @returns undefined where another one of this flow is not over yet */
  requestBackfill(request: BackfillRequest, nowMs: number): Promise<Backfill | undefined>;
  /** Those that are not over, and the last of each flow that is. */
  listBackfills(): Promise<readonly Backfill[]>;
  /** The one of this flow that is not over. */
  findBackfill(flow: string): Promise<Backfill | undefined>;
  /**
   * Judges the page's records, also those of a version that is known, and stores how far the reading came, in one
   * transaction. @returns undefined where it was cancelled meanwhile: then nothing was taken in
   */
  takeInBackfill(page: BackfillPage, judge: Judge): Promise<IntakeReport | undefined>;
  /** @returns false where it was over before */
  endBackfill(id: number, end: BackfillEnd, nowMs: number): Promise<boolean>;
}
