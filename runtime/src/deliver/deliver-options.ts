import type { AnyFlow, AnyTarget } from '../flow.ts';
import type { ApiClient } from '../http/api-client.ts';
import type { RunContext } from '../run-context.ts';
import type { QuestionBook } from './question-book.ts';

/** What one write needs around it. */
export interface DeliverOptions {
  readonly flow: AnyFlow;
  readonly target: AnyTarget;
  /** Of the target's system. */
  readonly client: ApiClient;
  readonly context: RunContext;
  /** Resolves once the writes to this target that are under way now are settled. */
  readonly settleOthers?: () => Promise<void>;
  readonly questions?: QuestionBook;
}

/** A record that its system, healthy all the while, has not taken for this long is a dead letter. */
export const DEAD_AFTER_MS = 24 * 3_600_000;
