import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareDescriptions } from '../../compiler/src/pipeline.ts';
import { createMemoryHost } from '../../compiler/src/source/memory-host.ts';
import { formatPath } from '../../compiler/src/source/source-ref.ts';
import { ROOT } from '../run-process.ts';

const RULES = '/p/specs/crm-to-ledger.rules.yaml';
const CRM = '/p/specs/hubspot/contacts.yaml';
const LEDGER = '/p/specs/xero/accounting.yaml';
const sample = (path: string): string => readFileSync(join(ROOT, 'specs', path), 'utf8');

type Files = Readonly<Record<string, string>>;

/** `LEVEL ID rule, rule` of each change, the unused ones last. */
async function compare(before: Files, after: Files, rules: string): Promise<readonly string[]> {
  const report = await compareDescriptions(rules, {
    before: createMemoryHost(before),
    after: createMemoryHost(after),
    recordings: undefined,
  });
  if (report.kind !== 'compared') throw new Error(JSON.stringify(report.found));
  return report.variances
    .map(({ level, id, uses }) =>
      `${level} ${id} ${uses.map(({ at }) => formatPath(at.path)).join(', ')}`.trim(),
    )
    .toSorted();
}

function replaceOnce(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`It does not hold ${from}`);
  return text.replace(from, to);
}

const files: Files = {
  [RULES]: sample('crm-to-ledger.rules.yaml'),
  [CRM]: sample('hubspot/contacts.yaml'),
  [LEDGER]: sample('xero/accounting.yaml'),
};

test('what a fact says on both sides is no change where the description begins to say it, too', async () => {
  // The fact makes the cursor optional, whatever the description says of it.
  const request = /(\n    PublicObjectSearchRequest:\n[\s\S]*?) {8}- after\n/;
  const edited = (files[CRM] ?? '').replace(request, '$1');
  expect(edited).not.toBe(files[CRM]);
  const after = { ...files, [CRM]: edited };

  expect(await compare(files, after, RULES)).toEqual([]);
});

test('an overlay counts as the description that it corrects', async () => {
  const rules = replaceOnce(
    files[RULES] ?? '',
    'spec: ./hubspot/contacts.yaml',
    'spec: ./hubspot/contacts.yaml\n    overlays: [./fix.yaml]',
  );
  const overlay = (value: string): string =>
    `overlay: 1.0.0\ninfo: { title: a, version: '1' }\nactions:\n  - target: $.components.schemas.SimplePublicObject.properties.updatedAt\n    update: ${value}\n`;
  const corrected = (value: string): Files => ({
    ...files,
    [RULES]: rules,
    '/p/specs/fix.yaml': overlay(value),
  });

  expect(await compare(corrected('{ nullable: false }'), corrected('{ nullable: true }'), RULES)).toEqual([
    'MEANING VA3 flows.customers.from.version, flows.customers.from.changes.field',
  ]);
});

const SMALL_RULES = readFileSync(join(ROOT, 'test/cases/ok-minimal/integration.rules.yaml'), 'utf8');
const TARGET = readFileSync(join(ROOT, 'test/cases/_specs/ledger.yaml'), 'utf8');
const small = (crm: string): Files => ({
  '/c/case/integration.rules.yaml': SMALL_RULES,
  '/c/_specs/crm.yaml': crm,
  '/c/_specs/ledger.yaml': TARGET,
});
const compareSmall = (before: string, after: string): Promise<readonly string[]> =>
  compare(small(before), small(after), '/c/case/integration.rules.yaml');

const SWAGGER = `swagger: '2.0'
info: { title: CRM, version: '1' }
host: crm.example
basePath: /v1
schemes: [https]
produces: [application/json]
paths:
  /contacts:
    get:
      operationId: listContacts
      parameters:
        - { name: updatedSince, in: query, type: string, required: true }
        - { name: cursor, in: query, type: string }
        - { name: tags, in: query, type: array, collectionFormat: multi, items: { type: string } }
      responses:
        '200': { description: One page., schema: { $ref: '#/definitions/Page' } }
definitions:
  Page:
    type: object
    required: [results]
    properties:
      results: { type: array, items: { $ref: '#/definitions/Contact' } }
      next: { type: string }
  Contact:
    type: object
    required: [id, updatedAt]
    properties:
      id: { type: string }
      updatedAt: { type: string, format: date-time }
      name: { type: string, x-nullable: true }
      age: { type: integer, maximum: 150, exclusiveMaximum: true }
`;

/** The same in 3.2: other places, other words for null and bounds, and the object put together of parts. */
const NEWEST = `openapi: 3.2.0
info: { title: CRM, version: '1' }
servers: [{ url: 'https://crm.example/v1' }]
paths:
  /contacts:
    parameters:
      - { name: updatedSince, in: query, required: true, schema: { type: string } }
    get:
      operationId: listContacts
      parameters:
        - { name: cursor, in: query, schema: { type: string } }
        - { name: tags, in: query, schema: { type: array, items: { type: string } } }
      responses:
        '200': { $ref: '#/components/responses/Page' }
components:
  responses:
    Page:
      description: One page.
      content: { application/json: { schema: { $ref: '#/components/schemas/Page' } } }
  schemas:
    Page:
      type: object
      required: [results]
      properties:
        results: { type: array, items: { $ref: '#/components/schemas/Contact' } }
        next: { type: string }
    Identity:
      type: object
      properties:
        id: { type: string }
        updatedAt: { type: string, format: date-time }
    Contact:
      allOf:
        - { $ref: '#/components/schemas/Identity' }
        - { required: [id, updatedAt] }
        - type: object
          properties:
            name: { oneOf: [{ type: 'null' }, { type: string }] }
            age: { type: integer, exclusiveMaximum: 150 }
`;

test('the same API in Swagger 2.0 and in OpenAPI 3.2 is the same', async () => {
  expect(await compareSmall(SWAGGER, NEWEST)).toEqual([]);
  expect(await compareSmall(NEWEST, SWAGGER)).toEqual([]);
});

test('a change is found across the versions', async () => {
  const after = replaceOnce(
    NEWEST,
    "{ oneOf: [{ type: 'null' }, { type: string }] }",
    "{ type: [integer, 'null'] }",
  );

  expect(await compareSmall(SWAGGER, after)).toEqual(['WIRE VA4 flows.contacts.to[0].map.name']);
});

test('rules that fit the newer descriptions alone are judged by those', async () => {
  const before = replaceOnce(SWAGGER, '      name: { type: string, x-nullable: true }\n', '');

  expect(await compareSmall(before, SWAGGER)).toEqual(['NONE VA19']);
});

const SHARED = join(ROOT, '../shared/specs');
const REAL_CRM = join(SHARED, 'hubspot-contacts.json');
const REAL_LEDGER = join(SHARED, 'xero-accounting.yaml');
const hasShared = existsSync(REAL_CRM) && existsSync(REAL_LEDGER);
if (!hasShared) process.stdout.write(`Skipped: the vendors' own descriptions are not at ${SHARED}.\n`);

/** Edits of the vendors' own descriptions, in memory, and what the sample's rules make of them. */
const REAL_EDITS: readonly (readonly [string, string, (text: string) => string, readonly string[]])[] = [
  [
    'a name of fewer characters than the mapping can send',
    LEDGER,
    (text) =>
      text.replace(/(\n    Contact:\n[\s\S]*?\n        Name:\n(?: {10}.*\n)*? {10}maxLength: )255/, '$1100'),
    ['WIRE VQ9 flows.customers.to[0].map.Name'],
  ],
  [
    'a kind of telephone that the mapping sends is gone',
    LEDGER,
    (text) => replaceOnce(text, '            - DDI\n            - MOBILE\n', '            - DDI\n'),
    ['NONE VA22', 'WIRE VQ8 flows.customers.to[0].map["Phones[0].PhoneType"]'],
  ],
  [
    'a kind of telephone that nobody sends is gone',
    LEDGER,
    (text) => replaceOnce(text, '            - MOBILE\n            - FAX\n', '            - MOBILE\n'),
    ['NONE VA22', 'NONE VQ8'],
  ],
  [
    'a further scope for the search',
    CRM,
    (text) => {
      const value = JSON.parse(text) as Description;
      const search = value.paths['/crm/v3/objects/contacts/search']?.['post'];
      search?.security[0]?.['oauth2']?.push('crm.objects.contacts.sensitive');
      return JSON.stringify(value);
    },
    ['WIRE VQ18 systems.crm.auth'],
  ],
  [
    'a record without the time of its change',
    CRM,
    (text) => {
      const value = JSON.parse(text) as Description;
      delete value.components.schemas['SimplePublicObject']?.properties['updatedAt'];
      return JSON.stringify(value);
    },
    ['MEANING VA1 flows.customers.from.version, flows.customers.from.changes.field'],
  ],
];

interface Description {
  readonly paths: Record<string, Record<string, { readonly security: readonly Record<string, string[]>[] }>>;
  readonly components: { readonly schemas: Record<string, { readonly properties: Record<string, unknown> }> };
}

test.skipIf(!hasShared).for(REAL_EDITS)(
  'of the vendors’ own descriptions: %s',
  { timeout: 120_000 },
  async ([, file, change, expected]) => {
    const before: Files = {
      ...files,
      [CRM]: readFileSync(REAL_CRM, 'utf8'),
      [LEDGER]: readFileSync(REAL_LEDGER, 'utf8'),
    };
    const edited = change(before[file] ?? '');
    const said = await compare(before, { ...before, [file]: edited }, RULES);

    expect(edited).not.toBe(before[file]);
    expect([...new Set(said)].filter((line) => !line.startsWith('NONE VA1'))).toEqual(expected);
  },
);
