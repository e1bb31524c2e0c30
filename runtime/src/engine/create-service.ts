import type { AlertOptions } from '../alerts/alert-options.ts';
import { createAlertCenter } from '../alerts/alert-center.ts';
import type { AlertCenter } from '../alerts/alert-center.ts';
import { createChannels } from '../alerts/create-channels.ts';
import { createAuthenticator } from '../auth/authenticator.ts';
import type { Authenticator } from '../auth/credentials.ts';
import { checkCipher, createTokenCipher } from '../auth/token-cipher.ts';
import type { Clock, Random } from '../clock.ts';
import { operatorError } from '../errors.ts';
import type { AnyFlow, System } from '../flow.ts';
import { createApiClient } from '../http/api-client.ts';
import type { ApiClient } from '../http/api-client.ts';
import { createCallGate } from '../http/call-gate.ts';
import type { DailyQuota } from '../http/call-gate.ts';
import { createDiscreetTransport } from '../http/discreet-transport.ts';
import { listHeaderSecrets } from '../http/list-header-secrets.ts';
import type { Transport } from '../http/transport.ts';
import type { Log } from '../log/create-log.ts';
import type { Scrubber } from '../log/scrub.ts';
import { createMetrics } from '../ops/metrics.ts';
import type { RunContext } from '../run-context.ts';
import type { Store } from '../store/store.ts';
import { createKeptGate } from './kept-gate.ts';
import type { KeptGate } from './kept-gate.ts';
import { createFlowRunner } from './flow-runner.ts';
import type { FlowRunner } from './flow-runner.ts';

/** What an integration consists of; generated code hands this over. */
export interface ServiceDefinition {
  readonly integration: string;
  readonly systems: readonly System[];
  readonly flows: readonly AnyFlow[];
  /** Who is told of what; nobody where it is left out. */
  readonly alerts?: AlertOptions;
}

/** The ports: everything through which a service touches the world. */
export interface ServicePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly scrubber: Scrubber;
  readonly store: Store;
  readonly createTransport: (system: System) => Transport;
  /** Connections of their own for the channels over which people are told. */
  readonly createAlertTransport: (url: string) => Transport;
  readonly signal: AbortSignal;
  /** MORTISE_KEY: only needed where a system keeps tokens. */
  readonly key: string | undefined;
}

/** A system as it is reached, without the gate and the retries through which the flows go. */
export interface SystemConnection {
  readonly system: System;
  readonly transport: Transport;
  readonly authenticator: Authenticator;
}

export interface Service {
  readonly definition: ServiceDefinition;
  readonly context: RunContext;
  readonly runners: readonly FlowRunner[];
  readonly clients: readonly ApiClient[];
  readonly connections: readonly SystemConnection[];
  readonly alerts: AlertCenter;
  /** What goes on beside the flows, until the service is asked to stop: alerts, and pauses that a person lifts. */
  watch(): Promise<void>;
  close(): Promise<void>;
}

export async function createService(definition: ServiceDefinition, ports: ServicePorts): Promise<Service> {
  const { clock, random, log, store, signal } = ports;
  const context: RunContext = {
    integration: definition.integration,
    clock,
    random,
    log,
    store,
    signal,
    scrubber: ports.scrubber,
    metrics: createMetrics(),
  };
  await claimStore(store, definition.integration);
  const cipher = ports.key === undefined ? undefined : createTokenCipher(ports.key);
  if (cipher !== undefined) await checkCipher(store, cipher);
  const clients = new Map<string, ApiClient>();
  const connections: SystemConnection[] = [];
  const gates: KeptGate[] = [];
  const quotas: { close(): Promise<void> }[] = [];
  for (const given of definition.systems) {
    const system = { ...given, server: given.server.replace(/\/+$/, '') };
    for (const secret of listHeaderSecrets(system.headers)) ports.scrubber.add(secret);
    const transport = createDiscreetTransport(ports.createTransport(system), ports.scrubber);
    const authenticator = createAuthenticator(system.auth, {
      system: system.name,
      server: system.server,
      transport,
      cipher,
      scrubber: ports.scrubber,
      context,
    });
    connections.push({ system, transport, authenticator });
    const quota = await createDailyQuota(system, context);
    quotas.push(quota);
    const gate = await createKeptGate(
      createCallGate(system.limits ?? {}, clock, quota),
      system.name,
      context,
    );
    gates.push(gate);
    clients.set(system.name, createApiClient({ system, transport, authenticator, gate, context }));
  }
  const client = (name: string): ApiClient => {
    const found = clients.get(name);
    if (found === undefined) throw operatorError(`No system is called "${name}".`);
    return found;
  };
  const options = definition.alerts ?? { channels: {}, send: [] };
  const alerts = createAlertCenter({
    options,
    channels: createChannels(options, {
      clock,
      scrubber: ports.scrubber,
      createTransport: (url) => createDiscreetTransport(ports.createAlertTransport(url), ports.scrubber),
    }),
    flows: definition.flows,
    clients: [...clients.values()],
    context,
  });
  return {
    definition,
    context,
    clients: [...clients.values()],
    connections,
    alerts,
    async watch() {
      await Promise.all([alerts.run(), watchPauses(gates, context)]);
    },
    runners: definition.flows.map((flow) =>
      createFlowRunner({
        flow,
        source: client(flow.read.system),
        clients: flow.targets.map((target) => client(target.system)),
        findClients: Object.fromEntries((flow.find ?? []).map((find) => [find.name, client(find.system)])),
        context,
      }),
    ),
    async close() {
      await alerts.close();
      await Promise.all([...clients.values()].map((one) => one.close()));
      await Promise.all(quotas.map((one) => one.close()));
      await store.close();
    },
  };
}

const LOOK_MS = 5000;

async function watchPauses(gates: readonly KeptGate[], { clock, signal }: RunContext): Promise<void> {
  while (!signal.aborted) {
    for (const gate of gates) await gate.look();
    await clock.sleep(LOOK_MS, signal);
  }
}

/** A store holds the records of one integration: another's marks would make it skip records that it never sent. */
async function claimStore(store: Store, integration: string): Promise<void> {
  const owner = await store.readMeta('integration');
  if (owner === undefined) await store.writeMeta('integration', integration);
  else if (owner !== integration)
    throw operatorError(
      `This store belongs to the integration "${owner}". Give "${integration}" a store of its own in MORTISE_STORE.`,
    );
}

const DAY_MS = 86_400_000;
/** Calls are counted ahead in blocks of this size, so that a crash never forgets one. */
const BLOCK = 50;

async function createDailyQuota(
  system: System,
  { store, clock, log }: RunContext,
): Promise<DailyQuota & { close(): Promise<void> }> {
  const { daily, reserve = 0 } = system.limits ?? {};
  if (daily !== undefined && daily <= reserve)
    throw operatorError(
      `The system "${system.name}" is allowed ${daily} calls a day, and ${reserve} of them are kept from backfills, which leaves none for them. Raise ${system.name.toUpperCase().replaceAll('-', '_')}_DAILY.`,
    );
  if (daily === undefined) return { used: () => 0, add: () => undefined, close: () => Promise.resolve() };
  let day = Math.floor(clock.now() / DAY_MS);
  let reserved = await store.addUsage(system.name, day, 0);
  let used = reserved;
  return {
    used: (nowMs) => (Math.floor(nowMs / DAY_MS) === day ? used : 0),
    add(nowMs) {
      const today = Math.floor(nowMs / DAY_MS);
      if (today !== day) {
        day = today;
        used = 0;
        reserved = 0;
      }
      used += 1;
      if (used <= reserved) return;
      reserved += BLOCK;
      store
        .addUsage(system.name, day, BLOCK)
        .catch((error: unknown) =>
          log.error('the daily quota could not be stored', { system: system.name, outcome: String(error) }),
        );
    },
    // What was counted ahead and not used is given back, or `once` would use a day up in a few runs.
    async close() {
      if (reserved > used) await store.addUsage(system.name, day, used - reserved);
    },
  };
}
