import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAssets } from '../compiler/src/cli/read-assets.ts';
import { checkIntegration, compile, isUnchanged } from '../compiler/src/pipeline.ts';
import { createMemoryHost } from '../compiler/src/source/memory-host.ts';
import { createNodeHost } from '../compiler/src/source/node-host.ts';

const ENTRY = '/cases/one/integration.rules.yaml';
const FILES = {
  [ENTRY]: readCase('ok-allow-until-a-day/integration.rules.yaml'),
  '/cases/_specs/crm.yaml': readCase('_specs/crm.yaml'),
  '/cases/_specs/ledger.yaml': readCase('_specs/ledger.yaml'),
};
const assets = readAssets(createNodeHost());

test('what is allowed until a day is allowed on that day and an error on the next', async () => {
  const [onTheDay, found] = await checkIntegration(createMemoryHost(FILES, '2099-05-31'), ENTRY);
  const [dayAfter, foundThen] = await checkIntegration(createMemoryHost(FILES, '2099-06-01'), ENTRY);

  expect(onTheDay).toBeDefined();
  expect(found).toEqual([]);
  expect(dayAfter).toBeUndefined();
  expect(foundThen.map(({ code }) => code).toSorted()).toEqual(['allow-expired', 'quota']);
});

test('what is allowed stands in the register, with its reason', async () => {
  const [checked] = await checkIntegration(createMemoryHost(FILES, '2099-05-31'), ENTRY);

  expect(checked?.register.filter(({ gate }) => gate === 'allow')).toMatchObject([
    {
      subject: 'systems.ledger.limits.daily',
      chosen: 'quota is allowed until 2099-05-31',
      because: 'The vendor raises it in May.',
    },
  ]);
});

test('a lock does not answer for what is allowed no longer', async () => {
  const host = createMemoryHost(FILES, '2099-05-31');
  await compile(host, ENTRY, {
    assets,
    check: false,
    force: false,
    vendorRuntime: false,
    onStage: () => undefined,
  });
  const nextDay = { ...host, today: () => '2099-06-01' };

  expect(isUnchanged(host, ENTRY, './generated', assets)).toBe(true);
  expect(isUnchanged(nextDay, ENTRY, './generated', assets)).toBe(false);
});

function readCase(path: string): string {
  return readFileSync(join(import.meta.dirname, 'cases', path), 'utf8');
}
