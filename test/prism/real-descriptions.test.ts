import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { compareLedger, expectedLedger } from '../demo/demo-oracle.ts';
import { readReviews, ROOT, startDemoWorld, startService } from '../demo/demo-world.ts';
import { ONE_BY_ONE } from '../run-process.ts';
import { seedContacts } from '../demo/seed-contacts.ts';
import { listCalled, listViolations, startPrism } from './start-prism.ts';

const SHARED = join(ROOT, '../shared/specs');
const HUBSPOT = join(SHARED, 'hubspot-contacts.json');
const XERO = join(SHARED, 'xero-accounting.yaml');
const FOLDER = join(ROOT, 'test/.tmp/real');
const hasShared = existsSync(HUBSPOT) && existsSync(XERO);

if (!hasShared)
  process.stdout.write(
    `Skipped: the vendors' own descriptions are not at ${SHARED}, so nothing is run against them.\n`,
  );

/** What a declared fact explains: the description calls the first page's cursor required. */
const EXPLAINED = /must have required property 'after'/;

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

test.skipIf(!hasShared)(
  'the vendors’ unmodified descriptions compile with only facts, and the service passes its own tests',
  { timeout: 420_000 },
  () => {
    const rules = readFileSync(join(ROOT, 'specs/crm-to-ledger.rules.yaml'), 'utf8')
      .replace('./hubspot/contacts.yaml', HUBSPOT)
      .replace('./xero/accounting.yaml', XERO)
      .replace(/^output:.*$/m, 'output: ../service');
    mkdirSync(join(FOLDER, 'specs'), { recursive: true });
    writeFileSync(join(FOLDER, 'specs/real.rules.yaml'), rules);
    const run = (args: readonly string[], cwd: string): string =>
      execFileSync(process.execPath, args, { cwd, encoding: 'utf8' });
    run([join(ROOT, 'compiler/bin/mortise.js'), 'gen', 'specs/real.rules.yaml'], FOLDER);
    const service = join(FOLDER, 'service');
    run([join(ROOT, 'node_modules/typescript/bin/tsc'), '--noEmit'], service);
    // Its drills are those of the sample, which are played there.
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const tests = run(
      [vitest, 'run', ...ONE_BY_ONE, '--reporter=default', '--exclude', 'test/drills/**'],
      service,
    );
    expect(tests).toMatch(/passed/);
    expect(tests).not.toMatch(/failed|skipped/);
  },
);

test.skipIf(!hasShared)(
  'the service keeps to the vendors’ unmodified descriptions, as Prism reads them',
  { timeout: 420_000 },
  async () => {
    const contacts = seedContacts(320, 5);
    const world = await startDemoWorld({ contacts, seed: 5, ledgerRate: 6000 });
    const proxies = await Promise.all([
      startPrism(HUBSPOT, world.crm.url),
      startPrism(XERO, world.ledger.url),
    ]);
    const [crm, ledger] = proxies;
    try {
      const environment = { ...world.environment, CRM_URL: crm.url, LEDGER_URL: ledger.url };
      const end = await startService(environment, ['once', '--json'], join(FOLDER, 'service/src/main.ts'))
        .done;
      expect(end.code).toBe(0);
      const reviews = await readReviews(world.environment);
      expect(
        compareLedger(
          expectedLedger(contacts),
          world.ledger.contacts(),
          world.ledger.creations(),
          new Set(reviews.map((review) => review.key)),
        ),
      ).toEqual([]);
      expect(world.ledger.contacts().length).toBeGreaterThanOrEqual(200);
      expect(listCalled(crm)).toContain('/crm/v3/objects/contacts/search');
      expect(listCalled(ledger)).toContain('/Contacts');
      const violations = [...listViolations(crm), ...listViolations(ledger)];
      const requests = violations.filter((line) => line.startsWith('request'));
      const lies = [
        ...new Set(
          violations
            .filter((line) => line.startsWith('response'))
            .map((line) => line.replaceAll(/\.\d+\./g, '[].')),
        ),
      ].toSorted();
      process.stdout.write(
        `request violations that the declared fact about "after" explains: ${requests.filter((line) => EXPLAINED.test(line)).length}\n`,
      );
      process.stdout.write(
        `known lies in the answers (${lies.length}):\n${lies.map((line) => `  ${line}`).join('\n')}\n`,
      );
      expect(requests.filter((line) => !EXPLAINED.test(line))).toEqual([]);
      // Every lie is one that the rules know: a property of the open map that is null.
      expect(
        lies.filter((line) => !/^response\.body\.results\[\]\.properties\.\w+ .*must be string$/.test(line)),
      ).toEqual([]);
    } finally {
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await world.close();
    }
  },
);
