import { createService } from '../../engine/create-service.ts';
import type { Service, ServiceDefinition } from '../../engine/create-service.ts';
import type { Transport } from '../../http/transport.ts';
import { TEST_KEY } from '../create-test-client.ts';
import { createTestContext } from '../create-test-context.ts';
import type { TestContext } from '../create-test-context.ts';
import { respond } from '../memory-transport.ts';
import { createVirtualClock } from '../virtual-clock.ts';
import type { DrillWorldFile } from './drill.ts';
import type { Outage, OutageAlert, OutageCourse, OutageSample } from './outage.ts';
import { createOutageWorld } from './outage-world.ts';
import type { OutageWorld, RecordPaths } from './outage-world.ts';
import { prepareDefinition } from './prepare-definition.ts';

const START_MS = Date.UTC(2026, 2, 10, 9);
const MINUTE = 60_000;
/** What has not come to its end by then will not. */
const AFTER_MS = 24 * 60 * MINUTE;
const SAMPLES = 96;
/** A look at what is wrong is taken each minute, and messages to people are grouped. */
const TOLD_MS = 15 * MINUTE;

export interface OutageSetup {
  /** The service with the one flow that is played. */
  readonly definition: ServiceDefinition;
  readonly world: DrillWorldFile;
  readonly paths: RecordPaths;
}

/** The running service in virtual time, from an hour before a system goes away until what has waited is delivered. */
export async function playOutage(setup: OutageSetup, outage: Outage): Promise<OutageCourse> {
  const clock = createVirtualClock(START_MS);
  const context = createTestContext({ clock });
  const prepared = prepareDefinition(setup.definition);
  // The limits are those of the rules: a catch-up keeps to them.
  const systems = prepared.systems.map((system, at) => {
    const limits = setup.definition.systems[at]?.limits;
    return limits === undefined ? system : { ...system, limits };
  });
  const world = createOutageWorld({ ...setup, definition: prepared, outage, clock });
  const alerts: OutageAlert[] = [];
  const stopping = new AbortController();
  const definition = { ...prepared, systems, flows: [world.flow] };
  const leadMs = Math.max(60 * MINUTE, 2 * world.flow.read.everyMs, 3 * outage.everyMs);
  const service = await createService(definition, {
    ...context,
    signal: stopping.signal,
    key: TEST_KEY,
    createTransport: (system) => world.createTransport(system),
    createAlertTransport: (url) =>
      createSink(new URL(url).hostname.replace(/\.drill$/, ''), (told) =>
        alerts.push(...told.map((one) => ({ ...one, atMs: clock.now() - START_MS - leadMs }))),
      ),
  });
  await context.store.savePass(world.flow.name, { watermarkMs: START_MS, firstDone: true, open: undefined });
  const running = Promise.all([...service.runners.map((runner) => runner.run()), service.watch()]);
  try {
    return await follow({ service, context, world, outage, alerts, leadMs });
  } finally {
    stopping.abort();
    await clock.drive(running);
    await service.close();
  }
}

interface Stage {
  readonly service: Service;
  readonly context: TestContext;
  readonly world: OutageWorld;
  readonly outage: Outage;
  readonly alerts: OutageAlert[];
  /** So long everything is well first. */
  readonly leadMs: number;
}

async function follow(stage: Stage): Promise<OutageCourse> {
  const { context, world, outage, alerts, leadMs } = stage;
  const { clock } = context;
  const { flow } = world;
  const samples: OutageSample[] = [];
  const beganMs = START_MS + leadMs;
  const endMs = beganMs + outage.lastsMs;
  const stepMs = Math.max(MINUTE, Math.ceil(outage.lastsMs / SAMPLES / MINUTE) * MINUTE);
  const look = async (): Promise<OutageSample> => {
    const before = samples.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY;
    const sample = await takeSample(stage, beganMs, before);
    samples.push(sample);
    return sample;
  };
  const goTo = async (untilMs: number): Promise<void> => {
    while (clock.now() < untilMs) {
      await clock.advance(Math.min(stepMs, untilMs - clock.now()));
      await look();
    }
  };
  await goTo(beganMs);
  if (world.taken.size === 0) throw new Error(await explainNothing(stage));
  world.isAway = true;
  await goTo(endMs);
  world.isAway = false;
  const personNeeded = await letPersonAct(stage);
  const missing = world.countChanged(endMs);
  let caughtUpMs: number | undefined;
  while (caughtUpMs === undefined && clock.now() < endMs + AFTER_MS) {
    await clock.advance(Math.min(stepMs, MINUTE));
    if (firstMissing(world) >= missing) caughtUpMs = clock.now() - endMs;
    if (caughtUpMs !== undefined || (samples.at(-1)?.atMs ?? 0) + stepMs <= clock.now() - beganMs)
      await look();
  }
  await goTo(clock.now() + Math.max(TOLD_MS, 2 * flow.read.everyMs));
  for (let left = AFTER_MS; left > 0 && isOpen(alerts); left -= TOLD_MS) await goTo(clock.now() + TOLD_MS);
  // By then every change has been read, and an item is kept of each.
  const readMs = 2 * flow.read.everyMs + MINUTE;
  const [counts] = await context.store.counts([flow.name]);
  const states = { ...counts?.states };
  const inStates = Object.values(states).reduce((sum, count) => sum + count, 0);
  return {
    flow: flow.name,
    outage,
    samples,
    alerts,
    changed: world.countChanged(clock.now()),
    states,
    probes: world.calls.filter(({ struck }) => struck).length,
    doubled: [...world.taken.values()].reduce((sum, count) => sum + count - 1, 0),
    waiting: Math.max(0, missing - firstMissing(world)),
    lost: Math.max(0, world.countChanged(clock.now() - readMs) - inStates),
    caughtUpMs,
    personNeeded,
  };
}

async function takeSample(
  { context, world }: Stage,
  beganMs: number,
  beforeMs: number,
): Promise<OutageSample> {
  const nowMs = context.clock.now();
  const changed = world.countChanged(nowMs);
  const [counts] = await context.store.counts([world.flow.name]);
  const ended = Object.entries(counts?.states ?? {})
    .filter(([state]) => ENDS.has(state))
    .reduce((sum, [, count]) => sum + count, 0);
  const oldest = firstMissing(world);
  return {
    atMs: nowMs - beganMs,
    backlog: Math.max(0, changed - ended),
    oldestMs: oldest < changed ? nowMs - world.changedMs(oldest) : 0,
    calls: world.calls.filter(({ atMs }) => atMs - beganMs > beforeMs).length,
  };
}

const ENDS: ReadonlySet<string> = new Set([
  'delivered',
  'unchanged',
  'review',
  'dead',
  'skipped',
  'ignored',
  'superseded',
  'seen',
]);

const reached = new WeakMap<OutageWorld, number>();

/** The first record that its last target has not got; records go out about in their order. */
function firstMissing(world: OutageWorld): number {
  const last = world.flow.targets.at(-1)?.name ?? '';
  let index = reached.get(world) ?? 0;
  while (world.taken.has(`${last} ${world.keyOf(index)}`)) index += 1;
  reached.set(world, index);
  return index;
}

async function explainNothing({ context, world }: Stage): Promise<string> {
  const [counts] = await context.store.counts([world.flow.name]);
  const states = Object.entries(counts?.states ?? {}).map(([state, count]) => `${count} ${state}`);
  return `The sample record of the flow ${world.flow.name} is not delivered even while all is well (${states.join(', ') || 'nothing was read'}), so an outage would show nothing. See test/drills/ and custom/.`;
}

/** Something is told, and not yet told to be over. */
function isOpen(alerts: readonly OutageAlert[]): boolean {
  const open = new Map<string, boolean>();
  for (const { channel, kind, subject, phase } of alerts)
    open.set(`${channel} ${kind} ${subject}`, phase !== 'recovered');
  return [...open.values()].some(Boolean);
}

interface AlertBody {
  readonly data: { readonly incidents: readonly Omit<OutageAlert, 'atMs' | 'channel'>[] };
}

function createSink(channel: string, note: (told: readonly Omit<OutageAlert, 'atMs'>[]) => void): Transport {
  return {
    send(request) {
      const { incidents } = (JSON.parse(request.body ?? '{}') as AlertBody).data;
      note(
        incidents.map(({ phase, kind, subject, message }) => ({ channel, phase, kind, subject, message })),
      );
      return Promise.resolve(respond(204));
    },
    close: () => Promise.resolve(),
  };
}

/** What waits for a person, a person lifts: only where the service itself says so. */
async function letPersonAct({ context: { store, clock }, service }: Stage): Promise<boolean> {
  const halts = (await store.listPauses()).filter(({ kind }) => kind === 'halt');
  const refused = service.clients.filter(({ health }) => health.needsPerson);
  for (const pause of halts) await store.clearPause(pause.name, 'a person', clock.now());
  for (const client of refused) client.resume();
  return halts.length + refused.length > 0;
}
