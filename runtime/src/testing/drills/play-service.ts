import { createService } from '../../engine/create-service.ts';
import type { Service, ServiceDefinition } from '../../engine/create-service.ts';
import type { AnyFlow, System } from '../../flow.ts';
import type { Transport } from '../../http/transport.ts';
import { TEST_KEY } from '../create-test-client.ts';
import { createTestContext } from '../create-test-context.ts';
import type { TestContext } from '../create-test-context.ts';
import { respond } from '../memory-transport.ts';
import type { VirtualClock } from '../virtual-clock.ts';

/** A Tuesday after the moments in the records of a world, so that none of them lies ahead. */
export const START_MS = Date.UTC(2026, 2, 10, 9);
const SECOND = 1000;

/** A record that is in one of these has come to its end, as long as nobody does anything about it. */
export const ENDS: ReadonlySet<string> = new Set([
  'delivered',
  'unchanged',
  'review',
  'dead',
  'skipped',
  'ignored',
  'superseded',
  'seen',
]);

/** One thing that people are told. */
export interface ToldIncident {
  readonly phase: string;
  readonly kind: string;
  readonly subject: string;
  readonly message: string;
}

export interface PlayOptions {
  /** As `prepareDefinition` makes it. */
  readonly definition: ServiceDefinition;
  readonly clock: VirtualClock;
  readonly createTransport: (system: System) => Transport;
  /** Up to where the source was read before; undefined for a first run. */
  readonly watermarkMs: number | undefined;
  readonly onTold: (channel: string, incidents: readonly ToldIncident[]) => void;
}

export interface Played {
  readonly service: Service;
  readonly context: TestContext;
}

/** Runs a service in virtual time and in memory for as long as somebody follows it. */
export async function playService<T>(
  options: PlayOptions,
  follow: (played: Played) => Promise<T>,
): Promise<T> {
  const { definition, clock, createTransport, watermarkMs, onTold } = options;
  const context = createTestContext({ clock });
  const [flow] = definition.flows as readonly [AnyFlow];
  const stopping = new AbortController();
  const service = await createService(definition, {
    ...context,
    signal: stopping.signal,
    key: TEST_KEY,
    createTransport,
    createAlertTransport: (url) => createSink(new URL(url).hostname.replace(/\.drill$/, ''), onTold),
  });
  if (watermarkMs !== undefined)
    await context.store.savePass(flow.name, { watermarkMs, firstDone: true, open: undefined });
  // What is noted from now on is later than what was noted to begin with.
  await clock.advance(SECOND);
  const running = Promise.all([...service.runners.map((runner) => runner.run()), service.watch()]);
  try {
    return await follow({ service, context });
  } finally {
    stopping.abort();
    await clock.drive(running);
    await service.close();
  }
}

interface AlertBody {
  readonly data: { readonly incidents: readonly ToldIncident[] };
}

function createSink(channel: string, onTold: PlayOptions['onTold']): Transport {
  return {
    send(request) {
      onTold(channel, (JSON.parse(request.body ?? '{}') as AlertBody).data.incidents);
      return Promise.resolve(respond(204));
    },
    close: () => Promise.resolve(),
  };
}
