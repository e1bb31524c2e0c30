import type { Operation } from '../model/api-model.ts';
import type { SystemSide } from './read-side.ts';
import type { CallUse, UseNode } from './use.ts';
import type { Variance } from './variance.ts';

/** One operation as both descriptions give it, and one call of it. */
export interface OperationPair {
  readonly system: string;
  readonly left: SystemSide;
  readonly right: SystemSide;
  readonly before: Operation;
  readonly after: Operation;
  /** Undefined where no flow calls it. */
  readonly use: CallUse | undefined;
  readonly found: Variance[];
  readonly seen: Map<UseNode | undefined, Set<string>>;
}
