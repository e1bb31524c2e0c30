import { expect, test } from 'vitest';
import { FAMILIES } from './fault.ts';
import type { Family } from './fault.ts';
import { MEMORY_FAULTS } from './fault-table.ts';
import { checkCatalogue } from './catalogue.ts';
import { listFewCases } from './list-cases.ts';
import { describeCase, runCases } from './run-cases.ts';
import { runMortise } from './run-mortise.ts';

const families = FAMILIES.filter((family) => MEMORY_FAULTS.some((fault) => fault.family === family));

test.each(families)(
  'every fault of the family %s in the middle of a run ends in its class, and nothing is corrupted silently',
  { timeout: 300_000 },
  async (family: Family) => {
    const faults = MEMORY_FAULTS.filter((fault) => fault.family === family);
    const results = await runCases(faults, listFewCases, { run: runMortise });
    expect(results.length).toBeGreaterThanOrEqual(faults.length);
    expect(results.filter(({ survived }) => !survived).map(describeCase)).toEqual([]);
    expect(results.filter(({ silentCorruption }) => silentCorruption)).toEqual([]);
  },
);

test('every fault of the catalogue is run, or left out with a reason', () => {
  const { run, missing, both } = checkCatalogue();
  expect(run.size).toBeGreaterThan(160);
  expect([missing, both]).toEqual([[], []]);
});
