import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ROOT, startDemoWorld } from '../demo/demo-world.ts';
import { seedContacts } from '../demo/seed-contacts.ts';
import { CRM_DESCRIPTIONS, generateService, hasShared } from '../section-four/section-four-service.ts';
import { LEDGER_DESCRIPTION, TAX_TYPE } from '../section-four/section-four-service.ts';
import { runAndCompare, startStory, winDeals } from '../section-four/section-four-story.ts';
import { listCalled, listViolations, startPrism } from './start-prism.ts';

const FOLDER = join(ROOT, 'test/.tmp/section-four-prism');

/** The operations that the rules use, each in one of the vendor's files, in their order. */
const CRM_PATHS = [
  '/crm/v3/objects/contacts/search',
  '/crm/v3/objects/0-3/search',
  '/crm/v3/objects/line_items/batch/read',
  '/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}',
];
/** What the rules' facts say: descriptions require the first page's cursor, and the history that nobody asks for. */
const EXPLAINED = /must have required property '(after|propertiesWithHistory)'/;

/** The ledger's description gives one path twice, with the id and with the number; Prism reads it as the id. */
const AMBIGUOUS = 'request.path.contactid Request path parameter contactid must match format "uuid"';
/** A property of the open map that is null, and the 404 that is not described, of which Prism says 200. */
const KNOWN_LIE =
  /^response(\.body\.results\[\]\.properties\.\w+ .*must be string$| Unable to match the returned status code )/;
const CALLED = [
  '/Contacts',
  '/Contacts/{id}',
  '/Invoices',
  '/crm/v3/objects/0-3/search',
  '/crm/v3/objects/contacts/search',
  '/crm/v3/objects/line_items/batch/read',
  '/crm/v4/objects/deals/{id}/associations/contacts',
  '/crm/v4/objects/deals/{id}/associations/line_items',
];

if (!hasShared)
  process.stdout.write(
    'Skipped: the vendors’ own descriptions are not in ../shared/specs, so nothing is run against them.\n',
  );

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

/** The vendor has one address for what it describes in several files, so Prism gets one that points into them. */
function joinDescriptions(): string {
  const paths = CRM_PATHS.map((path, index) => {
    const pointer = path.replaceAll('~', '~0').replaceAll('/', '~1');
    return [path, { $ref: `${CRM_DESCRIPTIONS[index]}#/paths/${pointer}` }] as const;
  });
  const securitySchemes = { $ref: `${CRM_DESCRIPTIONS[0]}#/components/securitySchemes` };
  const file = join(FOLDER, 'crm.json');
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(
    file,
    JSON.stringify({
      openapi: '3.0.1',
      info: { title: 'CRM', version: '1' },
      paths: Object.fromEntries(paths),
      components: { securitySchemes },
    }),
  );
  return file;
}

test.skipIf(!hasShared)(
  'the example of the design keeps to the vendors’ unmodified descriptions, as Prism reads them',
  { timeout: 420_000 },
  async () => {
    const contacts = seedContacts(15, 5);
    const rates = { crmRate: 10_000, ledgerRate: 60_000 };
    const world = await startDemoWorld({ contacts, seed: 5, crm: { associationsPerPage: 2 }, ...rates });
    const open: { close(): Promise<void> }[] = [world];
    try {
      const main = await generateService(join(FOLDER, 'service'));
      const crm = await startPrism(joinDescriptions(), world.crm.url);
      open.push(crm);
      const ledger = await startPrism(LEDGER_DESCRIPTION, world.ledger.url);
      open.push(ledger);
      const urls = { CRM_URL: crm.url, LEDGER_URL: ledger.url };
      const story = startStory({ world, main, environment: { ...world.environment, ...urls, TAX_TYPE } }, 4);
      await runAndCompare(story);
      winDeals(story, { count: 9, ofNewcomers: 0 });
      const { invoices } = await runAndCompare(story);
      // Few are enough: Prism takes seconds of computing for each.
      expect(invoices.billed.size).toBeGreaterThan(2);

      const called = [...listCalled(crm), ...listCalled(ledger)].map((path) =>
        path.replaceAll(/\d{4}/g, '{id}'),
      );
      expect([...new Set(called)].toSorted()).toEqual(CALLED);
      const violations = [...listViolations(crm), ...listViolations(ledger)].map((line) =>
        line.replaceAll(/\.\d+\./g, '[].'),
      );
      const [requests, answers] = ['request', 'response'].map((side) =>
        violations.filter((line) => line.startsWith(side)),
      );
      expect(requests?.filter((line) => !EXPLAINED.test(line) && line !== AMBIGUOUS)).toEqual([]);
      expect(answers?.filter((line) => !KNOWN_LIE.test(line))).toEqual([]);

      // Prism notes what strays, so that its silence about all else means something.
      const headers = { authorization: `Bearer ${world.environment['CRM_TOKEN']}` };
      await fetch(`${crm.url}/crm/v4/objects/deals/5001/associations/contacts?limit=many`, { headers });
      expect(listViolations(crm).at(-1)).toMatch(/^request.query.limit .* must be integer$/);
    } finally {
      await Promise.all(open.map((one) => one.close()));
    }
  },
);
