import { openSqliteDatabase } from '../../runtime/src/store/sqlite-database.ts';
import { catchSabotage } from './catch-sabotage.ts';
import { runKillSweep } from './kill-sweep.ts';
import { describeReport, isSound } from './run-crash.ts';
import type { CrashReport } from './run-crash.ts';
import { SABOTAGES } from './sabotages.ts';
import { sweepPairs, sweepPoints } from './sweep.ts';
import type { SweepOptions } from './sweep.ts';

/**
 * `npm run crash`: kills a service before and after every call of its store and its transports, then twice, then in
 * sabotaged builds. `--json`: one line of figures on standard output. `--random`: seeded kills of the demo run instead.
 * `--all-pairs`: every second kill instead of a sample.
 */
const SEED = 20260105;
const PAIRS_OF_A_TIER = 150;
const SWEEPS: readonly Pick<SweepOptions, 'story' | 'tier'>[] = [
  ...([0, 1, 2, 3, 4, 5] as const).map((tier) => ({ story: 'main', tier })),
  { story: 'lost-token', tier: 2 },
  { story: 'edits', tier: 2 },
  { story: 'notes', tier: 2 },
  { story: 'notes', tier: 3 },
  { story: 'found', tier: 3 },
  ...([1, 2, 3, 5] as const).map((tier) => ({ story: 'batches', tier })),
];
const PAIR_TIERS = [1, 3, 5] as const;

const flags = new Set(process.argv.slice(2));
process.exitCode = flags.has('--random') ? await runRandom() : await runAllSweeps();

async function runAllSweeps(): Promise<number> {
  const singles: CrashReport[] = [];
  for (const sweep of SWEEPS) {
    const reports = await sweepPoints({ ...sweep, points: 'all', onReport: tellFault });
    tellSweep(`${sweep.story}, tier ${sweep.tier}`, reports);
    singles.push(...reports);
  }
  const pairs: CrashReport[] = [];
  for (const tier of PAIR_TIERS) {
    const options = { story: 'short', tier, points: 'changes', onReport: tellFault } as const;
    const first = await sweepPoints(options);
    const most = flags.has('--all-pairs') ? Number.POSITIVE_INFINITY : PAIRS_OF_A_TIER;
    const reports = await sweepPairs({ ...options, singles: first, seed: SEED + tier, most });
    tellSweep(`pairs, tier ${tier}`, reports);
    singles.push(...first);
    pairs.push(...reports);
  }
  const caught = await countCaught();
  const reports = [...singles, ...pairs];
  const figures = {
    points: singles.filter(({ crashes }) => crashes === 1).length,
    doubleCrashes: pairs.filter(({ crashes }) => crashes === 2).length,
    lost: sum(reports, ({ lost }) => lost.length),
    duplicated: sum(reports, ({ duplicated }) => duplicated.length),
    reworkMaxPages: Math.max(...reports.map(({ reworkPages }) => reworkPages)),
    sabotaged: SABOTAGES.length,
    caught,
  };
  const isWell = reports.every(isSound) && caught === SABOTAGES.length && isSynchronous();
  say(JSON.stringify({ ...figures, synchronous: isSynchronous() ? 'FULL' : 'less' }));
  if (flags.has('--json')) process.stdout.write(`${JSON.stringify(figures)}\n`);
  return isWell ? 0 : 1;
}

async function countCaught(): Promise<number> {
  let caught = 0;
  for (const sabotage of SABOTAGES) {
    const seen = await catchSabotage(sabotage);
    say(
      `${seen === undefined ? 'NOT CAUGHT' : 'caught'}: ${sabotage.title}${seen === undefined ? '' : ` (${seen.slice(0, 160)})`}`,
    );
    if (seen !== undefined) caught += 1;
  }
  return caught;
}

/** A kill says nothing about a loss of power, so this is looked at apart: a commit is on the disk. */
function isSynchronous(): boolean {
  const db = openSqliteDatabase(':memory:');
  const found = db.get('PRAGMA synchronous')?.['synchronous'];
  void db.close();
  return found === 2;
}

async function runRandom(): Promise<number> {
  let failed = false;
  for (const seed of [1, 2, 3, 4, 5]) {
    const report = await runKillSweep({ seed, contacts: 1000, kills: 20 });
    failed ||= report.differences.length > 0 || report.doubled > 0;
    process.stdout.write(`${JSON.stringify({ seed, ...report })}\n`);
  }
  return failed ? 1 : 0;
}

function tellFault(report: CrashReport): void {
  if (!isSound(report)) say(describeReport(report));
}

function tellSweep(name: string, reports: readonly CrashReport[]): void {
  const crashes = sum(reports, (report) => report.crashes);
  const unsound = reports.filter((report) => !isSound(report)).length;
  say(`${name}: ${crashes} kills in ${reports.length} runs, ${unsound} of them with a fault`);
}

function sum<T>(values: readonly T[], count: (value: T) => number): number {
  return values.reduce((total, value) => total + count(value), 0);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
