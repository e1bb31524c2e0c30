import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gen } from '../compiler/src/cli/commands/gen.ts';
import { createNodeHost } from '../compiler/src/source/node-host.ts';
import { startDemoWorld } from './demo/demo-world.ts';
import { seedContacts } from './demo/seed-contacts.ts';
import { ROOT, runProcess, startProcess } from './run-process.ts';

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

interface LockFile {
  readonly name: string;
  readonly packages: Readonly<Record<string, LockEntry>>;
}

const TEMPLATES = join(ROOT, 'compiler/src/emit/templates');
const ADVICE = 'to make it anew: node test/update-package-lock.ts';
const template = readJson<LockFile>(join(TEMPLATES, 'package-lock.json'));
const ours = readJson<LockFile>(join(ROOT, 'package-lock.json'));
/** How the network is reached from here: proxies, certificates, npm's own settings. */
const network = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && /proxy|^npm_config_|cert|ssl/i.test(name) ? [[name, value]] : [],
  ),
);
const registry = await findRegistry();
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-vendored-'));
  const rules = [join(ROOT, 'specs/crm-to-ledger.rules.yaml')];
  const args = {
    rules,
    check: false,
    full: false,
    force: false,
    vendorRuntime: true,
    output: folder,
    format: 'text',
  } as const;
  expect(await gen(createNodeHost(), ROOT, args, () => undefined)).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the lock file that services get holds the versions of this repository', () => {
  const packages = Object.entries(template.packages).filter(([path]) => path.startsWith('node_modules/'));
  const other = packages.filter(
    ([path, entry]) => entry.link !== true && ours.packages[path]?.version !== entry.version,
  );

  expect(packages.length).toBeGreaterThan(50);
  expect(
    other.map(([path]) => path),
    ADVICE,
  ).toEqual([]);
});

test('the lock file that services get names no registry', () => {
  const resolved = Object.values(template.packages).flatMap((entry) => entry.resolved ?? []);

  expect(resolved).toEqual(['runtime']);
});

test('the package that is emitted wants the versions of this repository', () => {
  const facts = readJson<Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>>(
    join(TEMPLATES, 'package-facts.json'),
  );
  const wanted = { ...facts.dependencies, ...facts.devDependencies };
  const held = Object.fromEntries(
    Object.keys(wanted).map((name) => [name, ours.packages[`node_modules/${name}`]?.version]),
  );

  expect(wanted).toEqual(held);
});

test('the emitted lock file fits the emitted packages', () => {
  const lock = readJson<LockFile>(join(folder, 'package-lock.json'));
  const manifest = readJson<Record<string, unknown>>(join(folder, 'package.json'));
  const runtime = readJson<Record<string, unknown>>(join(folder, 'runtime/package.json'));
  const { name, version, dependencies, devDependencies, engines } = manifest;

  expect(lock.name).toBe(name);
  expect(lock.packages[''], ADVICE).toEqual({ name, version, dependencies, devDependencies, engines });
  expect(lock.packages['runtime'], ADVICE).toMatchObject({
    version: runtime['version'],
    dependencies: runtime['dependencies'],
  });
});

test('a service with the runtime beside it is checked against the runtime as it is now', async () => {
  const check = async (change: Record<string, unknown> = {}): Promise<number> => {
    const args = {
      rules: [join(ROOT, 'specs/crm-to-ledger.rules.yaml')],
      check: true,
      full: true,
      force: false,
      vendorRuntime: false,
      output: folder,
    };
    return gen(createNodeHost(), ROOT, { ...args, format: 'text', ...change }, () => undefined);
  };
  const lock = join(folder, 'package-lock.json');
  const before = readFileSync(lock, 'utf8');

  expect(await check()).toBe(0);
  writeFileSync(lock, before.replace('"lockfileVersion": 3', '"lockfileVersion": 2'));
  expect(await check()).toBe(1);
  expect(await check({ check: false })).toBe(1);
  expect(await check({ check: false, force: true })).toBe(0);
  expect(readFileSync(lock, 'utf8')).toBe(before);
});

test(
  'a service in a folder of its own installs, passes its tests and runs',
  { timeout: 300_000 },
  async ({ skip }) => {
    skip(registry !== '', registry);
    const installed = await runProcess(['npm', 'ci', '--no-audit', '--no-fund'], folder, network);
    expect(installed.code, installed.text).toBe(0);
    // Node runs TypeScript only outside of node_modules: the runtime must be a link.
    expect(readlinkSync(join(folder, 'node_modules/@mortise/runtime'))).toBe('../../runtime');
    // npm puts a package beside the service or, where versions differ, beside the runtime.
    for (const name of ['undici', 'pino', 'fastify'])
      expect(['.', 'runtime'].some((place) => existsSync(join(folder, place, 'node_modules', name)))).toBe(
        true,
      );

    const tested = await runProcess(['npm', 'test'], folder);
    expect(tested.code, tested.text).toBe(0);
    expect(tested.text).toMatch(/Tests +\d+ passed \(\d+\)/);

    await expectServiceRuns();
  },
);

/** `npm start` with nothing but an `.env`: ready, delivering, and gone when it is asked to stop. */
async function expectServiceRuns(): Promise<void> {
  const contacts = seedContacts(20, 7);
  const world = await startDemoWorld({ contacts, seed: 7, ledgerRate: 6000 });
  const { MORTISE_STORE: _, ...settings } = world.environment;
  writeFileSync(
    join(folder, '.env'),
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const service = startProcess(['npm', 'start'], folder);
  try {
    const started = await service.waitFor(/"port":(\d+)/);
    const ready = await fetch(`http://127.0.0.1:${started[1]}/readyz`);
    expect(ready.status).toBe(200);
    await expect
      .poll(() => world.ledger.contacts().length, { timeout: 15_000, interval: 50 })
      .toBeGreaterThan(0);
    service.kill('SIGTERM');
    const end = await service.done;
    expect(end, end.text).toMatchObject({ code: 0, signal: null });
    expect(end.text).toContain('service stopped');
    expect(existsSync(join(folder, 'data/crm-to-ledger.sqlite'))).toBe(true);
    expect([...world.crm.violations, ...world.ledger.violations]).toEqual([]);
  } finally {
    service.kill('SIGTERM');
    await world.close();
  }
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

/** Empty where the registry answers, else why nothing can be installed. */
async function findRegistry(): Promise<string> {
  const { code, text } = await runProcess(['npm', 'ping', '--fetch-retries=0'], ROOT, network);
  return code === 0 ? '' : `npm's registry cannot be reached: ${text.trim().split('\n').at(-1)}`;
}
