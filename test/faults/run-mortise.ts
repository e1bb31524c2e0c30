import { createService } from '../../runtime/src/engine/create-service.ts';
import type { Service, ServiceDefinition } from '../../runtime/src/engine/create-service.ts';
import type { Transport, WireOutcome, WireRequest } from '../../runtime/src/http/transport.ts';
import { TEST_KEY } from '../../runtime/src/testing/create-test-client.ts';
import { createTestContext } from '../../runtime/src/testing/create-test-context.ts';
import type { TestContext } from '../../runtime/src/testing/create-test-context.ts';
import { createVirtualClock } from '../../runtime/src/testing/virtual-clock.ts';
import type { Fault, FaultCase, WireAnswer } from './fault.ts';
import { createFaultFlow, GRACE_MS, POLL_MS } from './fault-flow.ts';
import { SEED_REFRESH, STATIC_TOKEN } from './fault-tokens.ts';
import { createFaultWorld, SOURCE_URL, TARGET_URL } from './fault-world.ts';
import type { FaultWorld } from './fault-world.ts';
import type { Observation } from './observation.ts';

const HOUR = 3_600_000;
const OPS_URL = 'https://ops.example/hook';

/** How long a fault lasts that does not end by itself. */
export const FAULT_LASTS_MS = 2 * HOUR;
/** How long it is watched when the fault is over: what waits goes back to work within an hour. */
const AFTER_MS = 6 * HOUR;

/** The connections between the service and its world. */
export interface Wiring {
  /** For one system. */
  createTransport(): Transport;
  close(): Promise<void>;
}

export type Connect = (world: FaultWorld, context: TestContext, fault: Fault | undefined) => Promise<Wiring>;

export interface RunOptions {
  /** In memory where left out. */
  readonly connect?: Connect;
  readonly lastsMs?: number;
  readonly afterMs?: number;
}

/** The engine as a service runs it, under virtual time, against a world with one fault. */
export async function runMortise(
  fault: Fault | undefined,
  where: FaultCase,
  options: RunOptions = {},
): Promise<Observation> {
  const { connect = connectInMemory, lastsMs = FAULT_LASTS_MS, afterMs = AFTER_MS } = options;
  const world = createFaultWorld(fault, where);
  const context = createFaultContext(world);
  const wiring = await connect(world, context, fault);
  const told: string[] = [];
  const run = createSupervisor({ fault, where, world, context, wiring, told });
  await run.for(lastsMs);
  const during = [...world.objects];
  const loud = context.lines.length > 0;
  const { watermarkMs } = await context.store.loadPass('people');
  world.clearFault();
  const stoppedFor = await run.letPersonAct();
  await run.for(Math.max(fault?.notBeforeMs ?? 0, afterMs / 2) + afterMs / 2);
  const reviews = await context.store.listReviews({ state: 'open', limit: 100 });
  const dead = await context.store.listDead({ limit: 100 });
  const observation: Observation = {
    fired: world.fired,
    firedAtMs: world.firedAtMs,
    transcript: world.transcript,
    strayed: world.strayed,
    during,
    final: [...world.objects],
    reviews: [...reviews.map((review) => review.key), ...dead.map((letter) => letter.key)],
    stoppedFor,
    told,
    loud,
    cursorDuring: watermarkMs === undefined ? undefined : new Date(watermarkMs).toISOString(),
    claimsDone: true,
    broken: [...run.broken, ...(await checkStore(context))],
  };
  await Promise.all([run.close(), wiring.close()]);
  return observation;
}

/** A context whose clock and store fail as the world says. */
function createFaultContext(world: FaultWorld): TestContext {
  const virtual = createVirtualClock();
  const clock = { ...virtual, now: () => virtual.now() + world.shiftMs };
  const context = createTestContext({ clock });
  const store = { ...context.store };
  for (const method of ['takeIn', 'settle', 'claimIntents', 'savePass'] as const) {
    const work = store[method] as (...args: unknown[]) => Promise<unknown>;
    const failing = (...args: unknown[]): Promise<unknown> => {
      const code = world.strikesStore(method, clock.now());
      return code === undefined
        ? work(...args)
        : Promise.reject(new Error(`${code}: the store cannot write`));
    };
    Object.assign(store, { [method]: failing });
  }
  return { ...context, store };
}

function connectInMemory(world: FaultWorld, context: TestContext): Promise<Wiring> {
  return Promise.resolve({
    createTransport: () => createWorldTransport(world, context),
    close: () => Promise.resolve(),
  });
}

function describeService(fault: Fault | undefined, where: FaultCase): ServiceDefinition {
  const rotates = fault?.family === 'AU';
  return {
    integration: 'faults',
    systems: [
      {
        name: 'source',
        server: SOURCE_URL,
        auth: { kind: 'apiKey', in: 'header', name: 'X-API-Key', value: 'key-of-the-source' },
      },
      {
        name: 'target',
        server: TARGET_URL,
        auth: rotates
          ? {
              kind: 'oauth2',
              grant: 'refresh_token',
              tokenUrl: `${TARGET_URL}/token`,
              client: 'client',
              secret: 'client-secret',
              refresh: SEED_REFRESH,
              graceMs: GRACE_MS,
            }
          : { kind: 'bearer', token: STATIC_TOKEN },
      },
    ],
    flows: [createFaultFlow(where.tier, fault)],
    alerts: {
      channels: { ops: { kind: 'webhook', url: OPS_URL, secret: 'whsec_c2VjcmV0LW9mLXRoZS1jaGFubmVs' } },
      send: [
        {
          when: ['review', 'dead-letter', 'halt', 'pause', 'auth'],
          to: 'ops',
          rule: 'alerts.send[0]',
        },
        { when: ['stale'], to: 'ops', overMs: HOUR, rule: 'alerts.send[1]' },
      ],
    },
  };
}

function createWorldTransport(world: FaultWorld, { clock }: TestContext): Transport {
  return {
    send(request: WireRequest): Promise<WireOutcome> {
      const wire = world.exchange(request, clock.now());
      if (wire.kind !== 'timeout') return Promise.resolve(toOutcome(wire));
      return clock.sleep(request.timeoutMs).then(() => toOutcome(wire));
    },
    close: () => Promise.resolve(),
  };
}

function toOutcome(wire: WireAnswer): WireOutcome {
  if (wire.kind === 'response') return { ...wire, headers: lowerCase(wire.headers) };
  if (wire.kind === 'raw') throw new Error(`${wire.title} needs sockets`);
  if (wire.kind === 'refused') return { kind: 'not-sent', detail: 'ECONNREFUSED' };
  return { kind: 'unknown', reason: wire.kind, detail: wire.kind };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

interface AlertBody {
  readonly data: {
    readonly incidents: readonly {
      readonly phase: string;
      readonly kind: string;
      readonly subject: string;
    }[];
  };
}

function collectAlerts(told: string[], world: FaultWorld): Transport {
  return {
    send(request) {
      if (world.isChannelDown) return Promise.resolve({ kind: 'not-sent', detail: 'ECONNREFUSED' });
      const { incidents } = (JSON.parse(request.body ?? '{}') as AlertBody).data;
      for (const { phase, kind, subject } of incidents) told.push(`${phase} ${kind} ${subject}`);
      return Promise.resolve({ kind: 'response', status: 204, headers: {}, body: Buffer.alloc(0) });
    },
    close: () => Promise.resolve(),
  };
}

interface Supervised {
  readonly fault: Fault | undefined;
  readonly where: FaultCase;
  readonly world: FaultWorld;
  readonly context: TestContext;
  readonly wiring: Wiring;
  readonly told: string[];
}

/** What stands around a service: lets it work as its rules say, lets time pass, and starts it again where it dies. */
function createSupervisor({ fault, where, world, context, wiring, told }: Supervised) {
  const { clock } = context;
  const broken: string[] = [];
  let service: Service | undefined;
  let dying = new AbortController();

  const start = async (): Promise<Service> => {
    dying = new AbortController();
    await context.store.recoverSending();
    return createService(describeService(fault, where), {
      ...context,
      signal: dying.signal,
      key: TEST_KEY,
      createTransport: () => wiring.createTransport(),
      createAlertTransport: () => collectAlerts(told, world),
    });
  };
  const work = async (): Promise<void> => {
    service ??= await start();
    await clock.drive(Promise.all(service.runners.map((runner) => runner.runOnce())));
    await clock.drive(service.alerts.look());
  };
  return {
    broken,
    async for(lastsMs: number): Promise<void> {
      const untilMs = clock.now() + lastsMs;
      while (clock.now() < untilMs && broken.length === 0) {
        const nextMs = clock.now() + POLL_MS;
        try {
          await work();
        } catch (error) {
          // A process that cannot write its store must not go on; its supervisor starts it again.
          if (fault?.store === undefined) broken.push(`it threw: ${(error as Error).stack ?? String(error)}`);
          context.log.error('the process has died', { outcome: String(error) });
          service = undefined;
          dying.abort();
        }
        await clock.advance(Math.min(POLL_MS, Math.max(0, nextMs - clock.now())));
      }
    },
    /** Lifts what waits for a person. @returns what that was */
    async letPersonAct(): Promise<string[]> {
      const stopped: string[] = [];
      for (const pause of await context.store.listPauses()) {
        const isLong = (pause.untilMs ?? Number.POSITIVE_INFINITY) > clock.now();
        if (pause.kind !== 'halt' && !(isLong && fault?.expect === 'PAUSE')) continue;
        stopped.push(pause.name);
        await context.store.clearPause(pause.name, 'a person', clock.now());
        service?.clients.find((client) => pause.name === `system:${client.system}`)?.resume();
      }
      return stopped;
    },
    async close(): Promise<void> {
      await service?.close();
    },
  };
}

/** The invariant of the store, and that nothing waits for ever. */
async function checkStore({ store }: TestContext): Promise<string[]> {
  const [counts] = await store.counts(['people']);
  const sum = Object.values(counts?.states ?? {}).reduce((total, count) => total + count, 0);
  const live = await store.countLive('people');
  return [
    ...(sum === counts?.takenIn ? [] : [`${counts?.takenIn} were taken in, and the states add up to ${sum}`]),
    ...(live === 0 ? [] : [`${live} records still wait at the end`]),
  ];
}
