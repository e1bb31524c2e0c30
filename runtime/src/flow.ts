import type { SystemAuth } from './auth/system-auth.ts';
import type { BodyFormat } from './formats/body-format.ts';
import type { ApiRequest } from './http/api-request.ts';
import type { LimitOptions } from './http/call-gate.ts';
import type { CallRule, StatusRange, WriteTier } from './http/decide-call.ts';
import type { Shape } from './inbox/read-path.ts';
import type { Instant } from './instant.ts';
import type { Mapper } from './map/mapper.ts';
import type { FindBlankKind } from './transforms/blank.ts';

/** One API as the service calls it. */
export interface System {
  readonly name: string;
  /** Base URL without a slash at its end. */
  readonly server: string;
  readonly auth: SystemAuth;
  readonly headers?: Readonly<Record<string, string>>;
  readonly limits?: LimitOptions;
  readonly calls?: readonly CallRule[];
  /** The formats of the answers that mean success, by operation; JSON where it is left out. */
  readonly answers?: Readonly<Record<string, readonly BodyFormat[]>>;
}

export interface PageCursor {
  /** What the last page gave to ask for the next; undefined for the first. */
  readonly cursor: string | undefined;
  /** Page number or offset, as the paging counts. */
  readonly number: number;
}

export type Paging<Page> =
  | {
      readonly kind: 'cursor';
      readonly next: (body: Page) => string | number | null | undefined;
      readonly depth?: number;
    }
  | { readonly kind: 'next-url'; readonly next: (body: Page) => string | null | undefined }
  | { readonly kind: 'link' }
  | {
      readonly kind: 'page' | 'offset';
      readonly start: number;
      readonly size?: number;
      readonly until: 'missing' | 'empty' | 'short';
      readonly next?: (body: Page) => string | number | boolean | null | undefined;
      readonly depth?: number;
    }
  | { readonly kind: 'none' };

export interface FlowRead<Source, Page> {
  readonly system: string;
  /** How often it reads; with a schedule, how long that lasts at most between two readings. */
  readonly everyMs: number;
  /** At these times instead, in the zone whose clock they are of. */
  readonly at?: { readonly cron: string; readonly zone: string };
  readonly request: (since: Instant, page: PageCursor) => ApiRequest;
  readonly records: (body: Page) => readonly Source[] | null | undefined;
  readonly pages: Paging<Page>;
  readonly key: (source: Source) => string | number | null | undefined;
  readonly version: (source: Source) => string | number | null | undefined;
  readonly order: 'oldest-first' | 'newest-first' | 'none';
  readonly changes: {
    /** Absent: every pass reads everything. */
    readonly field?: (source: Source) => string | number | null | undefined;
    readonly lookbackMs: number;
    readonly settleMs: number;
    /** How far a query steps back whose filter leaves its bound out, in milliseconds. */
    readonly stepMs?: number;
    /** `all`, `now`, `seen`, or an ISO instant. */
    readonly first: string;
  };
  /** The types of the fields that are read, by path; a record that breaks one goes to review. */
  readonly shape: Shape;
  readonly calls?: readonly CallRule[];
}

/** What a mapping may use beside the record. */
export interface Scope<Found = unknown> {
  /** When this version of the record was first seen. */
  readonly now: Instant;
  readonly ids: TargetIds;
  /** What was looked up for the record, by name. */
  readonly found: Found;
}

export interface KeepRule<Source, Found = unknown> {
  readonly when: (source: Source, scope: Scope<Found>) => boolean;
  readonly otherwise: 'skip' | 'review' | 'fail';
  readonly rule: string;
  /** So many of the flow's look-ups must have been made before it can be asked; none where it is left out. */
  readonly needs?: number;
}

/** What becomes of a record for which nothing is found; `blank`: it goes on without. */
export type NoneAction = 'review' | 'defer' | 'skip' | 'fail' | 'blank';
export type ManyAction = 'review' | 'skip' | 'fail';

/** An answer that should be one object and is something else. */
export type NoObject = 'no object';

/** The answer of a look-up that is the one object: none where it is null. */
export function oneObject<T>(body: T): readonly T[] | NoObject {
  if (body === null) return [];
  return typeof body === 'object' && !Array.isArray(body) ? [body] : 'no object';
}

/** Something that a record needs and does not hold: it is read before the record is mapped. */
export interface FlowFind<Source, Found, Page> {
  readonly name: string;
  readonly system: string;
  /** The only target that needs it: then it is made once the targets before that one have taken the record. */
  readonly target?: string;
  /** One object, or all that there are. */
  readonly take: 'one' | 'all';
  /** Calls `filled` on what must not be blank: then nothing is found, and no call is made. */
  readonly request: (source: Source, scope: Scope<Found>, page: PageCursor) => ApiRequest;
  readonly records: (body: Page) => readonly unknown[] | NoObject | null | undefined;
  readonly pages: Paging<Page>;
  readonly none: NoneAction;
  readonly many: ManyAction;
  /** How long an answer is used again for the same request, in milliseconds. */
  readonly cacheMs?: number;
  /** The types of the fields that are read, by path. */
  readonly shape: Shape;
  readonly calls?: readonly CallRule[];
  /** Its place in the rules: `flows.invoices.find.person`. */
  readonly rule: string;
}

export interface LookUp<Item, Hit> {
  /** A method, so that generated code may promise more of what was sent than the description does. */
  request(sent: Item, page: PageCursor): ApiRequest;
  readonly records: (body: Hit) => readonly unknown[] | null | undefined;
  /** One answer holds everything where it is left out. */
  readonly pages?: Paging<Hit>;
  /** The field of a found object that holds its id. */
  readonly idField: string;
  /** Fields of the item by which it asks and that what is found has, too: with another value it is another object. */
  readonly same?: readonly string[];
  /** Where the item stands in the body that was committed; absent where it is the body. */
  readonly itemPath?: string;
  /** How long the index of the look-up may lag behind a write, in milliseconds; with it, the write is of tier 4. */
  readonly settleMs?: number;
  /** So many look-ups, `settleMs` apart, must find nothing before a write of unknown outcome is repeated. */
  readonly probes?: number;
}

export interface FlowTarget<Source, Item, Answer, Hit, Found> {
  readonly name: string;
  readonly system: string;
  readonly mode: 'write' | 'create';
  readonly tier: WriteTier;
  readonly map: (source: Source, map: Mapper, scope: Scope<Found>) => Item;
  readonly request: (item: Item, source: Source, scope: Scope<Found>) => ApiRequest;
  /** The header that carries the idempotency key, and how long the vendor remembers it. */
  readonly key?: { readonly header: string; readonly lastsMs: number };
  readonly lookUp?: LookUp<Item, Hit>;
  readonly id?: (body: Answer) => string | number | null | undefined;
  /** True where an answer of success carries a refusal. */
  readonly unless?: (body: Answer) => boolean;
  readonly calls?: readonly CallRule[];
  /** Statuses of failures after which nothing was applied, as the vendor says: from, to. */
  readonly notApplied?: readonly StatusRange[];
  /** Each write makes an object: nothing leads the target to the one of the version before. */
  readonly addsPerWrite?: boolean;
  /** Several records in one call; where it is left out, each has a call of its own. */
  readonly batch?: BatchOf<Answer>;
  /** How an object that this target has made is changed; where it is left out, it is not. */
  readonly update?: UpdateOf<Source, Found>;
}

/** How several records share a call: their items stand in one list of its body, and their results in one of its answer. */
// eslint-disable-next-line typescript/no-explicit-any -- each target has types of its own
export interface BatchOf<Answer = any, Result = any> {
  /** So many at most. */
  readonly size: number;
  /** The path of the list in the body; empty where the body is the list. */
  readonly list: string;
  results(body: Answer): readonly Result[] | null | undefined;
  /** Paths of a value that stands in the item and in its result; results are in the order of the items where it is left out. */
  readonly match?: { readonly item: string; readonly result: string };
  readonly id?: (result: Result) => string | number | null | undefined;
  /** True where the result says that this record was refused. */
  readonly error?: (result: Result) => boolean;
}

export interface UpdateOf<Source, Found> {
  readonly tier: WriteTier;
  // eslint-disable-next-line typescript/no-explicit-any -- what is changed may have another type than what is made
  readonly map: (source: Source, map: Mapper, scope: Scope<Found>) => any;
  /** @param id what the target calls the object */
  // eslint-disable-next-line typescript/no-explicit-any -- as above
  request(item: any, source: Source, scope: Scope<Found>, id: string): ApiRequest;
  // eslint-disable-next-line typescript/no-explicit-any -- its answer may be of another type, too
  readonly unless?: (body: any) => boolean;
  readonly notApplied?: readonly StatusRange[];
}

/** What the targets before this one know a record by: the id that each gave it. */
export type TargetIds = Readonly<Record<string, string | undefined>>;

/** Records travel from one source to one target, or to several in order. */
export interface Flow<Source, Page, Item, Answer, Hit, Found = unknown> {
  readonly name: string;
  readonly read: FlowRead<Source, Page>;
  /** In the order in which they are made, those of single targets last: a later one may use what an earlier one found. */
  // eslint-disable-next-line typescript/no-explicit-any -- each answer has a type of its own
  readonly find?: readonly FlowFind<Source, Found, any>[];
  readonly keep: readonly KeepRule<Source, Found>[];
  /** What is blank, where the rules name texts that stand for "nothing". */
  readonly findBlankKind?: FindBlankKind;
  readonly later: {
    readonly changed: 'update' | 'ignore' | 'review';
    readonly left: 'ignore' | 'review' | 'unseen';
  };
  readonly targets: readonly [
    FlowTarget<Source, Item, Answer, Hit, Found>,
    // eslint-disable-next-line typescript/no-explicit-any -- each further target has types of its own
    ...FlowTarget<Source, any, any, any, Found>[],
  ];
}

/** A target as the engine sees it. */
export type AnyTarget = AnyFlow['targets'][number];

/** A flow as the engine runs it: it hands bodies through and looks into none of them. */
// eslint-disable-next-line typescript/no-explicit-any -- each flow has types of its own, and a list holds them all
export type AnyFlow = Flow<any, any, any, any, any, any>;

export type AnyFind = NonNullable<AnyFlow['find']>[number];

/** Ties the types of one flow's parts together. */
export function defineFlow<Source, Page, Item, Answer = unknown, Hit = unknown, Found = unknown>(
  flow: Flow<Source, Page, Item, Answer, Hit, Found>,
): Flow<Source, Page, Item, Answer, Hit, Found> {
  return flow;
}
