import { afterEach, expect, test } from 'vitest';
import type { AssociationPage } from './hubspot-associations.ts';
import { startHubspot } from './hubspot.ts';
import type { HubspotObject, HubspotOptions, HubspotSimulator } from './hubspot.ts';

const open: HubspotSimulator[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()));
});

function createObject(id: string, properties: HubspotObject['properties'], minute = 0): HubspotObject {
  const at = new Date(Date.UTC(2025, 0, 6, 0, minute)).toISOString();
  return { id, properties, createdAt: at, updatedAt: at, archived: false };
}

const belongs = (dealId: string, kind: 'contacts' | 'line_items', id: string) =>
  ({ from: { kind: 'deals', id: dealId }, to: { kind, id } }) as const;

async function start(options: Partial<HubspotOptions> = {}): Promise<HubspotSimulator> {
  const simulator = await startHubspot({
    token: 'secret',
    contacts: [createObject('1', {}), createObject('2', {})],
    deals: [
      createObject('11', { hs_is_closed_won: 'true', closedate: '2025-03-01T00:00:00Z' }, 2),
      createObject('12', { hs_is_closed_won: 'true', closedate: '2025-01-01T00:00:00Z' }, 1),
      createObject('13', { hs_is_closed_won: 'false' }),
    ],
    lineItems: [createObject('21', { name: 'Kauri', quantity: '2' }), createObject('22', { price: '1.50' })],
    associations: [
      belongs('11', 'contacts', '2'),
      belongs('11', 'line_items', '22'),
      belongs('11', 'line_items', '21'),
      belongs('11', 'line_items', '29'),
    ],
    ...options,
  });
  open.push(simulator);
  return simulator;
}

function call(simulator: HubspotSimulator, path: string, body?: unknown): Promise<Response> {
  const headers = { authorization: 'Bearer secret', 'content-type': 'application/json' };
  if (body === undefined)
    return fetch(`${simulator.url}${path}`, { headers: { authorization: headers.authorization } });
  return fetch(`${simulator.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function listLinked(simulator: HubspotSimulator, path: string): Promise<AssociationPage> {
  return (await (await call(simulator, `/crm/v4/objects/${path}`)).json()) as AssociationPage;
}

const searchPath = '/crm/v3/objects/0-3/search';
const batchPath = '/crm/v3/objects/line_items/batch/read';

test('deals are searched by what they hold, in the order of their change', async () => {
  const simulator = await start();
  const filters = [{ propertyName: 'hs_is_closed_won', operator: 'EQ', value: 'true' }];
  const body = { filterGroups: [{ filters }], sorts: ['hs_lastmodifieddate'], properties: ['closedate'] };
  const page = await (await call(simulator, searchPath, body)).json();
  expect(page).toMatchObject({ total: 2, results: [{ id: '12' }, { id: '11' }] });
  expect(Object.keys((page as { results: HubspotObject[] }).results[0]?.properties ?? {})).toEqual([
    'closedate',
    'createdate',
    'hs_lastmodifieddate',
    'hs_object_id',
  ]);
  expect(simulator.violations).toEqual([]);
});

test('the dates of a deal are its own', async () => {
  const simulator = await start();
  const count = async (propertyName: string, value: string): Promise<number> => {
    const filters = [{ propertyName, operator: 'GTE', value }];
    const page = await (await call(simulator, searchPath, { filterGroups: [{ filters }] })).json();
    return (page as { total: number }).total;
  };
  expect(await count('hs_lastmodifieddate', String(Date.UTC(2025, 0, 6, 0, 1)))).toBe(2);
  expect(await count('closedate', String(Date.UTC(2025, 1, 1)))).toBe(1);
  // Only contacts have this one.
  expect(await count('lastmodifieddate', '0')).toBe(0);
});

test('associations come in pages, from either side and under either name of a type', async () => {
  const simulator = await start({ associationsPerPage: 2 });
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const query = after === undefined ? '' : `?after=${after}`;
    const page = await listLinked(simulator, `deals/11/associations/line_items${query}`);
    ids.push(...page.results.map((link) => link.toObjectId));
    after = page.paging?.next.after;
  } while (after !== undefined);
  expect(ids).toEqual(['22', '21', '29']);
  expect(simulator.requests).toHaveLength(2);
  expect(await listLinked(simulator, '0-1/2/associations/0-3')).toEqual({
    results: [{ toObjectId: '11', associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 4 }] }],
  });
  expect(await listLinked(simulator, 'deals/12/associations/contacts')).toEqual({ results: [] });
  simulator.associate(belongs('12', 'contacts', '1'));
  expect((await listLinked(simulator, 'deals/12/associations/contacts')).results).toHaveLength(1);
  expect(simulator.violations).toEqual([]);
});

test.each([
  ['an unknown parameter', 'deals/11/associations/contacts?properties=email', 400],
  ['a limit above 500', 'deals/11/associations/contacts?limit=501', 400],
  ['a cursor that is none', 'deals/11/associations/contacts?after=x', 400],
  ['a cursor past the end', 'deals/11/associations/contacts?after=9', 400],
  ['a type that does not exist', 'deals/11/associations/people', 400],
  ['two types that do not go together', 'contacts/1/associations/line_items', 400],
])('%s among associations is refused and noted', async (_what, path, status) => {
  const simulator = await start();
  expect((await call(simulator, `/crm/v4/objects/${path}`)).status).toBe(status);
  expect(simulator.violations).toHaveLength(1);
});

test('the associations of a record that is absent are 404', async () => {
  const simulator = await start();
  expect((await call(simulator, '/crm/v4/objects/deals/9/associations/contacts')).status).toBe(404);
  expect(simulator.violations).toEqual([]);
});

test('a batch gives every record once, in the order of the ids', async () => {
  const simulator = await start();
  const body = { properties: ['name', 'price'], inputs: [{ id: '22' }, { id: '21' }, { id: '22' }] };
  const response = await call(simulator, batchPath, body);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    status: 'COMPLETE',
    results: [
      { id: '21', properties: { name: 'Kauri', price: null } },
      { id: '22', properties: { name: null, price: '1.50' } },
    ],
  });
  expect(simulator.violations).toEqual([]);
});

test('a batch that lacks a record is a 207 with the others', async () => {
  const simulator = await start();
  const response = await call(simulator, batchPath, {
    properties: [],
    inputs: [{ id: '29' }, { id: '21' }],
  });
  expect(response.status).toBe(207);
  expect(await response.json()).toMatchObject({
    results: [{ id: '21' }],
    numErrors: 1,
    errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: ['29'] } }],
  });
  expect(simulator.violations).toEqual([]);
});

test.each([
  ['without inputs', { properties: [], inputs: [] }],
  ['of more than a hundred', { properties: [], inputs: Array.from({ length: 101 }, () => ({ id: '21' })) }],
  ['with an id that is a number', { properties: [], inputs: [{ id: 21 }] }],
  ['without properties', { inputs: [{ id: '21' }] }],
  ['with an unknown field', { properties: [], inputs: [{ id: '21' }], limit: 1 }],
])('a batch %s is refused and noted', async (_what, body) => {
  const simulator = await start();
  expect((await call(simulator, batchPath, body)).status).toBe(400);
  expect(simulator.violations).toHaveLength(1);
});

test('a deal is read by its id, and changed ones are found at once', async () => {
  const simulator = await start();
  simulator.upsert(createObject('14', { dealname: 'Totara' }), 'deals');
  const found = await call(simulator, '/crm/v3/objects/0-3/14');
  expect(await found.json()).toMatchObject({ id: '14', properties: { dealname: 'Totara' } });
  expect((await call(simulator, '/crm/v3/objects/deals/14')).status).toBe(404);
  expect(simulator.violations).toHaveLength(1);
});
