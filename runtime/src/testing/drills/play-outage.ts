import type { ServiceDefinition } from '../../engine/create-service.ts';
import { createVirtualClock } from '../virtual-clock.ts';
import type { DrillWorldFile } from './drill.ts';
import type { Outage, OutageAlert, OutageCourse, OutageSample } from './outage.ts';
import { createOutageWorld } from './outage-world.ts';
import type { OutageWorld, RecordPaths } from './outage-world.ts';
import { ENDS, playService, START_MS } from './play-service.ts';
import type { Played } from './play-service.ts';
import { prepareDefinition } from './prepare-definition.ts';

const MINUTE = 60_000;
/** What has not come to its end by then will not. */
const AFTER_MS = 24 * 60 * MINUTE;
/** Nor will what has not while so many new records came. */
const MOST_AFTER = 5000;
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
  const prepared = prepareDefinition(setup.definition);
  // The limits are those of the rules: a catch-up keeps to them.
  const systems = prepared.systems.map((system, at) => {
    const limits = setup.definition.systems[at]?.limits;
    return limits === undefined ? system : { ...system, limits };
  });
  const world = createOutageWorld({ ...setup, definition: prepared, outage, clock });
  const leadMs = Math.max(60 * MINUTE, 2 * world.flow.read.everyMs, 3 * outage.everyMs);
  const alerts: OutageAlert[] = [];
  return playService(
    {
      definition: { ...prepared, systems, flows: [world.flow] },
      clock,
      createTransport: (system) => world.createTransport(system),
      watermarkMs: START_MS,
      onTold(channel, incidents) {
        const atMs = clock.now() - START_MS - leadMs;
        for (const { phase, kind, subject, message } of incidents)
          alerts.push({ atMs, channel, phase, kind, subject, message });
      },
    },
    (played) => follow({ ...played, world, outage, alerts, leadMs }),
  );
}

interface Stage extends Played {
  readonly world: OutageWorld;
  readonly outage: Outage;
  readonly alerts: OutageAlert[];
  /** So long everything is well first. */
  readonly leadMs: number;
}

async function follow(stage: Stage): Promise<OutageCourse> {
  const { context, world, outage, alerts, leadMs } = stage;
  const { flow } = world;
  const beganMs = START_MS + leadMs;
  const endMs = beganMs + outage.lastsMs;
  const watch = createWatch(stage, beganMs);
  await watch.until(beganMs);
  if (world.taken.size === 0) throw new Error(await explainNothing(stage));
  world.isAway = true;
  await watch.until(endMs);
  world.isAway = false;
  const personNeeded = await letPersonAct(stage);
  const missing = world.countChanged(endMs);
  // What comes faster than it can be written is never caught up with, and shows that soon.
  const isCaughtUp = await watch.until(
    endMs + AFTER_MS,
    () => world.countReached() >= missing || world.countChanged(context.clock.now()) > missing + MOST_AFTER,
  );
  const followedMs = context.clock.now() - endMs;
  const caughtUpMs = isCaughtUp && world.countReached() >= missing ? followedMs : undefined;
  await watch.until(context.clock.now() + Math.max(TOLD_MS, 2 * flow.read.everyMs));
  await watch.until(context.clock.now() + AFTER_MS, () => !isOpen(alerts));
  const [counts] = await context.store.counts([flow.name]);
  const states = { ...counts?.states };
  const inStates = Object.values(states).reduce((sum, count) => sum + count, 0);
  // What changed before then has been read, and an item is kept of each.
  const readMs = context.clock.now() - 2 * flow.read.everyMs - MINUTE;
  return {
    flow: flow.name,
    outage,
    samples: watch.samples,
    alerts,
    changed: world.countChanged(context.clock.now()),
    states,
    probes: world.calls.filter(({ struck }) => struck).length,
    doubled: [...world.taken.values()].reduce((sum, count) => sum + count - 1, 0),
    waiting: Math.max(0, missing - world.countReached()),
    lost: Math.max(0, world.countChanged(readMs) - inStates),
    caughtUpMs,
    followedMs,
    personNeeded,
  };
}

const ELSEWHERE = ['review', 'dead'] as const;

interface Watch {
  readonly samples: readonly OutageSample[];
  /** Lets time pass, and looks now and then. @returns whether it was over before */
  until(untilMs: number, isOver?: () => boolean): Promise<boolean>;
}

function createWatch(stage: Stage, beganMs: number): Watch {
  const { outage, context } = stage;
  const { clock } = context;
  const samples: OutageSample[] = [];
  const stepMs = Math.max(MINUTE, Math.ceil(outage.lastsMs / SAMPLES / MINUTE) * MINUTE);
  let lookedMs = Number.NEGATIVE_INFINITY;
  const look = async (): Promise<void> => {
    await noteEnded(stage);
    samples.push(await takeSample(stage, beganMs, lookedMs));
    lookedMs = clock.now();
  };
  return {
    samples,
    async until(untilMs, isOver = () => false) {
      while (clock.now() < untilMs && !isOver()) {
        await clock.advance(Math.min(MINUTE, untilMs - clock.now()));
        if (clock.now() >= lookedMs + stepMs || isOver() || clock.now() >= untilMs) await look();
      }
      return isOver();
    },
  };
}

async function takeSample(
  { context, world }: Stage,
  beganMs: number,
  lookedMs: number,
): Promise<OutageSample> {
  const nowMs = context.clock.now();
  const changed = world.countChanged(nowMs);
  const [counts] = await context.store.counts([world.flow.name]);
  const ended = Object.entries(counts?.states ?? {})
    .filter(([state]) => ENDS.has(state))
    .reduce((sum, [, count]) => sum + count, 0);
  const oldest = world.countReached();
  return {
    atMs: nowMs - beganMs,
    backlog: Math.max(0, changed - ended),
    oldestMs: oldest < changed ? nowMs - world.changedMs(oldest) : 0,
    calls: world.calls.filter(({ atMs }) => atMs > lookedMs).length,
  };
}

/** Not every record reaches the last target: some go to a person. */
async function noteEnded({ context: { store }, world }: Stage): Promise<void> {
  const { name: flow } = world.flow;
  const [counts] = await store.counts([flow]);
  const elsewhere = ELSEWHERE.reduce((sum, state) => sum + (counts?.states[state] ?? 0), 0);
  if (elsewhere === world.ended.size) return;
  const limit = elsewhere + 1;
  const reviews = await store.listReviews({ flow, state: 'open', limit });
  for (const { key } of [...reviews, ...(await store.listDead({ flow, limit }))]) world.ended.add(key);
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

/** What waits for a person, a person lifts: only where the service itself says so. */
async function letPersonAct({ context: { store, clock }, service }: Stage): Promise<boolean> {
  const halts = (await store.listPauses()).filter(({ kind }) => kind === 'halt');
  const refused = service.clients.filter(({ health }) => health.needsPerson);
  for (const pause of halts) await store.clearPause(pause.name, 'a person', clock.now());
  for (const client of refused) client.resume();
  return halts.length + refused.length > 0;
}
