import type { LooseJson } from '../json.ts';
import type { Lane } from './lane.ts';
import type { CallRole, CallRule, StatusRange, WriteTier } from './decide-call.ts';
import type { WireHeaders } from './transport.ts';

export interface CallOptions {
  readonly role: CallRole;
  readonly tier?: WriteTier;
  /** What the write was made of can be looked up again. */
  readonly looksUp?: boolean;
  /** Statuses after which nothing was applied, as the vendor says. */
  readonly notApplied?: readonly StatusRange[] | undefined;
  /** Rules of the flow, target or read; the system's own come after them. */
  readonly rules?: readonly CallRule[];
  readonly key?: string;
  /** `live` unless told otherwise. */
  readonly lane?: Lane;
  readonly flow: string;
}

/**
 * How a call ended, after its retries. `unknown`: a write that may have been applied; `uncertain`: by its last answer it
 * was not, but that answer does not say so of every try.
 */
export type CallOutcome =
  | {
      readonly kind: 'ok';
      readonly status: number;
      readonly headers: WireHeaders;
      readonly body: LooseJson;
    }
  | { readonly kind: 'missing'; readonly uncertain?: boolean }
  | {
      readonly kind: 'refused';
      readonly action: 'review' | 'fail' | 'skip' | 'halt';
      readonly status: number;
      readonly message: string;
      readonly rule: string | undefined;
      readonly uncertain?: boolean;
    }
  | { readonly kind: 'unknown'; readonly reason: string }
  /** 409 and the like: such an object is there already. */
  | { readonly kind: 'exists'; readonly reason: string }
  /** What the write was made of is no longer so (RFC 9110 15.5.13). */
  | { readonly kind: 'stale'; readonly reason: string; readonly uncertain?: boolean }
  | { readonly kind: 'defer'; readonly reason: string; readonly uncertain?: boolean }
  | {
      readonly kind: 'wait';
      readonly untilMs: number;
      readonly reason: string;
      readonly uncertain?: boolean;
    };
