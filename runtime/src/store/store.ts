import type { Lane } from '../http/lane.ts';
import type { Backfill, BackfillEnd, BackfillRequest, OpenPass } from './backfill.ts';
import type { ErasureStore } from './erasure-store.ts';
import type { InspectStore } from './inspect-store.ts';
import type { ItemState } from './item-states.ts';
import type { ReviewDecision } from './review-decision.ts';

export type { ItemState } from './item-states.ts';

/** One version of one record as it was read. */
export interface TakenRecord {
  readonly key: string;
  readonly version: string;
  /** SHA-256 of the payload. */
  readonly hash: string;
  /** JSON text. */
  readonly payload: string;
}

/** What is known of a key before a record of it is judged. */
export interface KnownKey {
  readonly latest: { readonly version: string; readonly state: ItemState } | undefined;
  /** The last intent may have been applied and nobody knows yet. */
  readonly unresolved: boolean;
  /** What the targets hold of it, and marks (marks.ts). */
  readonly delivered: readonly KnownDelivery[];
  /** Set where this very version is judged once more by a backfill: the generation of its next write. */
  readonly againAs?: number;
}

export interface KnownDelivery {
  readonly target: string;
  /** The item whose write the target confirmed last. */
  readonly itemId: number | undefined;
  readonly remoteId: string | undefined;
  readonly confirmedHash: string | undefined;
  readonly attemptedHash: string | undefined;
}

export interface Judgement {
  readonly state: ItemState;
  readonly reason?: string;
  /** With this the reasons of all dead letters of one cause begin; the reason itself where it is left out. */
  readonly cause?: string;
  readonly intent?: PlannedIntent;
  readonly review?: ReviewEntry;
  /** What a record that stays queued waits for. */
  readonly putOff?: PutOff;
  /** JSON of what was looked up, where further targets need it. */
  readonly found?: string;
  /** A mark of the first run. */
  readonly mark?: string;
}

/** It is looked at again at this moment; where that `counts`, it was its own fault. */
export interface PutOff {
  readonly untilMs: number;
  readonly agedMs: number;
  readonly counts: boolean;
}

export interface PlannedIntent {
  readonly target: string;
  readonly idempotencyKey: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** SHA-256 of method, path and body. */
  readonly hash: string;
  /** It changes an object that the target has made before. */
  readonly updates?: boolean;
}

export interface ReviewEntry {
  readonly reason: string;
  readonly rule: string;
  readonly message: string;
  /** Groups what has one cause. */
  readonly fingerprint: string;
  /** JSON of the mapped record, as far as it came. */
  readonly mapped: string | undefined;
}

/** A reading pass that is under way or done; times in milliseconds. */
export interface PassState {
  readonly watermarkMs: number | undefined;
  /** Some pass has come to its end. */
  readonly firstDone: boolean;
  readonly open: OpenPass | undefined;
}

export type Judge = (record: TakenRecord, known: KnownKey) => Judgement;

export type JudgeQueued = (item: QueuedItem, known: KnownKey) => Judgement | undefined;

export interface Queued {
  readonly item: QueuedItem;
  readonly known: KnownKey;
}

/** Whether what is planned for this target may be claimed in the same transaction; asked at most once a page. */
export type ClaimFor = (target: string) => boolean;

/** What came of records. */
export type Ends = Pick<IntakeReport, 'states' | 'reviews' | 'dead'>;

export interface IntakeReport {
  readonly taken: number;
  readonly rereads: number;
  /** Judgements by state. */
  readonly states: ReadonlyMap<ItemState, number>;
  /** Reviews by fingerprint. */
  readonly reviews: ReadonlyMap<string, number>;
  /** Dead letters by cause. */
  readonly dead?: ReadonlyMap<string, number>;
  /** Of what was queued: what was judged for the first time, and for a further target; not what was put back. */
  readonly judged?: { readonly first: Ends; readonly onward: Ends };
  /** Of a backfill: records that the source has in an older version than was taken in before. */
  readonly older?: number;
  /** Writes that stand as being sent already; in `states` they are counted as waiting. */
  readonly claimed?: readonly ClaimedIntent[];
}

export interface ClaimedIntent extends PlannedIntent {
  readonly id: number;
  readonly itemId: number;
  readonly flow: string;
  readonly key: string;
  readonly version: string;
  /** It was sent before and its outcome is not known. */
  readonly wasUnknown: boolean;
  /** Which calls go before it where calls must wait. */
  readonly lane: Lane;
  readonly attempts: number;
  readonly deferrals: number;
  /** Time spent deferred while the system was healthy, in milliseconds. */
  readonly agedMs: number;
  readonly firstSentAtMs: number;
  /** When it was last sent and may have been applied; undefined where it never was. */
  readonly sentAtMs: number | undefined;
  /** Look-ups since then that found nothing, or repeats under its key that were refused. */
  readonly probes: number;
  /** The call for several records in which it was sent under one idempotency key; `lost`: its bytes are gone. */
  readonly batch?: (FrozenBatch & { readonly id: number; readonly index: number }) | 'lost';
  /** It goes out with so few others that the target can say which of them it refuses. */
  readonly batchMost?: number;
}

/** The bytes of one call for several records. */
export interface FrozenBatch {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How many records are in it. */
  readonly count: number;
}

/** How an intent ended, or when to go on with it. */
export type Settlement =
  /** `adopted`: the object was there before, so nobody knows whether it holds what we would have sent. */
  | {
      readonly kind: 'confirmed';
      readonly remoteId: string | undefined;
      readonly adopted?: boolean;
      /** Further targets wait for it, so its payload is still needed. */
      readonly more?: boolean;
      /** The record is judged once more for this target, which changes the object that was found. */
      readonly changesNext?: boolean;
      /** What happens instead where the object belongs to another key by then. */
      readonly ifLinked?: ReviewEntry;
    }
  /** `unresolved`: it may have been applied, so nothing newer of this key goes out before a person has decided. */
  | {
      readonly kind: 'refused';
      readonly review: ReviewEntry;
      readonly unresolved?: boolean;
      /** The target does not hold what it held before. */
      readonly gone?: boolean;
      /** A rule says that the flow stops with it; lifting that tries it again. */
      readonly halts?: boolean;
    }
  /** `gone`: as above. */
  | {
      readonly kind: 'skipped' | 'dead';
      readonly reason: string;
      readonly gone?: boolean;
      /** As that of a judgement. */
      readonly cause?: string;
    }
  | {
      readonly kind: 'later';
      readonly applied: 'no' | 'unknown';
      readonly atMs: number;
      readonly agedMs: number;
      readonly counts: boolean;
      readonly sentAtMs?: number;
      readonly probes?: number;
      /** The largest batch in which it may go out from now on. */
      readonly batchMost?: number;
      /** It is not sent again: the record is looked up for once more. */
      readonly looksAgain?: boolean;
      /** A try of it may have been applied. */
      readonly maybe?: boolean;
      readonly reason: string;
    };

export interface QueuedItem extends TakenRecord {
  readonly itemId: number;
  readonly flow: string;
  readonly editGeneration: number;
  /** A person put it back, so what was decided about it before does not park it again. */
  readonly byPerson: boolean;
  /** That person has changed it. */
  readonly edited: boolean;
  /** How often a write of it was made anew. */
  readonly remakes: number;
  readonly takenAtMs: number;
  readonly lane: Lane;
  /** JSON of what was looked up for it; undefined where nothing is kept. */
  readonly found: string | undefined;
  /** How often it was put off, and for how much time of healthy systems, in milliseconds. */
  readonly deferrals: number;
  readonly agedMs: number;
}

export interface Review {
  readonly id: number;
  readonly flow: string;
  readonly key: string;
  readonly reason: string;
  readonly rule: string;
  readonly message: string;
  readonly fingerprint: string;
  readonly openedAtMs: number;
  readonly state: 'open' | 'closed';
  readonly resolution: string | undefined;
  readonly mapped: string | undefined;
  readonly payload: string | undefined;
  /** The write that may have been applied, so that a person is asked; undefined where nothing was. */
  readonly unresolved: { readonly target: string; readonly firstSentAtMs: number } | undefined;
}

export interface ReviewFilter {
  readonly flow?: string;
  readonly state: 'open' | 'closed' | 'all';
  readonly fingerprint?: string;
  readonly limit: number;
}

export interface DeadLetter {
  readonly itemId: number;
  readonly flow: string;
  readonly key: string;
  readonly version: string;
  readonly reason: string;
  readonly changedAtMs: number;
}

export interface Pause {
  readonly name: string;
  readonly kind: 'pause' | 'halt';
  readonly untilMs: number | undefined;
  readonly reason: string;
  /** What most of it ended with, the fingerprint of reviews or the cause of dead letters: lifting the halt tries these again. */
  readonly fingerprint?: string;
  readonly sinceMs: number;
}

/** What waits for a person, by cause. */
export interface Trouble {
  readonly kind: 'review' | 'dead-letter';
  readonly flow: string;
  readonly fingerprint: string;
  readonly reason: string;
  readonly count: number;
  readonly sinceMs: number;
}

/** How far behind a flow is; undefined where it has not come so far. */
export interface Freshness {
  readonly lastPassMs: number | undefined;
  /** When the oldest record was taken in that is still under way. */
  readonly oldestLiveMs: number | undefined;
}

export interface StoredToken {
  /** Ciphertext with its key id: see token-cipher. */
  readonly sealed: string;
  readonly seedHash: string;
  readonly generation: number;
}

export interface FlowCounts {
  readonly flow: string;
  readonly takenIn: number;
  readonly rereads: number;
  readonly states: Readonly<Partial<Record<ItemState, number>>>;
}

export interface BackfillPage {
  readonly id: number;
  readonly flow: string;
  readonly records: readonly TakenRecord[];
  readonly open: OpenPass | undefined;
  /** When the page was asked for. Where versions have no order, what was taken in since then is newer. */
  readonly askedAtMs: number;
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

/** Everything that survives a stop. Every method is durable once its promise has resolved. */
export interface Store extends BackfillStore, ErasureStore, InspectStore {
  loadPass(flow: string): Promise<PassState>;
  savePass(flow: string, pass: PassState): Promise<void>;
  /** The page's records and the pass's progress, in one transaction. */
  takeIn(
    flow: string,
    records: readonly TakenRecord[],
    pass: PassState,
    judge: Judge,
    claimFor?: ClaimFor,
  ): Promise<IntakeReport>;
  /**
   * Judges again what was put back: by a person, or because an older version had to be resolved first. What the judge
   * says nothing of stays as it is.
   */
  prepareQueued(flow: string, limit: number, judge: JudgeQueued): Promise<IntakeReport>;
  /** What could be judged now, the oldest first, with what is known of its key. */
  listQueued(flow: string, nowMs: number, limit: number): Promise<readonly Queued[]>;
  /** When the next record that is queued may be judged; undefined where none is. */
  nextQueuedMs(flow: string): Promise<number | undefined>;
  /** Work that was under way when the engine stopped is of unknown outcome. @returns how many intents */
  recoverSending(): Promise<number>;
  /** Marks up to `limit` due intents as sending, before their first byte. */
  claimIntents(flow: string, target: string, nowMs: number, limit: number): Promise<readonly ClaimedIntent[]>;
  /** Keeps the bytes of a call for these, in this order, before the first of them is sent. */
  saveBatch(batch: FrozenBatch, intents: readonly ClaimedIntent[]): Promise<readonly ClaimedIntent[]>;
  settle(intent: ClaimedIntent, settlement: Settlement, nowMs: number): Promise<void>;
  /** When the next intent that waits is due; undefined where none waits. */
  nextDueMs(flow: string, target: string): Promise<number | undefined>;
  countLive(flow: string): Promise<number>;
  countOpenReviews(flow: string): Promise<number>;
  counts(flows: readonly string[]): Promise<readonly FlowCounts[]>;
  /** Every flow of which the store holds records, also those of earlier versions. */
  listFlows(): Promise<readonly string[]>;
  listReviews(filter: ReviewFilter): Promise<readonly Review[]>;
  findReview(id: number): Promise<Review | undefined>;
  /** @returns false where the review is no longer open, or its outcome is still being resolved */
  decideReview(id: number, decision: ReviewDecision, actor: string, nowMs: number): Promise<boolean>;
  /** `like`: a part of the reason, in capitals or not. */
  listDead(filter: {
    readonly flow?: string;
    readonly like?: string;
    readonly limit: number;
  }): Promise<readonly DeadLetter[]>;
  /** `paced`: one of many, which go out behind everything that is new. @returns false where it is no dead letter */
  retryDead(
    itemId: number,
    by: { readonly actor: string; readonly paced: boolean },
    nowMs: number,
  ): Promise<boolean>;
  /** What waits for people, by cause, the oldest first. */
  listTrouble(): Promise<readonly Trouble[]>;
  readFreshness(flow: string): Promise<Freshness>;
  /** The key whose record the target holds under this id; undefined where none does. */
  findLinkedKey(flow: string, target: string, remoteId: string): Promise<string | undefined>;
  listPauses(): Promise<readonly Pause[]>;
  setPause(pause: Pause): Promise<void>;
  /** Lifting a halt puts back what ended with its fingerprint. */
  clearPause(name: string, actor: string, nowMs: number): Promise<boolean>;
  readToken(system: string): Promise<StoredToken | undefined>;
  /** Compare and swap. @returns false where another generation stands there now */
  writeToken(system: string, token: StoredToken, expectedGeneration: number): Promise<boolean>;
  readMeta(name: string): Promise<string | undefined>;
  writeMeta(name: string, value: string): Promise<void>;
  addUsage(system: string, day: number, count: number): Promise<number>;
  close(): Promise<void>;
}
