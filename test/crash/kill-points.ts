import type { Transport } from '../../runtime/src/http/transport.ts';
import type { IntakeReport, Store } from '../../runtime/src/store/store.ts';
import type { VirtualClock } from '../../runtime/src/testing/virtual-clock.ts';

/** Counts the points of a run at which it can be killed, and ends the process at one of them. */
export interface KillPoints {
  readonly passed: number;
  watchStore(store: Store): Store;
  watchTransport(transport: Transport): Transport;
}

/**
 * `all`: the beginning and the end of every call of a port. `changes`: the end of each call that may have changed what
 * lasts. Between two calls nothing does, so a kill before a call meets what the end of the one before has left.
 */
export type PointKind = 'all' | 'changes';

export interface KillOptions {
  readonly points: PointKind;
  /** The point at which the process dies: 1, 2, …; it lives where this is left out. */
  readonly killAt?: number | undefined;
}

/** By the names of its methods: the store has no other way to say so. */
const READS = /^(?:load|list|find|read|count|next)/;

export function createKillPoints({ killAt, points }: KillOptions, clock: VirtualClock): KillPoints {
  let passed = 0;
  const pass = (): void => {
    passed += 1;
    if (passed === killAt) die();
  };
  const watch = async <T>(work: () => Promise<T>, mayChange: boolean): Promise<T> => {
    if (points === 'all') pass();
    const value = await clock.busy(work());
    if (points === 'all' || (mayChange && !isNothing(value))) pass();
    return value;
  };
  return {
    get passed() {
      return passed;
    },
    watchStore(store) {
      const methods = Object.entries(store) as [string, (...args: unknown[]) => Promise<unknown>][];
      const watched = methods.map(([name, method]) => [
        name,
        (...args: unknown[]) => watch(() => method(...args), !READS.test(name)),
      ]);
      return Object.fromEntries(watched) as Store;
    },
    watchTransport: (transport) => ({
      send: (request) => watch(() => transport.send(request), true),
      close: () => transport.close(),
    }),
  };
}

/** No intent was claimed, nothing was judged again: what `claimIntents` and `prepareQueued` mostly say. */
function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return (value as Partial<IntakeReport> | undefined)?.states?.size === 0;
}

/** Nothing of this process runs after it, neither a destructor nor what is queued. */
function die(): never {
  process.kill(process.pid, 'SIGKILL');
  // The signal may reach another thread first.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
