import { createService } from '../../runtime/src/engine/create-service.ts';
import type { Service, ServiceDefinition } from '../../runtime/src/engine/create-service.ts';
import type { AnyFlow } from '../../runtime/src/flow.ts';
import type { Transport } from '../../runtime/src/http/transport.ts';
import { createLog } from '../../runtime/src/log/create-log.ts';
import { createScrubber } from '../../runtime/src/log/scrub.ts';
import type { Scrubber } from '../../runtime/src/log/scrub.ts';
import type { Store } from '../../runtime/src/store/store.ts';
import { createSeededRandom } from '../../runtime/src/testing/seeded-random.ts';
import type { VirtualClock } from '../../runtime/src/testing/virtual-clock.ts';
import { makeSecret, STORE_KEY } from '../crash/canaries.ts';
import { createFaultFlow, GRACE_MS } from '../faults/fault-flow.ts';
import type { SoakStory } from './soak-story.ts';
import { CHANNEL_URL, SOURCE_URL, TARGET_URL } from './soak-world.ts';
import type { SoakWorld } from './soak-world.ts';

export const FLOW = 'people';

/** One life of the process. */
export interface SoakLife {
  readonly service: Service;
  /** Resolves when it has ended because it was asked to; rejects where it broke. */
  readonly end: Promise<void>;
  stop(): void;
  /** At once, and nothing of it goes on: what it waits for never comes. */
  kill(): void;
  readonly isKilled: boolean;
}

export interface LifeOptions {
  readonly story: SoakStory;
  readonly world: SoakWorld;
  readonly clock: VirtualClock;
  /** How far the machine's clock is off. */
  readonly shiftMs: () => number;
  readonly store: Store;
  readonly number: number;
  readonly writeLine: (line: string) => void;
  /** Breaks something, to see whether it is noticed. */
  readonly sabotage?: Partial<Sabotage> | undefined;
}

export interface Sabotage {
  readonly changeStore: (store: Store) => Partial<Store>;
  readonly changeScrubber: (scrubber: Scrubber) => Partial<Scrubber>;
  readonly changeTransport: (transport: Transport, url: string) => Transport;
}

/** Starts the service as the command `run` does. */
export async function startLife(options: LifeOptions): Promise<SoakLife> {
  const { story, clock, number, shiftMs, writeLine, world, sabotage } = options;
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
    send: (request) => alive(world.send(request)),
    close: () => Promise.resolve(),
  };
  const createTransport = (url: string): Transport =>
    sabotage?.changeTransport?.(transport, url) ?? transport;
  await store.recoverSending();
  const service = await createService(describeService(story, world), {
    clock: {
      now: () => clock.now() + shiftMs(),
      sleep: (delayMs, signal) => alive(clock.sleep(delayMs, signal)),
    },
    random: createSeededRandom(story.seed * 1000 + number),
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

function describeService(story: SoakStory, world: SoakWorld): ServiceDefinition {
  return {
    integration: 'soak',
    systems: [
      {
        name: 'source',
        server: SOURCE_URL,
        auth: { kind: 'apiKey', in: 'header', name: 'X-API-Key', value: makeSecret('sourceKey') },
      },
      {
        name: 'target',
        server: TARGET_URL,
        auth: {
          kind: 'oauth2',
          grant: 'refresh_token',
          tokenUrl: `${TARGET_URL}/token`,
          client: 'client',
          secret: makeSecret('clientSecret'),
          refresh: world.tokens.seed,
          graceMs: GRACE_MS,
        },
      },
    ],
    flows: [createSoakFlow(story)],
    alerts: {
      channels: { ops: { kind: 'webhook', url: CHANNEL_URL, secret: makeSecret('channel') } },
      send: [
        {
          when: ['review', 'dead-letter', 'halt', 'pause', 'auth'],
          to: 'ops',
          ...(story.everyMs === 0 ? {} : { everyMs: story.everyMs }),
          rule: 'alerts.send[0]',
        },
      ],
    },
  };
}

/** The flow of the fault table, but every change is written, also where the target can only add. */
export function createSoakFlow({ tier }: Pick<SoakStory, 'tier'>): AnyFlow {
  const flow = createFaultFlow(tier);
  const [target] = flow.targets;
  const { lookUp } = target;
  const request = (sent: { readonly ref: string; readonly name: string }) => ({
    operation: 'GET /objects',
    method: 'GET',
    path: '/objects',
    query: [
      { name: 'ref', value: sent.ref },
      { name: 'name', value: sent.name },
    ],
  });
  return {
    ...flow,
    targets: [
      { ...target, mode: 'write', ...(lookUp === undefined ? {} : { lookUp: { ...lookUp, request } }) },
    ],
  };
}
