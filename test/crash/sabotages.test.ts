import { expect, test } from 'vitest';
import { catchSabotage } from './catch-sabotage.ts';
import { describeReport, runCrash } from './run-crash.ts';
import { SABOTAGES } from './sabotages.ts';
import { createServiceProcess } from './service-process.ts';

test.each(SABOTAGES)('a build in which $title is caught', { timeout: 120_000 }, async (sabotage) => {
  expect(await catchSabotage(sabotage)).toBeDefined();
});

test('without a sabotage, nothing is wrong in the stories that show one without a kill', async () => {
  const service = createServiceProcess();
  const seen: string[] = [];
  for (const { story, tier, first } of SABOTAGES) {
    if (first !== 'none') continue;
    const report = await runCrash({ story, tier, kills: [], points: 'changes' }, service);
    expect(report.crashes).toBe(0);
    seen.push(...report.lost, ...report.duplicated, ...report.others.map(() => describeReport(report)));
  }
  await service.close();
  expect(seen).toEqual([]);
});
