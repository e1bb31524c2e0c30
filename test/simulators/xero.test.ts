import { afterEach, expect, test } from 'vitest';
import { startXeroCaller } from './call-xero.ts';
import type { XeroCaller } from './call-xero.ts';
import type { XeroContact, XeroOptions } from './xero.ts';

const open: XeroCaller[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((caller) => caller.xero.close()));
});

async function start(options: Partial<XeroOptions> = {}): Promise<XeroCaller> {
  const caller = await startXeroCaller(options);
  open.push(caller);
  return caller;
}

async function readContacts(response: Response): Promise<XeroContact[]> {
  return ((await response.json()) as { Contacts: XeroContact[] }).Contacts;
}

test('a contact is created once and then updated by its number', async () => {
  const { post, xero } = await start();
  const [first] = await readContacts(
    await post({ ContactNumber: '1', Name: 'Kauri', DefaultCurrency: 'NZD' }),
  );
  const [second] = await readContacts(await post({ ContactNumber: '1', Name: 'Kauri Ltd' }));
  expect(first).toMatchObject({ ContactStatus: 'ACTIVE', HasValidationErrors: false, Addresses: [] });
  expect(first?.['UpdatedDateUTC']).toMatch(/^\/Date\(\d+\+0000\)\/$/);
  expect(second).toMatchObject({ ContactID: first?.ContactID, Name: 'Kauri Ltd', DefaultCurrency: 'NZD' });
  expect(xero.contacts()).toHaveLength(1);
  expect([...xero.creations()]).toEqual([['1', 1]]);
  expect(xero.violations).toEqual([]);
});

test('PUT only creates', async () => {
  const { call } = await start();
  const body = { Contacts: [{ ContactNumber: '1', Name: 'Kauri' }] };
  expect((await readContacts(await call('PUT', '/Contacts', { body })))[0]?.HasValidationErrors).toBe(false);
  expect((await readContacts(await call('PUT', '/Contacts', { body })))[0]?.HasValidationErrors).toBe(true);
});

test('a refused contact is marked in a 200 and its siblings are applied', async () => {
  const { call, post, xero } = await start();
  await post({ ContactNumber: '1', Name: 'Kauri' });
  const body = {
    Contacts: [
      { ContactNumber: '2', Name: 'Kauri' },
      { ContactNumber: '3', Name: 'Rimu' },
    ],
  };
  const response = await call('POST', '/Contacts', { body });
  expect(response.status).toBe(200);
  const [refused, applied] = await readContacts(response);
  expect(refused).toMatchObject({
    HasValidationErrors: true,
    StatusAttributeString: 'ERROR',
    ValidationErrors: [{ Message: 'Another contact already carries the name Kauri' }],
  });
  expect(applied?.HasValidationErrors).toBe(false);
  expect(xero.contacts().map((contact) => contact.ContactNumber)).toEqual(['1', '3']);
  expect(xero.violations).toEqual([]);
});

test('with summarizeErrors a refused contact is a 400 and nothing is applied', async () => {
  const { call, xero } = await start();
  const body = { Contacts: [{ Name: 'Rimu' }, { Name: ' ' }] };
  const response = await call('POST', '/Contacts?summarizeErrors=true', { body });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ ErrorNumber: 10, Type: 'ValidationException' });
  expect(xero.contacts()).toEqual([]);
});

test.each([
  ['a name above 255 characters', { Name: 'x'.repeat(256) }],
  ['a number above 50 characters', { Name: 'Rimu', ContactNumber: '1'.repeat(51) }],
  ['a currency that does not exist', { Name: 'Rimu', DefaultCurrency: 'FIJ' }],
  ['a phone type that does not exist', { Name: 'Rimu', Phones: [{ PhoneType: 'CELL' }] }],
  ['a null', { Name: 'Rimu', EmailAddress: null }],
])('%s is a validation error and a violation', async (_what, contact) => {
  const { post, xero } = await start();
  const [result] = await readContacts(await post(contact));
  expect(result?.HasValidationErrors).toBe(true);
  expect(xero.violations).toHaveLength(1);
  expect(xero.contacts()).toEqual([]);
});

test('an unknown field, a bare contact and another content type are refused', async () => {
  const { call, post, xero } = await start();
  expect((await post({ Name: 'Rimu', Colour: 'red' })).status).toBe(400);
  expect((await call('POST', '/Contacts', { body: { Name: 'Rimu' } })).status).toBe(400);
  const headers = { 'content-type': 'text/plain' };
  expect((await call('POST', '/Contacts', { body: '{}', headers })).status).toBe(415);
  // The bare contact strays twice: Contacts is missing and Name does not belong there.
  expect(xero.violations).toHaveLength(4);
});

test('a name may be used again once its owner is archived', async () => {
  const { post } = await start();
  await post({ ContactNumber: '1', Name: 'Kauri', ContactStatus: 'ARCHIVED' });
  const [second] = await readContacts(await post({ ContactNumber: '2', Name: 'Kauri' }));
  expect(second?.HasValidationErrors).toBe(false);
});

test('the same key and body replay the stored answer byte for byte, until the window closes', async () => {
  let now = 1_700_000_000_000;
  const { post, xero } = await start({ now: () => now, idempotencyWindowMs: 1000 });
  const contact = { Name: 'Kauri' };
  const first = await (await post(contact, 'key')).text();
  now += 999;
  expect(await (await post(contact, 'key')).text()).toBe(first);
  expect(xero.applied.map((write) => write.replayed)).toEqual([false, true]);
  now += 1;
  expect(await (await post(contact, 'key')).text()).not.toBe(first);
});

test('a key with another body is 422', async () => {
  const { post, xero } = await start();
  await post({ Name: 'Kauri' }, 'key');
  expect((await post({ Name: 'Rimu' }, 'key')).status).toBe(422);
  expect(xero.violations).toHaveLength(1);
});

test('a key whose first request is under way is 409', async () => {
  const { call, post } = await start({ latencyMs: 100 });
  await call('GET', '/Contacts');
  const answers = await Promise.all([post({ Name: 'Kauri' }, 'key'), post({ Name: 'Kauri' }, 'key')]);
  expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 409]);
});

test('a write whose answer was lost is applied, and its repeat replays', async () => {
  const { call, post, xero } = await start({ faults: { seed: 1, rates: { 'cut-after-apply': 1 } } });
  // The token request is cut, then the list, then the write: each request has its own fault.
  await expect(call('GET', '/Contacts')).rejects.toThrow('fetch failed');
  await expect(call('GET', '/Contacts')).rejects.toThrow('fetch failed');
  await expect(post({ ContactNumber: '1', Name: 'Kauri' }, 'key')).rejects.toThrow('fetch failed');
  expect(xero.contacts()).toHaveLength(1);
  expect((await post({ ContactNumber: '1', Name: 'Kauri' }, 'key')).status).toBe(200);
  expect(xero.applied.map((write) => write.replayed)).toEqual([false, true]);
});

test('the minute, the day and the concurrency have limits that say which they are', async () => {
  let now = 1_700_000_000_000;
  const { call } = await start({ now: () => now, ratePerMinute: 2, dailyLimit: 3 });
  await call('GET', '/Contacts');
  now += 10_000;
  const second = await call('GET', '/Contacts');
  expect(second.headers.get('x-minlimit-remaining')).toBe('0');
  const minute = await call('GET', '/Contacts');
  expect(minute.status).toBe(429);
  expect(minute.headers.get('x-rate-limit-problem')).toBe('minute');
  expect(minute.headers.get('retry-after')).toBe('50');
  now += 60_000;
  await call('GET', '/Contacts');
  const day = await call('GET', '/Contacts');
  expect([day.status, day.headers.get('x-rate-limit-problem')]).toEqual([429, 'day']);
});

test('more concurrent calls than allowed are 429', async () => {
  const { call } = await start({ concurrency: 2, latencyMs: 100 });
  await call('GET', '/Contacts');
  const answers = await Promise.all([1, 2, 3].map(() => call('GET', '/Contacts')));
  const refused = answers.filter((answer) => answer.status === 429);
  expect(refused.map((answer) => answer.headers.get('x-rate-limit-problem'))).toEqual(['concurrent']);
});

test('reads see a write only after the lag, writes see it at once', async () => {
  let now = 1_700_000_000_000;
  const { call, post } = await start({ now: () => now, lookupLagMs: 1000 });
  await post({ ContactNumber: '1', Name: 'Kauri' });
  expect((await call('GET', '/Contacts/1')).status).toBe(404);
  now += 1000;
  await post({ ContactNumber: '1', Name: 'Rimu' });
  expect((await readContacts(await call('GET', '/Contacts/1')))[0]?.Name).toBe('Kauri');
  now += 1000;
  expect((await readContacts(await call('GET', '/Contacts/1')))[0]?.Name).toBe('Rimu');
});

test('contacts are listed by page, by text, by id and by change', async () => {
  let now = 1_700_000_000_000;
  const { call, xero } = await start({ now: () => now });
  const body = { Contacts: ['Kauri', 'Rimu', 'Totara'].map((Name) => ({ Name })) };
  await call('POST', '/Contacts', { body });
  const list = async (query: string): Promise<string[]> =>
    (await readContacts(await call('GET', `/Contacts${query}`))).map((contact) => contact.Name);
  expect(await list('?page=2&pageSize=2')).toEqual(['Totara']);
  expect(await list('?searchTerm=RIM')).toEqual(['Rimu']);
  expect(await list(`?IDs=${xero.contacts()[0]?.ContactID}`)).toEqual(['Kauri']);
  const paged = await call('GET', '/Contacts?page=1&pageSize=2');
  expect(await paged.json()).toMatchObject({
    pagination: { page: 1, pageSize: 2, pageCount: 2, itemCount: 3 },
  });
  const since = { 'if-modified-since': new Date(now).toISOString() };
  now += 5000;
  await call('POST', '/Contacts', { body: { Contacts: [{ Name: 'Matai' }] } });
  const changed = await readContacts(await call('GET', '/Contacts', { headers: since }));
  expect(changed.map((contact) => contact.Name)).toEqual(['Matai']);
  expect(xero.violations).toEqual([]);
});

test('a where clause, an unknown parameter and a missing Accept are noted', async () => {
  const { call, xero } = await start();
  expect((await call('GET', '/Contacts?where=Name')).status).toBe(400);
  expect((await call('GET', '/Contacts?limit=5')).status).toBe(400);
  expect((await call('GET', '/Contacts', { headers: { accept: '*/*' } })).status).toBe(200);
  expect(xero.violations).toHaveLength(3);
});
