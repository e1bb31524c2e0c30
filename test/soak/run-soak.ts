import { DatabaseSync } from 'node:sqlite';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteStore } from '../../runtime/src/store/sqlite-store.ts';
import type { Store } from '../../runtime/src/store/store.ts';
import { createVirtualClock } from '../../runtime/src/testing/virtual-clock.ts';
import type { VirtualClock } from '../../runtime/src/testing/virtual-clock.ts';
import { createAlertWatch } from './alert-watch.ts';
import type { AlertWatch } from './alert-watch.ts';
import { judgeRecords, judgeSecrets, judgeStore, judgeTarget } from './judge-soak.ts';
import { startLife } from './life.ts';
import type { Life, Sabotage } from './life.ts';
import { createPerson } from './soak-person.ts';
import type { SoakPerson } from './soak-person.ts';
import { describeSoakService, FLOW } from './soak-service.ts';
import { writeStory } from './soak-story.ts';
import type { SoakEvent, SoakStory } from './soak-story.ts';
import { createSoakWorld } from './soak-world.ts';
import type { SoakWorld } from './soak-world.ts';

export interface SoakResult {
  readonly seed: number;
  readonly complaints: readonly string[];
  /** Versions of records that were taken in. */
  readonly records: number;
  readonly faults: number;
  readonly deaths: number;
  readonly acts: number;
}

export interface SoakOptions {
  readonly hours?: number;
  readonly sabotage?: Partial<Sabotage>;
}

const MINUTE = 60_000;
const HOUR = 3_600_000;
/** When nothing goes wrong any more, everything is done within this time. */
const MOST_AFTER_MS = 12 * HOUR;

interface Run {
  readonly story: SoakStory;
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly world: SoakWorld;
  readonly person: SoakPerson;
  readonly watch: AlertWatch;
  readonly lines: string[];
  readonly broken: string[];
  readonly sabotage: Partial<Sabotage> | undefined;
  life: Life | undefined;
  shiftMs: number;
  /** Until then a process that is gone stays so. */
  downUntilMs: number;
  deaths: number;
}

/** One service through a long time of trouble, and what is wrong when it is over. */
export async function runSoak(seed: number, { hours = 24, sabotage }: SoakOptions = {}): Promise<SoakResult> {
  const name = `file:soak-${seed}-${process.pid}?mode=memory&cache=shared`;
  const run = createRun(writeStory(seed, hours), name, sabotage);
  const { clock, story, world, person, store } = run;
  const startMs = clock.now();
  for (const event of story.events) {
    await clock.advance(startMs + event.atMs - clock.now());
    await keepAlive(run);
    await carryOut(run, event);
  }
  world.heal();
  await person.lift(store, now(run));
  await runToIdle(run);
  const first = await judgeRecords(run, { isFinal: false });
  await person.retryAll(store, now(run));
  await runToIdle(run);
  const complaints = [
    ...run.broken,
    ...first,
    ...(await judgeRecords(run, { isFinal: true })),
    ...judgeTarget(run),
    ...(await judgeStore(store)),
    ...run.watch.complaints,
    ...judgeSecrets({ log: run.lines.join(''), alerts: listBodies(world), store: dumpStore(name) }),
  ];
  await endLife(run);
  const [counts] = await store.counts([FLOW]);
  await store.close();
  return {
    seed,
    complaints: [...new Set(complaints)],
    records: counts?.takenIn ?? 0,
    faults: world.faults,
    deaths: run.deaths,
    acts: person.acts,
  };
}

function createRun(story: SoakStory, file: string, sabotage: Partial<Sabotage> | undefined): Run {
  const clock = createVirtualClock();
  const onCall = (index: number): void => {
    if (story.fatalCalls.has(index)) run.life?.kill();
  };
  const world = createSoakWorld({ story, clock, onCall });
  const run: Run = {
    story,
    clock,
    store: createSqliteStore(file, { ...clock, now: () => now(run) }),
    world,
    person: createPerson(story, world),
    watch: createAlertWatch({ world, now: () => clock.now(), everyMs: story.everyMs }),
    lines: [],
    broken: [],
    sabotage,
    life: undefined,
    shiftMs: 0,
    downUntilMs: 0,
    deaths: 0,
  };
  return run;
}

/** The time that the machine shows. */
function now({ clock, shiftMs }: Run): number {
  return clock.now() + shiftMs;
}

/** What stands around a service: where the process has died, it is started again. */
async function keepAlive(run: Run): Promise<void> {
  const { clock, watch } = run;
  if (run.life?.isKilled === true) {
    run.life = undefined;
    run.deaths += 1;
    run.downUntilMs = Math.max(run.downUntilMs, clock.now() + 1000);
  }
  if (run.life !== undefined) return;
  watch.excuseUntil(clock.now());
  if (clock.now() < run.downUntilMs) return;
  const life = await clock.drive(
    startLife({
      ...run,
      definition: describeSoakService(run.story, run.world),
      send: (request) => run.world.send(request),
      shiftMs: () => run.shiftMs,
      seed: run.story.seed * 1000 + run.deaths,
      writeLine: (line) => run.lines.push(line),
    }),
  );
  life.end.catch((error: unknown) => run.broken.push(`it threw: ${(error as Error).stack ?? String(error)}`));
  run.life = life;
}

async function carryOut(run: Run, event: SoakEvent): Promise<void> {
  const { clock, world, store, person, watch, life } = run;
  switch (event.kind) {
    case 'edit':
      return world.source.edit(clock.now());
    case 'jump':
      run.shiftMs += event.byMs;
      return watch.excuseUntil(clock.now() + Math.abs(event.byMs) + HOUR);
    case 'death':
      run.downUntilMs = clock.now() + event.downMs;
      if (event.isGraceful) await endLife(run);
      life?.kill();
      return undefined;
    case 'person':
      await person.act(store, now(run));
      return logIn(run);
    case 'look':
      return watch.look(store, life?.isKilled === true ? undefined : life?.service);
  }
}

async function endLife(run: Run): Promise<void> {
  const { life, clock } = run;
  if (life === undefined || life.isKilled) return;
  const startedMs = clock.now();
  life.stop();
  await clock.drive(life.end.catch(() => undefined));
  if (clock.now() - startedMs > 2 * MINUTE) run.broken.push(`it took ${clock.now() - startedMs} ms to stop`);
}

/** A refresh token that was lost is fetched anew by a person, who then starts the service with it. */
async function logIn(run: Run): Promise<void> {
  const target = run.life?.service.clients.find(({ system }) => system === 'target');
  const { needsPerson = false, reason = '' } = target?.health ?? {};
  if (!needsPerson || !reason.includes('invalid_grant')) return;
  run.world.tokens.logIn();
  await endLife(run);
  run.life?.kill();
}

async function runToIdle(run: Run): Promise<void> {
  const { clock, person, store, watch } = run;
  const startedMs = clock.now();
  let calmSinceMs = clock.now();
  // What a channel or a system was paused for, up to an hour, is over by then.
  while (clock.now() - calmSinceMs < 75 * MINUTE && clock.now() - startedMs < MOST_AFTER_MS) {
    await clock.advance(MINUTE);
    await keepAlive(run);
    await watch.look(store, run.life?.service);
    if ((clock.now() - startedMs) % (20 * MINUTE) === 0) {
      await person.lift(store, now(run), 3);
      await logIn(run);
    }
    const [counts] = await store.counts([FLOW]);
    const { waiting = 0, sending = 0, queued = 0, unknown = 0 } = counts?.states ?? {};
    if (waiting + sending + queued + unknown > 0) calmSinceMs = clock.now();
  }
}

function listBodies({ messages }: SoakWorld): string {
  return messages.map(({ body }) => body).join('\n');
}

/** The bytes of the store, as they would stand in a file. */
function dumpStore(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  const db = new DatabaseSync(name);
  try {
    db.prepare('VACUUM INTO ?').run(join(folder, 'copy.db'));
    return readFileSync(join(folder, 'copy.db'), 'latin1');
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
}
