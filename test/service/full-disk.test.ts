import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareLedger, expectedLedger } from '../demo/demo-oracle.ts';
import { readReviews, ROOT, runService, startDemoWorld } from '../demo/demo-world.ts';
import type { DemoWorld } from '../demo/demo-world.ts';
import { seedContacts } from '../demo/seed-contacts.ts';
import { inheritEnvironment } from '../inherited-environment.ts';

const SERVICE = join(ROOT, 'generated/crm-to-ledger/src/main.ts');
/** Units of 1,024 bytes that one file may have: less than the records take. */
const LIMIT = 600;
const contacts = seedContacts(1000, 3);
let world: DemoWorld;

beforeAll(async () => {
  world = await startDemoWorld({ contacts, seed: 3, ledgerRate: 60_000 });
});

afterAll(() => world.close());

/** As on a disk that is full: what goes beyond the limit of the shell cannot be written. */
function runOnce(): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const script = `trap '' XFSZ; ulimit -f ${LIMIT}; exec "$0" "$1" once`;
  const child = spawn('bash', ['-c', script, process.execPath, SERVICE], {
    env: { ...inheritEnvironment(), ...world.environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stderr }));
  });
}

test('a disk that is full ends the service with a sentence, and nothing is lost or doubled by it', async () => {
  const { code, stderr } = await runOnce();
  expect(stderr).toContain(`The store ${world.store} cannot be written`);
  expect(stderr).toContain('then start again: everything that was taken in is still there');
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(code).toBe(2);
  expect((await runService(world.environment, 'once')).code).toBe(0);
  const reviews = await readReviews(world.environment);
  const differences = compareLedger(
    expectedLedger(contacts),
    world.ledger.contacts(),
    world.ledger.creations(),
    new Set(reviews.map(({ key }) => key)),
  );
  expect(differences).toEqual([]);
  expect([...world.ledger.creations().values()].filter((count) => count > 1)).toEqual([]);
});
