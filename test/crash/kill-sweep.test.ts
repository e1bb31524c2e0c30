import { expect, test } from 'vitest';
import { runKillSweep } from './kill-sweep.ts';
import { createSabotagedService } from './sabotaged-service.ts';

const SEED = 20260105;

test('20 kills of the demo run lose nothing and double nothing', { timeout: 180_000 }, async () => {
  const report = await runKillSweep({ seed: SEED, contacts: 1000, kills: 20 });
  expect(report.hit).toBeGreaterThanOrEqual(15);
  expect(report.differences).toEqual([]);
  expect(report.doubled).toBe(0);
  expect(report.violations).toEqual([]);
});

test(
  'a build that moves the cursor before the records are durable is caught',
  { timeout: 180_000 },
  async () => {
    const sabotaged = createSabotagedService({
      from: 'const report = await takeInPage(options, page, { ...before, open: kept }, claimFor);',
      to: 'await context.store.savePass(flow.name, { ...before, open: kept }); await context.clock.sleep(300); const report = await takeInPage(options, page, { ...before, open: kept }, claimFor);',
    });
    try {
      const report = await runKillSweep({ seed: SEED, contacts: 1000, kills: 20, main: sabotaged.main });
      expect(report.differences.length).toBeGreaterThan(0);
    } finally {
      sabotaged.remove();
    }
  },
);
