import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CheckedExpression, CheckedFlow, DecisionEntry } from '../model/checked-model.ts';
import type { Recorded } from './measure-recorded.ts';
import type { Expression, Model } from '../model/integration-model.ts';

/** What a gate looks at, and where it says what it found. One gate a file: `rules/<code>.rule.ts`. */
export interface GateContext {
  readonly model: Model;
  readonly expressions: ReadonlyMap<Expression, CheckedExpression>;
  readonly flows: readonly CheckedFlow[];
  readonly recorded: Recorded;
  readonly found: Diagnostic[];
  /** Decisions that were met, for the register. */
  readonly register: DecisionEntry[];
}

export interface Gate {
  readonly name: string;
  check(context: GateContext): void;
}
