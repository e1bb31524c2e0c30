import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkIntegration } from '../compiler/src/pipeline.ts';
import { createMemoryHost } from '../compiler/src/source/memory-host.ts';

const CASES = join(import.meta.dirname, 'cases');
const RULES = readFileSync(join(CASES, 'pages-unstated/integration.rules.yaml'), 'utf8');
const LEDGER = readFileSync(join(CASES, '_specs/ledger.yaml'), 'utf8');
const CRM = readFileSync(join(CASES, '_specs/crm.yaml'), 'utf8');

interface Shape {
  /** Parameters beside `updatedSince`. */
  readonly takes?: string;
  /** Properties of the answer beside `results`. */
  readonly gives?: string;
  readonly headers?: string;
}

/** The checks of the case without paging, over a CRM of that shape. */
async function check({ takes = '', gives = '', headers = '{}' }: Shape, pages = '') {
  const description = JSON.parse(
    JSON.stringify({
      openapi: '3.0.3',
      info: { title: 'CRM', version: '1' },
      paths: {
        '/contacts': {
          get: {
            parameters: [
              {
                name: 'updatedSince',
                in: 'query',
                required: true,
                schema: { type: 'string', format: 'date-time' },
              },
              ...(JSON.parse(`[${takes}]`) as unknown[]),
            ],
            responses: {
              200: {
                description: 'A page.',
                headers: JSON.parse(headers) as unknown,
                content: {
                  'application/json': {
                    schema: {
                      type: 'object',
                      properties: {
                        results: { type: 'array', items: { $ref: '#/components/schemas/Contact' } },
                        ...(JSON.parse(`{${gives}}`) as object),
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
      components: {
        schemas: {
          Contact: {
            type: 'object',
            required: ['id', 'name', 'updatedAt'],
            properties: {
              id: { type: 'string', minLength: 1 },
              name: { type: 'string', minLength: 1 },
              updatedAt: { type: 'string', format: 'date-time' },
            },
          },
        },
      },
    }),
  ) as unknown;
  const rules = RULES.replace('auth: { kind: none }', `auth: { kind: none }${pages}`).replace(
    'every: 5m',
    'order: oldest-first\n      every: 5m',
  );
  const host = createMemoryHost({
    '/rules/case/integration.rules.yaml': rules,
    '/rules/_specs/crm.yaml': JSON.stringify(description),
    '/rules/_specs/ledger.yaml': LEDGER,
  });
  return checkIntegration(host, '/rules/case/integration.rules.yaml');
}

const text = (name: string): string => `{ "name": "${name}", "in": "query", "schema": { "type": "string" } }`;
const whole = (name: string, maximum?: number): string =>
  `{ "name": "${name}", "in": "query", "schema": { "type": "integer"${maximum === undefined ? '' : `, "maximum": ${maximum}`} } }`;
const TEXT = '{ "type": "string" }';

test.each<[string, Shape, string]>([
  [
    'a cursor',
    { takes: `${text('page_token')}, ${whole('limit', 50)}`, gives: `"nextPageToken": ${TEXT}` },
    'kind: cursor, next: nextPageToken, send: page_token, size: { limit: 50 }',
  ],
  [
    'a cursor in an envelope, beside an address',
    {
      takes: text('after'),
      gives: `"paging": { "type": "object", "properties": { "next": { "type": "object", "properties": { "link": ${TEXT}, "after": ${TEXT} } } } }`,
    },
    'kind: cursor, next: paging.next.after, send: after',
  ],
  [
    'an address in the answer',
    { gives: `"links": { "type": "object", "properties": { "self": ${TEXT}, "next": ${TEXT} } }` },
    'kind: next-url, next: links.next',
  ],
  [
    'an address whose name must be quoted',
    { takes: whole('$top'), gives: `"@odata.nextLink": ${TEXT}` },
    String.raw`kind: next-url, next: "[\"@odata.nextLink\"]"`,
  ],
  ['a header', { takes: whole('page'), headers: `{ "Link": { "schema": ${TEXT} } }` }, 'kind: link'],
  [
    'a page number',
    { takes: `${whole('page')}, ${whole('per_page', 100)}` },
    'kind: page, send: page, size: { per_page: 100 }',
  ],
  ['an offset', { takes: `${whole('skip')}, ${whole('take')}` }, 'kind: offset, send: skip, until: empty'],
])(
  'the message about %s shows the form that the description speaks for, ready to be pasted',
  async (_name, shape, form) => {
    const [, found] = await check(shape);
    const [gate] = found.filter(({ code }) => code === 'pages');
    const [head, line = ''] = gate?.fix?.split('\n') ?? [];

    expect(head).toBe('systems.crm.pages:');
    expect(line).toMatch(/^ {2}- \{ for: "GET \/contacts", .* \} {3}# it/);
    expect(line).toContain(`{ for: "GET /contacts", ${form} }`);
    const [, left] = await check(shape, `\n    pages:\n    ${line}`);
    expect(left.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  },
);

test.each<[Shape, string, string]>([
  [{ takes: text('cursor') }, 'kind: cursor, next: …, send: cursor', 'which is not described'],
  [
    { takes: text('starting_after') },
    'kind: cursor, next: …, send: starting_after',
    'which is not described',
  ],
  [
    {},
    'kind: none, because: …',
    'it takes no parameter that asks for a page; if it is paged all the same: cursor',
  ],
  [
    { takes: whole('limit') },
    'kind: none, because: …',
    'it takes limit but no parameter that asks for another page',
  ],
])('what a description does not show is left open: %o', async (shape, form, why) => {
  const [, found] = await check(shape);
  const fix = found.find(({ code }) => code === 'pages')?.fix ?? '';

  expect(fix).toContain(form);
  expect(fix).toContain(why);
});

test('a moment is no cursor, however it is called', async () => {
  const after = '{ "name": "after", "in": "query", "schema": { "type": "string", "format": "date-time" } }';
  const [, found] = await check({ takes: after, gives: `"next": ${TEXT}` });

  expect(found.find(({ code }) => code === 'pages')?.fix).toContain('kind: none');
});

test('the CRM of the cases is paged by its cursor', async () => {
  const host = createMemoryHost({
    '/rules/case/integration.rules.yaml': RULES,
    '/rules/_specs/crm.yaml': CRM,
    '/rules/_specs/ledger.yaml': LEDGER,
  });
  const [, found] = await checkIntegration(host, '/rules/case/integration.rules.yaml');

  expect(found.find(({ code }) => code === 'pages')?.fix).toContain(
    '{ for: "GET /contacts", kind: cursor, next: next, send: cursor, size: { limit: 100 } }',
  );
});
