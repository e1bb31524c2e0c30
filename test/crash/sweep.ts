import type { Tier } from '../faults/fault.ts';
import { createSeededRandom } from '../simulators/seeded-random.ts';
import type { PointKind } from './kill-points.ts';
import { runCrash } from './run-crash.ts';
import type { CrashCase, CrashReport } from './run-crash.ts';
import { createServiceProcess } from './service-process.ts';
import type { ServiceProcess } from './service-process.ts';

export interface SweepOptions {
  readonly story: string;
  readonly tier: Tier;
  readonly points: PointKind;
  /** The service; another than the committed one for a sabotaged build. */
  readonly main?: string;
  /** Called after each run. */
  readonly onReport?: (report: CrashReport) => void;
}

/** Processes at the same time. */
const PARALLEL = 2;

/** Kills at point 1, 2, 3, … until a run ends by itself: nothing is left out. */
export async function sweepPoints(options: SweepOptions): Promise<CrashReport[]> {
  let next = 1;
  let done = false;
  return runAll(options, (last) => {
    done ||= last !== undefined && last.crashes === 0;
    if (done) return undefined;
    const kills = [next];
    next += 1;
    return kills;
  });
}

export interface PairOptions extends SweepOptions {
  /** The single kills: they say how many points there are, and how many in the life after each. */
  readonly singles: readonly CrashReport[];
  readonly seed: number;
  readonly most: number;
}

/** A second kill during the recovery from a first one: all pairs, or a seeded sample of `most`. */
export async function sweepPairs(options: PairOptions): Promise<CrashReport[]> {
  const pairs = options.singles.flatMap(({ crash, crashes, points }) =>
    crashes === 0 ? [] : Array.from({ length: points }, (_, index) => [...crash.kills, index + 1]),
  );
  const random = createSeededRandom(options.seed);
  const chosen = pairs.length <= options.most ? pairs : draw(pairs, options.most, () => random.next());
  return runAll(options, () => chosen.shift());
}

function draw<T>(values: readonly T[], count: number, random: () => number): T[] {
  return values
    .map((value) => ({ value, at: random() }))
    .toSorted((left, right) => left.at - right.at)
    .slice(0, count)
    .map(({ value }) => value);
}

/** Runs what `next` gives until it gives nothing more. @param next is told the last report of its own process */
export async function runAll(
  options: SweepOptions,
  next: (last: CrashReport | undefined) => readonly number[] | undefined,
): Promise<CrashReport[]> {
  const { story, tier, points } = options;
  const reports: CrashReport[] = [];
  const work = async (service: ServiceProcess): Promise<void> => {
    let last: CrashReport | undefined;
    for (;;) {
      const kills = next(last);
      if (kills === undefined) return;
      const crash: CrashCase = { story, tier, kills, points };
      last = await runCrash(crash, service);
      reports.push(last);
      options.onReport?.(last);
    }
  };
  const services = Array.from({ length: PARALLEL }, () => createServiceProcess(options.main));
  try {
    await Promise.all(services.map(work));
  } finally {
    await Promise.all(services.map((service) => service.close()));
  }
  return reports.toSorted((left, right) => comparePoints(left.crash, right.crash));
}

function comparePoints(left: CrashCase, right: CrashCase): number {
  return (left.kills[0] ?? 0) - (right.kills[0] ?? 0) || (left.kills[1] ?? 0) - (right.kills[1] ?? 0);
}
