import type { TargetObject } from './fault-target.ts';
import type { Line } from './fault-world.ts';

/** What a client did under one fault, as far as it can be seen from outside, and what it told people. */
export interface Observation {
  readonly fired: number;
  readonly firedAtMs: number | undefined;
  readonly transcript: readonly Line[];
  readonly strayed: readonly string[];
  /** What the target held when the fault was cleared. */
  readonly during: readonly TargetObject[];
  readonly final: readonly TargetObject[];
  /** Keys that wait for a person at the end. */
  readonly reviews: readonly string[];
  /** What stood still until a person acted. */
  readonly stoppedFor: readonly string[];
  /** What people were told: `new halt customers`. */
  readonly told: readonly string[];
  /** Something loud happened while the fault lasted: an error, a warning, a failed run. */
  readonly loud: boolean;
  /** The cursor while the fault lasted, as an ISO time; undefined where nothing was finished. */
  readonly cursorDuring: string | undefined;
  /** The client ended as if all were well. */
  readonly claimsDone: boolean;
  /** Something broke that should not: an exception, a state that does not add up. */
  readonly broken: readonly string[];
}
