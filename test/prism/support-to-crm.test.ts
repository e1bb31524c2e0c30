import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readReviews, ROOT, startService } from '../demo/demo-world.ts';
import { ONE_BY_ONE } from '../run-process.ts';
import { runNode } from '../section-four/section-four-service.ts';
import { listCalled, listViolations, startPrism } from './start-prism.ts';
import { expectContacts, expectReviews, seedPeople } from './support-to-crm/people.ts';
import { startAlertSinks } from '../demo/alert-sinks.ts';
import { startCrm, startSupport } from './support-to-crm/simulators.ts';

/** A second integration, of two other vendors, made with what the README and the messages say. */
const SHARED = join(ROOT, '../shared/specs');
const SUPPORT = join(SHARED, 'intercom.yaml');
const CRM = join(SHARED, 'hubspot-contacts.json');
const FOLDER = join(ROOT, 'test/.tmp/support-to-crm');
/** What the rules' fact says of an address, and the failures of the simulators, whose statuses nobody describes. */
const EXPLAINED =
  /^response(\.body\.data\.\d+\.email .*must be string$| Unable to match the returned status code )/;
const hasShared = [SUPPORT, CRM].every((file) => existsSync(file));

if (!hasShared)
  process.stdout.write(
    'Skipped: the vendors’ own descriptions are not in ../shared/specs, so nothing is run against them.\n',
  );

beforeAll(async () => {
  if (!hasShared) return;
  rmSync(FOLDER, { recursive: true, force: true });
  const rules = join(ROOT, 'test/prism/support-to-crm/support-to-crm.rules.yaml');
  await runNode([join(ROOT, 'compiler/bin/mortise.js'), 'gen', rules], ROOT);
});
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

test.skipIf(!hasShared)(
  'people of a support tool become contacts of a CRM: the service type-checks and passes its own tests',
  { timeout: 420_000 },
  async () => {
    await runNode([join(ROOT, 'node_modules/typescript/bin/tsc'), '--noEmit'], FOLDER);
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    // Its drills take minutes: npm run drills plays them.
    const tests = await runNode(
      [vitest, 'run', ...ONE_BY_ONE, '--reporter=default', '--exclude', 'test/drills/**'],
      FOLDER,
    );

    expect(tests).toMatch(/passed/);
    expect(tests).not.toMatch(/failed|skipped/);
  },
);

test.skipIf(!hasShared)(
  'people of a support tool become contacts of a CRM, through Prism, between two systems that fail',
  { timeout: 420_000 },
  async () => {
    const people = seedPeople(400);
    const support = await startSupport(people);
    const crm = await startCrm();
    const sinks = await startAlertSinks();
    const open: { close(): Promise<void> }[] = [support, crm, sinks];
    try {
      const [before, behind] = await Promise.all([
        startPrism(SUPPORT, support.url),
        startPrism(CRM, crm.url),
      ]);
      open.push(before, behind);
      const environment = {
        SUPPORT_URL: before.url,
        SUPPORT_TOKEN: 'support-token',
        CRM_URL: behind.url,
        CRM_TOKEN: 'crm-token',
        OPS_WEBHOOK: sinks.webhookUrl,
        MORTISE_STORE: join(FOLDER, 'store/run.sqlite'),
      };
      const main = join(FOLDER, 'src/main.ts');
      const end = await startService(environment, ['once', '--json'], main).done;
      expect(end.code).toBe(0);

      const expected = expectContacts(people);
      expect([...crm.contacts.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
      for (const [email, allowed] of expected) expect(allowed).toContainEqual(crm.contacts.get(email));
      expect(crm.contacts.size).toBeGreaterThan(300);
      expect([...crm.creations.values()].every((count) => count === 1)).toBe(true);
      const reviews = await readReviews(environment, main);
      expect(reviews.map(({ key }) => key).toSorted()).toEqual(expectReviews(people).toSorted());
      // Several a call, and pages by the cursor inside an object.
      expect(Math.max(...crm.calls)).toBeGreaterThan(10);
      expect(Math.max(...crm.calls)).toBeLessThanOrEqual(100);
      expect(support.searches.map(({ pagination }) => pagination?.starting_after)).toEqual([
        undefined,
        '150',
        '300',
      ]);
      expect(listCalled(before)).toContain('/contacts/search');
      expect(listCalled(behind)).toContain('/crm/v3/objects/contacts/batch/upsert');
      const violations = [...listViolations(before), ...listViolations(behind)];
      expect(violations.filter((line) => line.startsWith('request'))).toEqual([]);
      expect(violations.filter((line) => !EXPLAINED.test(line))).toEqual([]);
    } finally {
      await Promise.all(open.map((one) => one.close()));
    }
  },
);
