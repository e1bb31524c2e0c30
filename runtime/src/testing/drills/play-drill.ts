import type { ServiceDefinition } from '../../engine/create-service.ts';
import type { AnyFlow, AnyTarget } from '../../flow.ts';
import { placeValue } from '../place-value.ts';
import { createVirtualClock } from '../virtual-clock.ts';
import type { DrillRow, DrillWorldFile } from './drill.ts';
import { roleOf } from './role-of.ts';
import { createDrillWorld } from './drill-world.ts';
import type { DrillCall, DrillWorld } from './drill-world.ts';
import { disturb } from './disturb.ts';
import { judgeCourse } from './observe.ts';
import { ENDS, playService, START_MS } from './play-service.ts';
import type { Played } from './play-service.ts';
import { MOST_EVERY_MS, prepareDefinition } from './prepare-definition.ts';
import type { Course } from './observe.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Longer than the hour after which a pause is told. */
export const LASTS_MS = 75 * MINUTE;
/** What waits goes back to work within an hour. */
const AFTER_MS = 65 * MINUTE;

export interface DrillSetup {
  readonly definition: ServiceDefinition;
  readonly world: DrillWorldFile;
}

/** One failure, from before it begins until after it is over, and what the running service did. */
export async function playDrill({ definition, world: file }: DrillSetup, row: DrillRow): Promise<Course> {
  const clock = createVirtualClock(START_MS);
  const quiet = prepareDefinition(definition);
  const [flow] = quiet.flows as readonly [AnyFlow];
  const world = createDrillWorld(quiet, file.exchanges, clock);
  const told: string[] = [];
  return playService(
    {
      definition: quiet,
      clock,
      createTransport: (system) => world.createTransport(system),
      // As if the first run were long ago: what a first run does with history is a row of its own.
      watermarkMs: row.given.situation === 'first' ? undefined : 0,
      onTold(channel, incidents) {
        for (const { phase, kind } of incidents) if (phase !== 'recovered') told.push(`${channel}: ${kind}`);
      },
    },
    (played) => follow({ ...played, world, told, flow, row, file }),
  );
}

interface Stage extends Played {
  readonly world: DrillWorld;
  readonly told: string[];
  readonly flow: AnyFlow;
  readonly row: DrillRow;
  readonly file: DrillWorldFile;
}

async function follow(stage: Stage): Promise<Course> {
  const { context, world, told, flow, row, file } = stage;
  const { clock, store } = context;
  const { given } = row;
  if (given.before !== undefined) {
    world.records.set('read', [given.before]);
    await clock.advance(flow.read.everyMs + 30 * SECOND);
  }
  if (given.record !== undefined) world.records.set('read', [given.record]);
  for (const [name, found] of Object.entries(given.found ?? {}))
    world.records.set(
      `find ${name}`,
      Array.isArray(found) ? found : found === null || found === undefined ? [] : [found],
    );
  const found = situate(stage);
  told.length = 0;
  const role = roleOf(given);
  const struck: DrillCall[] = [];
  const from = world.calls.length;
  const openedMs = clock.now();
  world.disturbance = disturb(given, file, (call) => {
    struck.push(call);
    // What was found on one page does not stand on the next one, too.
    if (roleOf(given)?.startsWith('look-up ') === true && struck.length > 1) world.records.delete(call.role);
  });
  const first = (): DrillCall | undefined =>
    role === undefined ? world.calls.slice(from).find((call) => call.role === 'read') : struck[0];
  for (let waitedMs = 0; first() === undefined && waitedMs < 3 * MOST_EVERY_MS; waitedMs += 5 * SECOND)
    await clock.advance(5 * SECOND);
  const beganMs = first()?.atMs ?? clock.now();
  const isAsked = given.situation === 'asks';
  const isShort = role === undefined || isAsked;
  const shortMs = isAsked ? flow.read.everyMs + MINUTE : MINUTE;
  if (isShort) await clock.advance(shortMs);
  else await watchFor(stage, beganMs + (given.lastsMs ?? LASTS_MS) - clock.now());
  const during = await lookAt(stage);
  const toldDuring = [...new Set(told)].toSorted();
  const { watermarkMs } = await store.loadPass(flow.name);
  const { lastPassMs } = await store.readFreshness(flow.name);
  const readsAll = flow.read.changes.field === undefined;
  const overMs = clock.now();
  world.disturbance = undefined;
  if (found !== undefined) world.records.delete(found);
  await letPersonAct(stage);
  if (!isShort) await watchFor(stage, AFTER_MS);
  const after = await lookAt(stage);
  return judgeCourse({
    calls: world.calls.slice(from),
    struck,
    beganMs,
    overMs,
    during,
    after,
    told: toldDuring,
    // A reading of everything has no place but its beginning: there, the end of a pass is what counts. Of several
    // targets a later one may be written to when that is over.
    cursorMoved: readsAll ? (lastPassMs ?? 0) >= openedMs : (watermarkMs ?? 0) > 0,
  });
}

/** Where everything has come to its end, what is still to come is waited for a while, and not for hours. */
const ENDED_MS = 10 * MINUTE;
async function watchFor(stage: Stage, lastsMs: number): Promise<void> {
  const { clock } = stage.context;
  const untilMs = clock.now() + lastsMs;
  await clock.advance(Math.min(ENDED_MS, lastsMs));
  const { states, stopped } = await lookAt(stage);
  const isWell = stage.service.clients.every(
    ({ health: { state } }) => state === 'well' || state === 'unknown',
  );
  const isOver =
    states.length > 0 && states.every((state) => ENDS.has(state)) && stopped.length === 0 && isWell;
  if (!isOver) await clock.advance(untilMs - clock.now());
}

/** A look-up that finds nothing, too much, or what should not be there yet. @returns its role */
function situate({ world, row: { given }, file, flow }: Stage): string | undefined {
  const role = roleOf(given);
  if (role?.startsWith('look-up ') === true) {
    const { same = [] } = findTarget(flow, given).lookUp ?? {};
    const others = given.situation === 'another' ? same : [];
    world.records.set(role, [describeObject(findTarget(flow, given), file, others)]);
    return role;
  }
  if (given.situation !== 'none' && given.situation !== 'many') return undefined;
  const found = `find ${given.name ?? ''}`;
  const [exchange] = file.exchanges.filter(({ role: one, name }) => one === 'find' && name === given.name);
  const list = (exchange?.records ?? []).reduce<unknown>(
    (value, step) => Reflect.get(Object(value), step),
    exchange?.response.body,
  );
  const records = Array.isArray(list) ? (list as readonly unknown[]) : [];
  world.records.set(found, given.situation === 'none' ? [] : [...records, ...records]);
  return found;
}

function findTarget({ targets, name }: AnyFlow, given: DrillRow['given']): AnyTarget {
  const found = targets.find((target) => target.name === given.name);
  if (found === undefined) throw new Error(`The flow ${name} has no target "${given.name}".`);
  return found;
}

/** What the look-up finds is called as the target would call what it makes. @param others fields with another value */
function describeObject(
  { name, id, lookUp }: AnyTarget,
  file: DrillWorldFile,
  others: readonly string[],
): unknown {
  const made = file.exchanges.find((exchange) => exchange.role === 'write' && exchange.name === name);
  const object: Record<string, unknown> = {
    [lookUp?.idField ?? 'id']: id?.(made?.response.body as never) ?? 'there',
  };
  for (const path of others) placeValue(object, path, 'another one');
  return object;
}

/** What stands in the store and at the gates at one moment. */
export interface Look {
  readonly states: readonly string[];
  /** `halt` of the flow, `auth` or `pause` of a system that is not called. */
  readonly stopped: readonly string[];
}

async function lookAt({ context: { store }, service, flow }: Stage): Promise<Look> {
  const [counts] = await store.counts([flow.name]);
  const states = Object.entries(counts?.states ?? {}).filter(([, count]) => count > 0);
  const pauses = await store.listPauses();
  const halted = pauses.some(({ kind }) => kind === 'halt') ? ['halt'] : [];
  const refused = service.clients.some(({ health }) => health.needsPerson) ? ['auth'] : [];

  return { states: states.map(([state]) => state).toSorted(), stopped: [...halted, ...refused] };
}

/** What a person does who has repaired the cause: lifts halts and pauses. */
async function letPersonAct({ context: { store, clock }, service }: Stage): Promise<void> {
  for (const pause of await store.listPauses()) await store.clearPause(pause.name, 'a person', clock.now());
  for (const client of service.clients) client.resume();
}
