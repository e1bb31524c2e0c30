import { afterEach, expect, test } from 'vitest';
import { seedContacts } from '../demo/seed-contacts.ts';
import type { SearchPage } from './hubspot-search.ts';
import { startHubspot } from './hubspot.ts';
import type { HubspotOptions, HubspotSimulator } from './hubspot.ts';

const open: HubspotSimulator[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()));
});

async function start(options: Partial<HubspotOptions> = {}): Promise<HubspotSimulator> {
  const simulator = await startHubspot({ token: 'secret', contacts: seedContacts(250, 1), ...options });
  open.push(simulator);
  return simulator;
}

function search(
  simulator: HubspotSimulator,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${simulator.url}/crm/v3/objects/contacts/search`, {
    method: 'POST',
    headers: { authorization: 'Bearer secret', 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function searchPage(simulator: HubspotSimulator, body: unknown): Promise<SearchPage> {
  const response = await search(simulator, body);
  expect(response.status).toBe(200);
  return (await response.json()) as SearchPage;
}

function filterBy(propertyName: string, operator: string, more: Record<string, unknown>): unknown {
  return { filterGroups: [{ filters: [{ propertyName, operator, ...more }] }], limit: 200 };
}

test('a search pages through everything once, in the order of change', async () => {
  const simulator = await start();
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await searchPage(simulator, { sorts: ['lastmodifieddate'], limit: 100, after });
    ids.push(...page.results.map((contact) => contact.id));
    after = page.paging?.next.after;
  } while (after !== undefined);
  expect(ids).toEqual(simulator.contacts().map((contact) => contact.id));
  expect(simulator.requests).toHaveLength(3);
  expect(simulator.violations).toEqual([]);
});

test('a descending sort starts with the newest change', async () => {
  const page = await searchPage(await start(), { sorts: ['-lastmodifieddate'], limit: 1 });
  expect(page.results[0]?.id).toBe('1250');
  expect(page.total).toBe(250);
});

test('only the wanted properties come back, null where there is no value', async () => {
  const page = await searchPage(await start(), { properties: ['email', 'nothing'], limit: 1 });
  const properties = page.results[0]?.properties ?? {};
  expect(Object.keys(properties)).toEqual([
    'createdate',
    'email',
    'hs_object_id',
    'lastmodifieddate',
    'nothing',
  ]);
  expect(properties['nothing']).toBeNull();
});

test('a filter on lastmodifieddate compares epoch milliseconds', async () => {
  const simulator = await start();
  const pivot = simulator.contacts()[99]?.updatedAt ?? '';
  const value = String(Date.parse(pivot));
  const count = async (operator: string): Promise<number> =>
    (await searchPage(simulator, filterBy('lastmodifieddate', operator, { value }))).total;
  // Positions 98 to 102 share the millisecond.
  expect([await count('GTE'), await count('GT'), await count('LT'), await count('LTE')]).toEqual([
    152, 147, 98, 103,
  ]);
  expect(await count('EQ')).toBe(5);
});

test('groups are alternatives and filters within a group add up', async () => {
  const simulator = await start();
  const isCustomer = { propertyName: 'lifecyclestage', operator: 'EQ', value: 'customer' };
  const hasNone = { propertyName: 'lifecyclestage', operator: 'NOT_HAS_PROPERTY' };
  const isLead = { propertyName: 'lifecyclestage', operator: 'IN', values: ['lead'] };
  const count = async (...groups: unknown[][]): Promise<number> =>
    (await searchPage(simulator, { filterGroups: groups.map((filters) => ({ filters })) })).total;
  expect(await count([isCustomer], [hasNone], [isLead])).toBe(250);
  expect(await count([isCustomer, hasNone])).toBe(0);
});

test.each([
  ['an unknown field', { limit: 1, colour: 'red' }],
  ['a limit above 200', { limit: 201 }],
  ['a cursor that is no offset', { after: '' }],
  ['a date that cannot be read', filterBy('lastmodifieddate', 'GTE', { value: 'yesterday' })],
  ['a filter without its value', filterBy('email', 'EQ', {})],
  ['an operator that does not exist', filterBy('email', 'LIKE', { value: 'a' })],
  ['rows beyond the ten thousandth', { after: '9901', limit: 100 }],
  ['a body that is not JSON', '{"limit":'],
])('%s is refused and noted', async (_what, body) => {
  const simulator = await start();
  const response = await search(simulator, body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ status: 'error', category: 'VALIDATION_ERROR' });
  expect(simulator.violations).toHaveLength(1);
});

test('a wrong token is refused and noted', async () => {
  const simulator = await start();
  const response = await search(simulator, {}, { authorization: 'Bearer other' });
  expect(response.status).toBe(401);
  expect(simulator.violations).toEqual([
    'POST /crm/v3/objects/contacts/search: the bearer token is missing or wrong',
  ]);
});

test('another content type is refused', async () => {
  const response = await search(await start(), '{}', { 'content-type': 'text/plain' });
  expect(response.status).toBe(415);
});

test('a contact is read by id, and one that is absent is 404', async () => {
  const simulator = await start();
  const read = (path: string): Promise<Response> =>
    fetch(`${simulator.url}/crm/v3/objects/contacts/${path}`, {
      headers: { authorization: 'Bearer secret' },
    });
  const found = await read('1001?properties=company,lastname');
  expect(await found.json()).toMatchObject({ id: '1001', properties: { hs_object_id: '1001' } });
  expect((await read('9')).status).toBe(404);
  expect(simulator.violations).toEqual([]);
  expect((await read('1001?fields=email')).status).toBe(400);
  expect(simulator.violations).toHaveLength(1);
});

test('a change is found at once', async () => {
  const simulator = await start({ contacts: [] });
  const [contact] = seedContacts(1, 5);
  if (contact !== undefined) simulator.upsert(contact);
  expect((await searchPage(simulator, {})).total).toBe(1);
});

test('more calls than the rate allows are answered with the policy that ran out', async () => {
  let now = 1_700_000_000_000;
  const simulator = await start({ rate: { requests: 2, perMs: 10_000 }, now: () => now });
  await searchPage(simulator, {});
  const second = await search(simulator, {});
  expect(second.headers.get('date')).toBe(new Date(now).toUTCString());
  const third = await search(simulator, {});
  expect(third.status).toBe(429);
  expect(await third.json()).toMatchObject({ policyName: 'TEN_SECONDLY_ROLLING' });
  now += 10_000;
  expect((await search(simulator, {})).status).toBe(200);
});

test('each fault hits a request once and the repeat gets through', async () => {
  for (const [kind, status] of [
    ['throttled', 429],
    ['throttled-bare', 429],
    ['server-error', 500],
    ['unavailable', 503],
  ] as const) {
    const simulator = await start({ faults: { seed: 1, rates: { [kind]: 1 } } });
    const hit = await search(simulator, {});
    expect(hit.status).toBe(status);
    expect(hit.headers.get('retry-after')).toBe(kind === 'throttled' ? '1' : null);
    expect((await search(simulator, {})).status).toBe(200);
    expect(simulator.faults.fired).toEqual({ [kind]: 1 });
  }
});

test('a cut destroys the socket and garbage is a 200 that does not parse', async () => {
  const cut = await start({ faults: { seed: 1, rates: { 'cut-before-apply': 1 } } });
  await expect(search(cut, {})).rejects.toThrow('fetch failed');
  expect(cut.requests[0]?.status).toBe('cut');
  const garbage = await start({ faults: { seed: 1, rates: { garbage: 1 } } });
  const response = await search(garbage, {});
  expect(response.status).toBe(200);
  await expect(response.json()).rejects.toThrow(SyntaxError);
});
