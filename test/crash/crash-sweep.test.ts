import { expect, test } from 'vitest';
import { openSqliteDatabase } from '../../runtime/src/store/sqlite-database.ts';
import { describeReport, isSound } from './run-crash.ts';
import type { CrashReport } from './run-crash.ts';
import { sweepPairs, sweepPoints } from './sweep.ts';

const SEED = 20260105;
const PAIRS = 6;

/** `npm run crash` does the same for every tier, with more records, and before and after every call of a port. */
test.each([2, 3] as const)(
  'a service of tier %i that is killed at any point, once or twice, loses nothing and doubles nothing',
  { timeout: 300_000 },
  async (tier) => {
    const options = { story: 'short', tier, points: 'changes' } as const;
    const singles = await sweepPoints(options);
    expect(listFaults(singles)).toEqual([]);
    expect(singles.filter(({ crashes }) => crashes === 1).length).toBeGreaterThan(25);
    const pairs = await sweepPairs({ ...options, singles, seed: SEED, most: PAIRS });
    expect(listFaults(pairs)).toEqual([]);
    expect(pairs.filter(({ crashes }) => crashes === 2).length).toBeGreaterThan(PAIRS / 2);
    expect(Math.max(...[...singles, ...pairs].map(({ reworkPages }) => reworkPages))).toBe(1);
  },
);

test('a commit is on the disk, not only in the operating system, which no kill can show', () => {
  const db = openSqliteDatabase(':memory:');
  expect(db.get('PRAGMA synchronous')).toEqual({ synchronous: 2 });
  void db.close();
});

function listFaults(reports: readonly CrashReport[]): string[] {
  return reports.filter((report) => !isSound(report)).map(describeReport);
}
