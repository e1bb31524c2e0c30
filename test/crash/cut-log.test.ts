import { expect, test } from 'vitest';
import { describeReport, isSound, runCrash } from './run-crash.ts';
import { createServiceProcess } from './service-process.ts';

const KILLS = [14, 25];
const KEPT = [0, 0.3, 0.6, 0.97];

test.each([1, 2] as const)(
  'a service of tier %i whose write-ahead log was cut starts, and brings the target to the same state',
  { timeout: 120_000 },
  async (tier) => {
    const service = createServiceProcess();
    const faults: string[] = [];
    for (const kill of KILLS) {
      for (const keptLog of KEPT) {
        const report = await runCrash(
          { story: 'short', tier, kills: [kill], points: 'changes', keptLog },
          service,
        );
        expect(report.crashes).toBe(1);
        if (!isSound(report)) faults.push(`${keptLog} of the log is left; ${describeReport(report)}`);
      }
    }
    await service.close();
    expect(faults).toEqual([]);
  },
);
