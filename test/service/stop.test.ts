import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { compareLedger, expectedLedger } from '../demo/demo-oracle.ts';
import { readReviews, runService, startDemoWorld } from '../demo/demo-world.ts';
import type { DemoWorld } from '../demo/demo-world.ts';
import { seedContacts } from '../demo/seed-contacts.ts';
import { startRunningService } from './start-running-service.ts';
import type { RunningService } from './start-running-service.ts';

const CONTACTS = seedContacts(120, 5);

test('SIGTERM in the middle of writes: not ready at once, what is under way is answered, nothing is lost', async () => {
  const { world, service } = await startInTheMiddle();
  const askReady = async (): Promise<number> => (await fetch(`${service.url}/readyz`)).status;
  expect(await askReady()).toBe(200);
  service.stop();
  // The signal is on its way while the first of these are asked; the writes under way take longer.
  const answers: number[] = [];
  while (answers.at(-1) !== 503) answers.push(await askReady());
  const atStop = world.ledger.requests.length;
  expect(await service.exit).toEqual({ code: 0, signal: null });
  expect(world.ledger.requests.length).toBeLessThanOrEqual(atStop + MOST_UNDER_WAY);
  expect(listUnderWay(world)).toEqual([]);
  await expectWhole(world);
  await world.close();
});

test('a service whose log nobody reads any more goes on, and counts what it says to nobody', async () => {
  const { world, service } = await startInTheMiddle();
  service.closeLog();
  const countLost = async (): Promise<number> => {
    const text = await (await fetch(`${service.url}/metrics`)).text();
    return Number(/^mortise_log_lines_lost_total (\d+)$/m.exec(text)?.[1]);
  };
  while ((await countLost()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const before = world.ledger.requests.length;
  while (world.ledger.requests.length < before + 5) await new Promise((resolve) => setTimeout(resolve, 5));
  service.stop();
  expect(await service.exit).toEqual({ code: 0, signal: null });
  await expectWhole(world);
  await world.close();
});

/** Calls that the service may begin at the same time. */
const MOST_UNDER_WAY = 10;

async function startInTheMiddle(): Promise<{ readonly world: DemoWorld; readonly service: RunningService }> {
  const world = await startDemoWorld({
    contacts: CONTACTS,
    seed: 5,
    ledgerRate: 100_000,
    ledgerLatencyMs: 150,
  });
  const service = await startRunningService({ ...world.environment, LOG_LEVEL: 'debug' });
  while (world.ledger.requests.length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
  return { world, service };
}

/** Intents that the store takes for being sent just now, or of unknown outcome. */
function listUnderWay(world: DemoWorld): unknown[] {
  const db = new DatabaseSync(world.store, { readOnly: true });
  const rows = db.prepare("SELECT key FROM intents WHERE state IN ('sending', 'unknown')").all();
  db.close();
  return rows;
}

async function expectWhole(world: DemoWorld): Promise<void> {
  const end = await runService(world.environment, 'once');
  expect([end.code, end.stderr]).toEqual([0, expect.any(String)]);
  const parked = new Set((await readReviews(world.environment)).map(({ key }) => key));
  const made = world.ledger.creations();
  expect(compareLedger(expectedLedger(CONTACTS), world.ledger.contacts(), made, parked)).toEqual([]);
  expect([...made.values()].filter((count) => count > 1)).toEqual([]);
}
