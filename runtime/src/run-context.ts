import type { Clock, Random } from './clock.ts';
import type { Log } from './log/create-log.ts';
import type { Scrubber } from './log/scrub.ts';
import type { Metrics } from './ops/metrics.ts';
import type { Store } from './store/store.ts';

/** What every part of a running service is given. */
export interface RunContext {
  readonly integration: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly scrubber: Scrubber;
  readonly store: Store;
  readonly metrics: Metrics;
  /** Aborted when the service is asked to stop. */
  readonly signal: AbortSignal;
}
