/**
 * A row of the answer book as data: what is given, and what the book says becomes of it. Rows are read from JSON, so
 * that the types of their parts are those of JSON.
 */
export interface DrillRow {
  /** The row's name in the answer book, and the name of its test. */
  readonly id: string;
  readonly given: Given;
  readonly expect: Claim;
}

/** What the answer book says. */
export interface Claim {
  /** An action of section 8.3 of the design, or one of the field actions. */
  readonly action: string;
  /** Who is told, as `channel: kind of alert`, sorted. */
  readonly told: readonly string[];
}

export interface Given {
  readonly flow: string;
  /** The call that the failure strikes; none where the record itself is the failure. */
  readonly call?: 'read' | 'find' | 'write' | 'create' | 'update';
  /** The look-up's or the target's name. */
  readonly name?: string;
  /** How the call is answered while the failure lasts. */
  readonly answer?: GivenAnswer;
  /** A failure that is not one answer alone. */
  readonly situation?: Situation;
  /** The record, where it is not the whole one of the world. */
  readonly record?: unknown;
  /** What the look-ups find, by their names, where it is not what the world holds. */
  readonly found?: Readonly<Record<string, unknown>>;
  /** Of a field: its path in the target. */
  readonly field?: string;
  /** The record as it was delivered before. */
  readonly before?: unknown;
  /** How long the failure lasts, in milliseconds, where it is not an hour and a quarter. */
  readonly lastsMs?: number;
}

export interface GivenAnswer {
  /** `response`, `not-sent`, or how an outcome is unknown: `timeout`, `cut`, `too-large`, `malformed`. */
  readonly kind: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * `redirect-elsewhere`: to another host. `expired-cursor`: refused for every page but the first. `same-page`: the same
 * cursor again and again. `no-list`: an answer of success without its list. `inexact`: a record in which one name stands
 * twice. `none`, `many`: what a look-up finds. `there`: the look-up before a create finds an object. `another`: it finds
 * one that holds another value than was asked for. `refusal`: a success that carries a refusal.
 * `asks`: nothing is wrong. `not-kept`: the record does not meet a condition. `changed`: it was delivered and has another
 * version. `left`: it was delivered, and does not meet a condition any more. `first`: the
 * first run of all.
 */
export type Situation =
  | 'redirect-elsewhere'
  | 'expired-cursor'
  | 'same-page'
  | 'no-list'
  | 'inexact'
  | 'none'
  | 'many'
  | 'there'
  | 'another'
  | 'refusal'
  | 'asks'
  | 'not-kept'
  | 'changed'
  | 'left'
  | 'first';

/** What a system answers to one kind of call, as data. */
export interface DrillExchange {
  readonly role: string;
  /** Of the look-up, or of the target. */
  readonly name?: string;
  readonly system: string;
  readonly operation: { readonly method: string; readonly path: string };
  readonly response: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: unknown;
  };
  /** Of a reading and of look-ups: the names that lead to the list of records in the body. */
  readonly records?: readonly string[];
  /** Of a look-up: the body is the one object. */
  readonly isObject?: boolean;
  /** Of a reading that goes on by a cursor: the names that lead to it. */
  readonly next?: readonly string[];
}

/** What the description says of a call that changes what was created. */
export interface DrillUpdate {
  readonly operation: { readonly method: string; readonly path: string };
  /** It is sent the object itself: there is no place in it that the rules call `item`. */
  readonly isWhole?: boolean;
}

/** What the systems around a flow answer when nothing is wrong. */
export interface DrillWorldFile {
  readonly synthetic: boolean;
  readonly exchanges: readonly DrillExchange[];
  /** The answer of success that carries a refusal, by target, where the rules tell one. */
  readonly refusals?: Readonly<Record<string, unknown>>;
  /** How the objects of a target are changed, by the target. */
  readonly updates?: Readonly<Record<string, DrillUpdate>>;
}
