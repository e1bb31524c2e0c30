import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDemoWorld } from '../demo/demo-world.ts';
import type { DemoWorld } from '../demo/demo-world.ts';
import { seedContacts } from '../demo/seed-contacts.ts';
import { runProcess } from '../run-process.ts';
import { copySample } from './record-sample.ts';
import type { CommandEnd, ServiceCopy } from './record-sample.ts';

const CONTACTS = seedContacts(130, 7);

let world: DemoWorld;
let copy: ServiceCopy;
let recorded: CommandEnd;

beforeAll(async () => {
  world = await startDemoWorld({ contacts: CONTACTS, seed: 7, ledgerRate: 6000 });
  copy = copySample();
  const sandbox = ['--write', 'POST /Contacts', '--to', world.ledger.url];
  recorded = await copy.run(world.environment, 'record', '--no-json', '--limit', '3', ...sandbox);
});
afterAll(async () => {
  copy.remove();
  await world.close();
});

test('a service records its reads, its tokens and the writes that were asked for', () => {
  const files = [...copy.readRecordings().keys()].filter((name) => name.endsWith('.json')).toSorted();

  expect(recorded.text).toContain('customers: 6 recorded; read the page beside each');
  expect(recorded.code).toBe(0);
  expect(files).toEqual([
    'customers/0-token-01.json',
    'customers/1-read-01.json',
    'customers/1-read-02.json',
    'customers/3-write-01.json',
    'customers/3-write-02.json',
    'customers/3-write-03.json',
  ]);
});

test('no name, address or number of a contact stands in a recording', () => {
  const text = [...copy.readRecordings().values()].join('\n');
  const values = CONTACTS.flatMap(({ properties }) =>
    ['email', 'lastname', 'company', 'phone'].flatMap((name) => properties[name]?.trim() ?? []),
  );
  const personal = values.filter((value) => value.length > 6 && /[a-z].*[a-z]|\d{3}/i.test(value));

  expect(personal.length).toBeGreaterThan(300);
  expect(personal.filter((value) => text.includes(value))).toEqual([]);
});

test('nothing was moved in the store of the service, and nothing else was written', async () => {
  const status = await copy.run(world.environment, 'status', '--json');

  expect(JSON.parse(status.text)).toMatchObject({ flows: [{ flow: 'customers', takenIn: 0 }] });
  expect(world.ledger.requests.filter(({ url }) => url.startsWith('/Contacts'))).toHaveLength(3);
});

test('the tests of the service pass on what was recorded', async () => {
  const { code, text } = await runProcess(['vitest', 'run'], copy.folder);

  expect(code, text).toBe(0);
});

test('a write to a place that was not named, and anything in CI, is refused', async () => {
  const before = copy.readRecordings();
  const elsewhere = ['--write', 'POST /Contacts', '--to', 'https://sandbox.example'];
  const nowhere = await copy.run(world.environment, 'record', '--write', 'POST /Contacts');
  const wrong = await copy.run(world.environment, 'record', ...elsewhere);
  const unknown = await copy.run(world.environment, 'record', '--write', 'POST /Other', '--to', 'x');
  const inCi = await copy.run({ ...world.environment, CI: 'true' }, 'record');

  expect(nowhere).toMatchObject({ code: 2, text: expect.stringContaining('--write needs --to') as string });
  expect(wrong).toMatchObject({ code: 2, text: expect.stringContaining('by the settings') as string });
  expect(unknown).toMatchObject({
    code: 2,
    text: expect.stringContaining('Writes: POST /Contacts.') as string,
  });
  expect(inCi).toMatchObject({
    code: 2,
    text: expect.stringContaining('Nothing is recorded in CI') as string,
  });
  expect(copy.readRecordings()).toEqual(before);
});

test('a page for readers stands beside each, and says what is real', () => {
  const pages = [...copy.readRecordings()].filter(([name]) => name.endsWith('.md'));
  const synthetic = readFileSync(
    join(import.meta.dirname, '../../generated/crm-to-ledger/recordings/customers/1-read.json'),
    'utf8',
  );

  expect(pages).toHaveLength(6);
  for (const [, text] of pages) expect(text).toContain('**Recorded** from the real system');
  expect(JSON.parse(synthetic)).toMatchObject({ synthetic: true });
});
