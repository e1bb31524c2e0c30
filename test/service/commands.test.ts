import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COMMANDS } from '../../runtime/src/ops/commands/index.ts';
import { ROOT, runService, startDemoWorld, startService } from '../demo/demo-world.ts';
import type { DemoWorld } from '../demo/demo-world.ts';
import { seedContacts } from '../demo/seed-contacts.ts';
import { inheritEnvironment } from '../inherited-environment.ts';

let world: DemoWorld;

beforeAll(async () => {
  world = await startDemoWorld({ contacts: seedContacts(60, 9), seed: 9, ledgerRate: 60_000 });
  await runService(world.environment, 'once');
});

afterAll(() => world.close());

test('the README of a service lists every command with the words of its help', () => {
  const readme = readFileSync(join(ROOT, 'compiler/src/emit/templates/readme.md.hbs'), 'utf8');
  const missing = COMMANDS.filter(({ name, summary }) => !readme.includes(`\`${name}\` | ${summary} |`));
  expect(missing.map(({ name, summary }) => `| \`${name}\` | ${summary} |`)).toEqual([]);
});

test('without a terminal the answer is JSON, and --no-json asks for words', async () => {
  expect(JSON.parse((await runService(world.environment, 'status')).stdout)).toMatchObject({
    integration: 'crm-to-ledger',
  });
  expect((await runService(world.environment, 'status', '--no-json')).stdout).toContain(
    'the sum of the states',
  );
});

test.each(['review list', 'status --no-json', 'help'])(
  'a reader of "%s" that goes away is no mistake of the service',
  async (line) => {
    const child = spawn(
      process.execPath,
      [join(ROOT, 'generated/crm-to-ledger/src/main.ts'), ...line.split(' ')],
      {
        env: { ...inheritEnvironment(), ...world.environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, stderr]).toEqual([0, '']);
  },
);

test('the doctor finds the sample well, and prints no secret', async () => {
  const { code, stdout, stderr } = await runService(world.environment, 'doctor', '--no-json');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('crm: it can be reached and lets customers read');
  expect(stdout).toContain('MORTISE_KEY: set, and it fits the store');
  expect(stdout).toContain('Nothing is wrong.');
  for (const name of ['CRM_TOKEN', 'XERO_CLIENT_SECRET', 'XERO_REFRESH_TOKEN', 'MORTISE_KEY'])
    expect(stdout).not.toContain(world.environment[name]);
});

test('the doctor says what is wrong with the credentials and with the address, and pauses nothing', async () => {
  const wrong = { CRM_TOKEN: 'not-the-token', LEDGER_URL: 'http://127.0.0.1:9' };
  const { code, stdout } = await runService({ ...world.environment, ...wrong }, 'doctor', '--no-json');
  expect(code).toBe(1);
  expect(stdout).toContain('it does not accept the credentials (401)');
  expect(stdout).toMatch(/wrong +ledger: http:\/\/127\.0\.0\.1:9\S* cannot be reached/);
  expect(JSON.parse((await runService(world.environment, 'status')).stdout)).toMatchObject({ pauses: [] });
});

test('beside a running service, a resync is taken up and a record is erased', async () => {
  const before = world.ledger.requests.length;
  const service = startService(world.environment, ['run']);
  expect((await runService(world.environment, 'resync', 'customers')).code).toBe(0);
  await waitUntil(async () => {
    const status = JSON.parse((await runService(world.environment, 'status')).stdout) as {
      readonly backfills: readonly { readonly state: string; readonly writes: number }[];
      readonly flows: readonly { readonly oldestWaiting?: string }[];
    };
    const isWritten = status.flows.every(({ oldestWaiting }) => oldestWaiting === undefined);
    return isWritten && status.backfills.some(({ state, writes }) => state === 'done' && writes > 0);
  });
  expect(world.ledger.requests.length).toBeGreaterThan(before);
  expect([...world.ledger.creations().values()].filter((count) => count > 1)).toEqual([]);
  const key = world.ledger.contacts()[0]?.ContactNumber ?? '';
  const erased = await runService(world.environment, 'erase', key);
  expect(JSON.parse(erased.stdout)).toMatchObject({ kind: 'erased', truncated: true });
  service.kill();
  await service.done;
  expect((await runService(world.environment, 'once')).code).toBe(0);
  const { flows } = JSON.parse((await runService(world.environment, 'status')).stdout) as {
    readonly flows: readonly {
      readonly takenIn: number;
      readonly states: Readonly<Record<string, number>>;
    }[];
  };
  expect(flows[0]?.states['erased']).toBeGreaterThan(0);
  expect(Object.values(flows[0]?.states ?? {}).reduce((sum, count) => sum + count, 0)).toBe(
    flows[0]?.takenIn,
  );
});

async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) if (await holds()) return;
  throw new Error('What was waited for did not come.');
}
