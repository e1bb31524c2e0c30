import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runService, startDemoWorld } from '../demo/demo-world.ts';
import type { DemoWorld } from '../demo/demo-world.ts';
import { seedContacts } from '../demo/seed-contacts.ts';

const folder = mkdtempSync(join(tmpdir(), 'mortise-place-'));
let world: DemoWorld;

beforeAll(async () => {
  world = await startDemoWorld({ contacts: seedContacts(10, 3), seed: 3, ledgerRate: 6000 });
});

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Permissions do not hold for root, as whom tests may run, so these are places where nobody can write: below a file, a
 * folder in the place of the store, and a folder in the place of the lock beside it.
 */
test.each([
  ['below a file', () => join(makeFile('file'), 'store.sqlite')],
  ['where a folder is', () => makeFolder('folder.sqlite')],
  [
    'beside a lock that cannot be written',
    () => makeFolder('store.sqlite.engine-lock').replace(/\.engine-lock$/, ''),
  ],
] as const)('a store %s is refused in one sentence, and nothing is sent', async (_title, makePlace) => {
  const place = makePlace();
  const end = await runService({ ...world.environment, MORTISE_STORE: place }, 'once');
  expect([end.code, end.stderr]).toEqual([2, expect.stringContaining(`The store ${place} cannot be opened`)]);
  expect(end.stderr).toContain('MORTISE_STORE');
  expect(end.stderr).not.toMatch(/\n\s+at /);
  expect(world.ledger.requests).toEqual([]);
});

function makeFile(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, 'x');
  return path;
}

function makeFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}
