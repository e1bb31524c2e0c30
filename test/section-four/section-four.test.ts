import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, startDemoWorld } from '../demo/demo-world.ts';
import { ONE_BY_ONE } from '../run-process.ts';
import { seedContacts } from '../demo/seed-contacts.ts';
import type { XeroSimulator } from '../simulators/xero.ts';
import { generateService, hasShared, runNode, TAX_TYPE } from './section-four-service.ts';
import { mendDeals, mendStrangers, runAndCompare, startStory, winDeals } from './section-four-story.ts';

const FOLDER = join(ROOT, 'test/.tmp/section-four');

if (!hasShared)
  process.stdout.write(
    'Skipped: the vendors’ own descriptions are not in ../shared/specs, so nothing is run against them.\n',
  );

const SEED = 4;
const RATES = {
  throttled: 0.004,
  'throttled-bare': 0.02,
  'server-error': 0.04,
  'cut-after-apply': 0.03,
  'cut-before-apply': 0.02,
  garbage: 0.02,
};

let main: string;

beforeAll(async () => {
  if (hasShared) main = await generateService(FOLDER);
});

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

// Beside each other: neither says anything about the other, and both wait for other processes.
test.skipIf(!hasShared)(
  'the example of the design type-checks and passes its own tests; its drills are played by npm run drills',
  { concurrent: true, timeout: 420_000 },
  async () => {
    const [, tests] = await Promise.all([
      runNode([join(ROOT, 'node_modules/typescript/bin/tsc'), '--noEmit'], FOLDER),
      runNode(
        [
          join(ROOT, 'node_modules/vitest/vitest.mjs'),
          'run',
          ...ONE_BY_ONE,
          '--reporter=default',
          '--exclude',
          'test/drills/**',
        ],
        FOLDER,
      ),
    ]);
    expect(tests).toMatch(/passed/);
    expect(tests).not.toMatch(/failed|skipped/);
  },
);

test.skipIf(!hasShared)(
  'deals that are won become invoices once, between two systems that fail',
  { concurrent: true, timeout: 420_000 },
  async () => {
    const world = await startDemoWorld({
      contacts: seedContacts(150, SEED),
      crm: { associationsPerPage: 1 },
      crmRate: 10_000,
      ledgerRate: 60_000,
      seed: SEED,
      crmFaults: { seed: SEED, rates: RATES },
      ledgerFaults: { seed: SEED, rates: { ...RATES, 'cut-after-apply': 0.1 } },
    });
    try {
      const story = startStory({ world, main, environment: { ...world.environment, TAX_TYPE } }, 12);
      // What was won before the first run is only marked, so nothing about it is looked up.
      await runAndCompare(story);
      expect(world.crm.requests.filter(({ url }) => url.includes('/associations/'))).toEqual([]);

      winDeals(story, { count: 80, ofNewcomers: 6 });
      const won = await runAndCompare(story);
      expect([won.invoices.billed.size > 25, won.invoices.waiting.size]).toEqual([true, 8]);
      expect(countReplays(world.ledger)).toBeGreaterThan(0);

      mendStrangers(story);
      mendDeals(story, won.invoices);
      const mended = await runAndCompare(story);
      expect(mended.invoices.billed.size).toBeGreaterThan(won.invoices.billed.size);
      expect(mended.invoices.waiting.size).toBe(0);
    } finally {
      await world.close();
    }
  },
);

/** Invoices whose answer was lost, so that they were sent again. */
function countReplays({ applied }: XeroSimulator): number {
  return applied.filter(({ replayed, body }) => replayed && body.includes('"Invoices"')).length;
}
