import type { SourceRecord, Tier, WireAnswer } from '../faults/fault.ts';
import { json } from '../faults/json-answer.ts';

/** A record of the source; two with one `ref` claim one object of the target. */
export interface CrashRecord extends SourceRecord {
  readonly ref: string;
  /** What nobody maps. */
  readonly padding?: string;
}

/** What the service does, and a person beside it. */
export type Step =
  /** As the command `once`. */
  | { readonly kind: 'once' }
  /** A person edits the record of the first review of this key. */
  | { readonly kind: 'decide'; readonly key: string; readonly payload: string }
  | { readonly kind: 'advance'; readonly byMs: number };

/** One run of a service that crashes strike: what the source holds, what the target answers, and what must come of it. */
export interface Story {
  readonly name: string;
  readonly tier: Tier;
  /** How long the token server takes a refresh token that has been used. */
  readonly graceMs: number;
  readonly steps: readonly Step[];
  recordsAt(nowMs: number): readonly CrashRecord[];
  /** What the target answers to a write instead of doing it. @param times that this body came before */
  refuse(body: string, times: number, nowMs: number): WireAnswer | undefined;
  /** What the target must hold in the end, by ref. */
  readonly wanted: ReadonlyMap<string, CrashRecord>;
  /** Keys that a person must find in review in the end. */
  readonly parked: readonly string[];
  /** Each record goes on to a second target, which is told the id that the first one gave it. */
  readonly hasNotes?: true;
  /** What the target holds before the service first runs: it is looked up, and changed at once. */
  readonly before?: readonly CrashRecord[];
  /** So many records share a call. */
  readonly batchSize?: number;
}

/** When the service is started for the first time. */
export const START_MS = Date.UTC(2026, 0, 5, 9);
/** What changes at the source changes so long after that. */
const CHANGE_MS = START_MS + 600_000;
const EPOCH_MS = Date.UTC(2026, 0, 4);
const GRACE_MS = 60_000;
const ONCE: Step = { kind: 'once' };
const PAUSE: Step = { kind: 'advance', byMs: 700_000 };
const SORRY = json(500, { message: 'sorry' });

function makeRecord(index: number, change: Partial<CrashRecord> = {}): CrashRecord {
  return {
    id: `r${index}`,
    ref: `r${index}`,
    name: `Name ${index}`,
    email: `r${index}@example.com`,
    amount: index + 0.5,
    kind: index % 2 === 0 ? 'person' : 'company',
    day: '2026-03-05T12:00:00Z',
    updated: new Date(EPOCH_MS + index * 60_000).toISOString(),
    ...change,
  };
}

const atChange = (byMs = 0): string => new Date(CHANGE_MS + byMs).toISOString();

/**
 * Eight records in three pages: r2 is parked when it is read, r5 is skipped, the target refuses r6 until a person edits
 * it, and the first write of r3 fails. Later r0 changes; where there is a look-up, r8 claims the object of r3.
 */
export function createMainStory(tier: Tier): Story {
  const updates = tier === 0 || tier === 2;
  const looksUp = tier === 3 || tier === 4;
  const changed = makeRecord(0, { name: 'Name 0, changed', updated: atChange() });
  const twin = makeRecord(8, { ref: 'r3', updated: atChange(1000) });
  const edited = makeRecord(6, { name: 'Edited 6' });
  const first = [0, 1, 2, 3, 4, 5, 6, 7].map((index) => {
    const special: Readonly<Record<number, Partial<CrashRecord>>> = {
      2: { kind: 'robot' },
      5: { name: 'Hidden 5' },
      6: { name: 'Refused 6' },
    };
    return makeRecord(index, special[index]);
  });
  const wanted = [makeRecord(1), makeRecord(3), makeRecord(4), edited, makeRecord(7)];
  wanted.push(updates ? changed : makeRecord(0));
  return {
    name: 'main',
    tier,
    graceMs: GRACE_MS,
    steps: [ONCE, { kind: 'decide', key: 'r6', payload: JSON.stringify(edited) }, PAUSE, ONCE],
    recordsAt: (nowMs) =>
      nowMs < CHANGE_MS + 1000 ? first : [...first.slice(1), changed, ...(looksUp ? [twin] : [])],
    refuse: (body, times) =>
      refuseForEver(body) ?? (tier < 5 && times === 0 && body.includes('"r3"') ? SORRY : undefined),
    wanted: new Map(wanted.map((record) => [record.ref, record])),
    parked: looksUp ? ['r2', 'r8'] : ['r2'],
  };
}

/** The main story with four records in two pages. */
export function createShortStory(tier: Tier): Story {
  const story = createMainStory(tier);
  const keys = new Set(['r0', 'r2', 'r3', 'r6']);
  return {
    ...story,
    name: 'short',
    steps: story.steps.filter(({ kind }) => kind !== 'advance'),
    recordsAt: () => story.recordsAt(START_MS).filter(({ id }) => keys.has(id)),
    wanted: new Map(
      [...story.wanted]
        .filter(([ref]) => keys.has(ref))
        .map(([ref, record]) => [ref, ref === 'r0' ? makeRecord(0) : record]),
    ),
    parked: ['r2'],
  };
}

/** A vendor that takes a used refresh token no second time: a crash before the new one is stored needs a person. */
export function createLostTokenStory(tier: Tier): Story {
  const records = [makeRecord(0), makeRecord(1)];
  return {
    name: 'lost-token',
    tier,
    graceMs: -1,
    steps: [ONCE],
    recordsAt: () => records,
    refuse: () => undefined,
    wanted: new Map(records.map((record) => [record.ref, record])),
    parked: [],
  };
}

/** Each record makes an object and then a note of it; the first note of r1 fails. */
export function createNotesStory(tier: Tier): Story {
  const records = [0, 1, 2, 3].map((index) => makeRecord(index));
  return {
    name: 'notes',
    tier,
    graceMs: GRACE_MS,
    steps: [ONCE],
    recordsAt: () => records,
    refuse: (body, times) =>
      times === 0 && body.includes('"of"') && body.includes('"r1"') ? SORRY : undefined,
    wanted: new Map(records.map((record) => [record.ref, record])),
    parked: [],
    hasNotes: true,
  };
}

/**
 * The target holds r0 and r1 before, with other names: they are found, and changed to what the source says; the first
 * change of r1 fails. r2 and r3 are created. Later r0 changes once more.
 */
export function createFoundStory(tier: Tier): Story {
  const records = [0, 1, 2, 3].map((index) => makeRecord(index));
  const changed = makeRecord(0, { name: 'Name 0, changed', updated: atChange() });
  return {
    name: 'found',
    tier,
    graceMs: GRACE_MS,
    steps: [ONCE, PAUSE, ONCE],
    recordsAt: (nowMs) => (nowMs < CHANGE_MS + 1000 ? records : [...records.slice(1), changed]),
    refuse: (body, times) => (times === 0 && body.includes('"r1"') ? SORRY : undefined),
    wanted: new Map([changed, ...records.slice(1)].map((record) => [record.ref, record])),
    parked: [],
    before: [0, 1].map((index) => makeRecord(index, { name: `Old ${index}` })),
  };
}

/** Three records share a call. The target takes no call with r4 in it, and the first one with r1 ends in an error. */
export function createBatchesStory(tier: Tier): Story {
  const records = [0, 1, 2, 3, 4, 5, 6].map((index) =>
    makeRecord(index, index === 4 ? { name: 'Refused 4' } : {}),
  );
  return {
    name: 'batches',
    tier,
    graceMs: GRACE_MS,
    steps: [ONCE, PAUSE, ONCE],
    recordsAt: () => records,
    refuse: (body, times) =>
      refuseForEver(body) ?? (tier < 5 && times === 0 && body.includes('"r1"') ? SORRY : undefined),
    wanted: new Map(records.filter(({ id }) => id !== 'r4').map((record) => [record.ref, record])),
    parked: ['r4'],
    batchSize: 3,
  };
}

/** r1 is changed, the change is refused, and then r1 comes again with the same content. For tiers that update. */
export function createEditsStory(tier: Tier): Story {
  const changed = makeRecord(1, { name: 'Name 1, changed', updated: atChange() });
  const touched = { ...changed, updated: atChange(600_000) };
  return {
    name: 'edits',
    tier,
    graceMs: GRACE_MS,
    steps: [ONCE, PAUSE, ONCE, PAUSE, ONCE],
    recordsAt: (nowMs) => [
      makeRecord(0),
      nowMs < CHANGE_MS + 1000 ? makeRecord(1) : nowMs < CHANGE_MS + 601_000 ? changed : touched,
    ],
    refuse: (body, _times, nowMs) =>
      body.includes('changed') && nowMs < CHANGE_MS + 600_000 ? json(422, { message: 'not now' }) : undefined,
    wanted: new Map([makeRecord(0), touched].map((record) => [record.ref, record])),
    parked: [],
  };
}

const HOUR_MS = 3_600_000;
const OUTAGE_HOURS = 56;

/** The target fails for more than two days, and then all is well. */
export function createOutageStory(tier: Tier): Story {
  const records = [0, 1, 2, 3].map((index) => makeRecord(index));
  const wait: Step = { kind: 'advance', byMs: HOUR_MS / 4 };
  return {
    name: 'outage',
    tier,
    graceMs: GRACE_MS,
    steps: Array.from({ length: (OUTAGE_HOURS + 4) * 8 }, (_, index) => (index % 2 === 0 ? ONCE : wait)),
    recordsAt: () => records,
    refuse: (_body, _times, nowMs) => (nowMs < START_MS + OUTAGE_HOURS * HOUR_MS ? SORRY : undefined),
    wanted: new Map(records.map((record) => [record.ref, record])),
    parked: [],
  };
}

const BULK_RECORDS = 200;

/** Far more than the service may hold in memory at once. */
export function createBulkStory(tier: Tier): Story {
  const padding = 'x'.repeat(200_000);
  const records = Array.from({ length: BULK_RECORDS }, (_, index) => makeRecord(index, { padding }));
  return {
    name: 'bulk',
    tier,
    graceMs: GRACE_MS,
    steps: [ONCE],
    recordsAt: () => records,
    refuse: () => undefined,
    wanted: new Map(records.map((record) => [record.ref, record])),
    parked: [],
  };
}

const STORIES: Readonly<Record<string, (tier: Tier) => Story>> = {
  main: createMainStory,
  short: createShortStory,
  'lost-token': createLostTokenStory,
  edits: createEditsStory,
  notes: createNotesStory,
  found: createFoundStory,
  batches: createBatchesStory,
  outage: createOutageStory,
  bulk: createBulkStory,
};

/** @throws Error where no story is called so */
export function createStory(name: string, tier: Tier): Story {
  const create = STORIES[name];
  if (create === undefined) throw new Error(`No story is called ${name}.`);
  return create(tier);
}

function refuseForEver(body: string): WireAnswer | undefined {
  return body.includes('Refused') ? json(422, { message: 'this name is refused' }) : undefined;
}
