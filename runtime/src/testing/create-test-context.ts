import { createLog } from '../log/create-log.ts';
import { createScrubber } from '../log/scrub.ts';
import type { Scrubber } from '../log/scrub.ts';
import { createMetrics } from '../ops/metrics.ts';
import type { RunContext } from '../run-context.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { createSeededRandom } from './seeded-random.ts';
import { createVirtualClock } from './virtual-clock.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface TestContext extends RunContext {
  readonly clock: VirtualClock;
  readonly scrubber: Scrubber;
  /** Lines of the log, from `warn` on. */
  readonly lines: readonly string[];
  stop(): void;
}

export interface TestContextOptions {
  readonly clock?: VirtualClock;
  readonly store?: Store;
  readonly level?: 'debug' | 'warn';
}

/** What every part of a service is given, with a virtual clock and a store in memory. */
export function createTestContext(options: TestContextOptions = {}): TestContext {
  const clock = options.clock ?? createVirtualClock();
  const stopping = new AbortController();
  const lines: string[] = [];
  const scrubber = createScrubber();
  return {
    integration: 'test',
    clock,
    random: createSeededRandom(1),
    scrubber,
    log: createLog(scrubber, options.level ?? 'warn', { write: (line) => void lines.push(line) }),
    lines,
    store: keepBusy(options.store ?? createSqliteStore(':memory:', clock), clock),
    metrics: createMetrics(),
    signal: stopping.signal,
    stop: () => stopping.abort(),
  };
}

/** A store whose work counts as work, so that time stands still while it commits. */
function keepBusy(store: Store, clock: VirtualClock): Store {
  const counted = Object.entries(store as unknown as Readonly<Record<string, unknown>>).map(
    ([name, member]) => {
      if (typeof member !== 'function') return [name, member] as const;
      const call = (...args: unknown[]): unknown => {
        const given: unknown = Reflect.apply(member, store, args);
        return given instanceof Promise ? clock.busy(given) : given;
      };
      return [name, call] as const;
    },
  );
  return Object.fromEntries(counted) as unknown as Store;
}
