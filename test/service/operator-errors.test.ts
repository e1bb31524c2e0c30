import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readReviews, runService, startDemoWorld, startService } from '../demo/demo-world.ts';
import type { DemoWorld } from '../demo/demo-world.ts';
import { seedContacts } from '../demo/seed-contacts.ts';

let world: DemoWorld;

beforeAll(async () => {
  world = await startDemoWorld({ contacts: seedContacts(200, 3), seed: 3, ledgerRate: 6000 });
});

afterAll(() => world.close());

test('settings that are not set are all named, with a way out', async () => {
  const { CRM_TOKEN: _token, XERO_TENANT_ID: _tenant, ...rest } = world.environment;
  const end = await runService(rest, 'once');
  expect(end.code).toBe(2);
  expect(end.stderr).toContain('CRM_TOKEN is not set');
  expect(end.stderr).toContain('XERO_TENANT_ID is not set');
  expect(end.stderr).toContain('.env.example');
  expect(end.stderr).not.toMatch(/\n\s+at /);
});

test('a setting that is wrong is named without its value', async () => {
  const end = await runService(
    { ...world.environment, LEDGER_RATE: 'sixty', MORTISE_PORT: '99999999' },
    'once',
  );
  expect(end.code).toBe(2);
  expect(end.stderr).toContain('LEDGER_RATE: write it as "60 per 1m"');
  expect(end.stderr).toContain('MORTISE_PORT');
  expect(end.stderr).not.toContain('sixty');
});

test('an unknown command and an unknown option say what there is', async () => {
  const unknown = await runService(world.environment, 'delte');
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('Commands: run, once')]);
  const option = await runService(world.environment, 'status', '--jsn');
  expect([option.code, option.stderr]).toEqual([2, expect.stringContaining('Usage: status')]);
});

test('a taken port is named, and nothing is read', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const end = await runService({ ...world.environment, MORTISE_PORT: String(port) }, 'run');
  other.close();
  expect(end.code).toBe(2);
  expect(end.stderr).toContain(`Port ${port} is taken`);
  expect(end.stderr).toContain('MORTISE_PORT');
});

test('a second engine on the store is refused while commands work beside the first', async () => {
  const first = startService(world.environment, ['run']);
  await waitUntil(async () =>
    (await runService(world.environment, 'status', '--json')).stdout.includes('"delivered"'),
  );
  const second = await runService(world.environment, 'once');
  expect(second.code).toBe(2);
  expect(second.stderr).toContain('Another engine runs on the store');
  const [review] = await readReviews(world.environment);
  expect(review).toBeDefined();
  const shown = await runService(world.environment, 'review', 'show', '1', '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({ id: 1, state: 'open' });
  const discarded = await runService(world.environment, 'review', 'discard', '1', '--because', 'a test');
  expect(discarded.code).toBe(0);
  const again = await runService(world.environment, 'review', 'discard', '1', '--because', 'a test');
  expect(again.code).toBe(1);
  first.kill();
  await first.done;
});

test('an edited record goes on to the ledger', async () => {
  const reviews = await readReviews(world.environment);
  const blank = reviews.find((entry) => entry.reason.startsWith('blank'));
  expect(blank).toBeDefined();
  const id = String((blank as unknown as { id: number }).id);
  const edited = await runService(
    world.environment,
    'review',
    'edit',
    id,
    '--set',
    'properties.company=Edited Pty Ltd',
  );
  expect(edited.code).toBe(0);
  await runService(world.environment, 'once');
  expect(world.ledger.contacts().find((contact) => contact.ContactNumber === blank?.key)?.Name).toBe(
    'Edited Pty Ltd',
  );
});

test('plan says what a run would write, and writes nothing', async () => {
  const before = world.ledger.contacts().length;
  const [changed] = world.crm
    .contacts()
    .filter(
      (contact) =>
        contact.properties['lifecyclestage'] === 'customer' && contact.properties['company'] !== null,
    );
  const newest =
    world.crm
      .contacts()
      .map((contact) => contact.updatedAt)
      .toSorted()
      .at(-1) ?? '';
  const updatedAt = new Date(Date.parse(newest) + 1000).toISOString();
  if (changed !== undefined)
    world.crm.upsert({
      ...changed,
      updatedAt,
      properties: { ...changed.properties, company: 'Planned Pty Ltd' },
    });
  const plan = await runService(world.environment, 'plan', '--json');
  expect(plan.code).toBe(2);
  expect(JSON.parse(plan.stdout)).toMatchObject([{ flow: 'customers', write: 1, waiting: 0 }]);
  expect(world.ledger.contacts().length).toBe(before);
  expect(world.ledger.contacts().some((contact) => contact.Name === 'Planned Pty Ltd')).toBe(false);
  await runService(world.environment, 'once');
  expect(world.ledger.contacts().some((contact) => contact.Name === 'Planned Pty Ltd')).toBe(true);
  const after = await runService(world.environment, 'plan', '--json');
  expect([after.code, JSON.parse(after.stdout)]).toMatchObject([0, [{ write: 0 }]]);
});

test('a wrong encryption key is refused, and the store stays as it is', async () => {
  const before = readFileSync(world.store);
  const end = await runService(
    { ...world.environment, MORTISE_KEY: Buffer.alloc(32, 9).toString('base64') },
    'once',
  );
  expect(end.code).toBe(2);
  expect(end.stderr).toContain('MORTISE_KEY is not the key');
  expect(readFileSync(world.store).equals(before)).toBe(true);
  const short = await runService({ ...world.environment, MORTISE_KEY: 'short' }, 'once');
  expect([short.code, short.stderr]).toEqual([2, expect.stringContaining('openssl rand -base64 32')]);
});

test('no secret stands in the log or in the store', async () => {
  const end = await runService({ ...world.environment, LOG_LEVEL: 'debug' }, 'once');
  const store = readFileSync(world.store).toString('latin1');
  for (const secret of [
    world.environment['CRM_TOKEN'],
    world.environment['XERO_CLIENT_SECRET'],
    world.environment['XERO_REFRESH_TOKEN'],
  ]) {
    expect(`${end.stdout}${end.stderr}`).not.toContain(secret);
    expect(store).not.toContain(secret);
  }
});

test('commands that look at a store make none where there is none', async () => {
  const nowhere = `${world.store}.elsewhere`;
  const end = await runService({ ...world.environment, MORTISE_STORE: nowhere }, 'status');
  expect([end.code, end.stderr]).toEqual([2, expect.stringContaining(`There is no store at ${nowhere}`)]);
  expect(existsSync(nowhere)).toBe(false);
});

test('the key of a record cannot be edited, because it says which record it is', async () => {
  const [review] = (await readReviews(world.environment)) as unknown as { readonly id: number }[];
  const end = await runService(
    world.environment,
    'review',
    'edit',
    String(review?.id),
    '--set',
    'id=another',
  );
  expect([end.code, end.stderr]).toEqual([2, expect.stringContaining('cannot be edited')]);
});

test('a store of another integration is refused', async () => {
  const db = new DatabaseSync(world.store);
  db.exec("UPDATE meta SET value = 'another' WHERE name = 'integration'");
  const end = await runService(world.environment, 'once');
  db.exec("UPDATE meta SET value = 'crm-to-ledger' WHERE name = 'integration'");
  db.close();
  expect([end.code, end.stderr]).toEqual([
    2,
    expect.stringContaining('This store belongs to the integration "another"'),
  ]);
});

test('records of a flow that is gone are shown, and are not put back for nobody', async () => {
  const db = new DatabaseSync(world.store);
  const move = (from: string, to: string): void => {
    for (const table of ['items', 'keys', 'reviews', 'counters'])
      db.prepare(`UPDATE ${table} SET flow = ? WHERE flow = ?`).run(to, from);
  };
  move('customers', 'clients');
  const status = await runService(world.environment, 'status', '--no-json');
  const [review] = (await readReviews(world.environment)) as unknown as { readonly id: number }[];
  const retry = await runService(world.environment, 'review', 'retry', String(review?.id));
  move('clients', 'customers');
  db.close();
  expect(status.stdout).toContain('of the flow "clients", which is not part of this version');
  expect([retry.code, retry.stderr]).toEqual([2, expect.stringContaining('is not part of this version')]);
});

async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) if (await holds()) return;
  throw new Error('What was waited for did not come.');
}
