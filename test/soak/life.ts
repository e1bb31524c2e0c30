import { createService } from '../../runtime/src/engine/create-service.ts';
import type { Service, ServiceDefinition } from '../../runtime/src/engine/create-service.ts';
import type { Transport } from '../../runtime/src/http/transport.ts';
import { createLog } from '../../runtime/src/log/create-log.ts';
import { createScrubber } from '../../runtime/src/log/scrub.ts';
import type { Scrubber } from '../../runtime/src/log/scrub.ts';
import type { Store } from '../../runtime/src/store/store.ts';
import { createSeededRandom } from '../../runtime/src/testing/seeded-random.ts';
import type { VirtualClock } from '../../runtime/src/testing/virtual-clock.ts';
import { STORE_KEY } from '../crash/canaries.ts';

/** One life of the process. */
export interface Life {
  readonly service: Service;
  /** Resolves when it has ended because it was asked to; rejects where it broke. */
  readonly end: Promise<void>;
  stop(): void;
  /** At once, and nothing of it goes on: what it waits for never comes. */
  kill(): void;
  readonly isKilled: boolean;
}

export interface LifeOptions {
  readonly definition: ServiceDefinition;
  /** Everything that the process can reach. */
  readonly send: Transport['send'];
  readonly clock: VirtualClock;
  /** How far the machine's clock is off. */
  readonly shiftMs?: () => number;
  readonly store: Store;
  /** For the jitter of this life. */
  readonly seed: number;
  readonly writeLine?: (line: string) => void;
  /** Breaks something, to see whether it is noticed. */
  readonly sabotage?: Partial<Sabotage> | undefined;
}

export interface Sabotage {
  readonly changeStore: (store: Store) => Partial<Store>;
  readonly changeScrubber: (scrubber: Scrubber) => Partial<Scrubber>;
  readonly changeTransport: (transport: Transport, url: string) => Transport;
}

/** Starts the service as the command `run` does. */
export async function startLife(options: LifeOptions): Promise<Life> {
  const { clock, seed, shiftMs = () => 0, writeLine = () => undefined, send, sabotage } = options;
  const stopping = new AbortController();
  let isKilled = false;
  const alive = <T>(work: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      work.then(
        (value) => !isKilled && resolve(value),
        (error: unknown) => !isKilled && reject(error as Error),
      );
    });
  const plain = createScrubber();
  const scrubber = { ...plain, ...sabotage?.changeScrubber?.(plain) };
  const kept = keepWhileAlive(options.store, clock, alive, () => isKilled);
  const store = { ...kept, ...sabotage?.changeStore?.(kept) };
  const transport: Transport = {
    send: (request) => alive(send(request)),
    close: () => Promise.resolve(),
  };
  const createTransport = (url: string): Transport =>
    sabotage?.changeTransport?.(transport, url) ?? transport;
  await store.recoverSending();
  const service = await createService(options.definition, {
    clock: {
      now: () => clock.now() + shiftMs(),
      sleep: (delayMs, signal) => alive(clock.sleep(delayMs, signal)),
    },
    random: createSeededRandom(seed),
    log: createLog(scrubber, 'debug', { write: writeLine }),
    scrubber,
    store,
    key: STORE_KEY,
    signal: stopping.signal,
    createTransport: (system) => createTransport(system.server),
    createAlertTransport: createTransport,
  });
  const end = Promise.all([...service.runners.map((runner) => runner.run()), service.watch()]).then(() =>
    service.close(),
  );
  return {
    service,
    end,
    stop: () => stopping.abort(),
    kill() {
      isKilled = true;
    },
    get isKilled() {
      return isKilled;
    },
  };
}

/** The store outlives the process, and takes nothing more from one that is gone. Its work keeps time from passing. */
function keepWhileAlive(
  store: Store,
  clock: VirtualClock,
  alive: <T>(work: Promise<T>) => Promise<T>,
  isGone: () => boolean,
): Store {
  const kept = Object.entries(store).map(([name, method]) => {
    const work = method as (...args: unknown[]) => Promise<unknown>;
    const guarded = (...args: unknown[]): Promise<unknown> =>
      isGone() ? new Promise(() => undefined) : alive(clock.busy(work(...args)));
    return [name, name === 'close' ? () => Promise.resolve() : guarded];
  });
  return Object.fromEntries(kept) as unknown as Store;
}
