import { afterEach, expect, test } from 'vitest';
import { startXeroCaller } from './call-xero.ts';
import type { XeroCaller } from './call-xero.ts';
import type { XeroInvoice, XeroOptions } from './xero.ts';

const open: XeroCaller[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((caller) => caller.xero.close()));
});

interface InvoiceCaller extends XeroCaller {
  /** Of the one contact that is there. */
  readonly contactId: string;
  put(invoice: Record<string, unknown>, key?: string): Promise<Response>;
  list(query: string): Promise<readonly (string | undefined)[]>;
}

async function start(options: Partial<XeroOptions> = {}): Promise<InvoiceCaller> {
  const caller = await startXeroCaller(options);
  open.push(caller);
  await caller.post({ ContactNumber: '1', Name: 'Kauri' });
  const contactId = caller.xero.contacts()[0]?.ContactID ?? '';
  const put: InvoiceCaller['put'] = (invoice, key) =>
    caller.call('PUT', '/Invoices', {
      body: { Invoices: [invoice] },
      headers: key === undefined ? {} : { 'idempotency-key': key },
    });
  const list: InvoiceCaller['list'] = async (query) =>
    (await readInvoices(await caller.call('GET', `/Invoices${query}`))).map((one) => one.InvoiceNumber);
  return { ...caller, contactId, put, list };
}

async function readInvoices(response: Response): Promise<XeroInvoice[]> {
  return ((await response.json()) as { Invoices: XeroInvoice[] }).Invoices;
}

function createInvoice(contactId: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    Type: 'ACCREC',
    InvoiceNumber: 'HS-1',
    Contact: { ContactID: contactId },
    Date: '2025-01-31',
    LineItems: [{ Description: 'Kauri', Quantity: 1.5, UnitAmount: 10.25, TaxType: 'OUTPUT2' }],
    ...more,
  };
}

test('an invoice is created for a contact, and dates come back in the vendor’s form', async () => {
  const { put, xero, contactId } = await start();
  const [made] = await readInvoices(await put(createInvoice(contactId)));
  expect(made).toMatchObject({
    InvoiceNumber: 'HS-1',
    Status: 'DRAFT',
    HasErrors: false,
    Date: `/Date(${Date.UTC(2025, 0, 31)}+0000)/`,
    Contact: { ContactID: contactId, ContactNumber: '1', Name: 'Kauri' },
  });
  expect(xero.invoices()).toMatchObject([{ Date: '2025-01-31', LineItems: [{ UnitAmount: 10.25 }] }]);
  expect([...xero.invoiceCreations()]).toEqual([['HS-1', 1]]);
  expect(xero.violations).toEqual([]);
});

test('a second invoice of one number is refused in a 200, without an id of its own', async () => {
  const { put, xero, contactId } = await start();
  await put(createInvoice(contactId), 'a');
  const response = await put(createInvoice(contactId), 'b');
  expect(response.status).toBe(200);
  expect((await readInvoices(response))[0]).toMatchObject({
    HasErrors: true,
    InvoiceID: '00000000-0000-0000-0000-000000000000',
    StatusAttributeString: 'ERROR',
    ValidationErrors: [{ Message: 'Invoice # must be unique.' }],
  });
  expect(xero.invoices()).toHaveLength(1);
});

test('the same key and body replay the stored answer byte for byte, and another body is 422', async () => {
  const { put, xero, contactId } = await start();
  const first = await (await put(createInvoice(contactId), 'key')).text();
  expect(await (await put(createInvoice(contactId), 'key')).text()).toBe(first);
  expect(xero.applied.slice(1).map((write) => write.replayed)).toEqual([false, true]);
  expect((await put(createInvoice(contactId, { InvoiceNumber: 'HS-2' }), 'key')).status).toBe(422);
  expect(xero.violations).toHaveLength(1);
});

test('an invoice needs a contact that is there, and lines', async () => {
  const { post, put, xero, contactId } = await start();
  const refuse = async (more: Record<string, unknown>): Promise<unknown> =>
    (await readInvoices(await put(createInvoice(contactId, more))))[0]?.['ValidationErrors'];
  expect(await refuse({ Contact: { ContactID: '11111111-1111-4111-8111-111111111111' } })).toEqual([
    { Message: 'There is no contact with this ContactID' },
  ]);
  expect(await refuse({ LineItems: [] })).toEqual([{ Message: 'One or more line items must be specified' }]);
  expect(await refuse({ Status: 'AUTHORISED' })).toEqual([{ Message: 'Due Date cannot be empty' }]);
  await post({ ContactNumber: '1', Name: 'Kauri', ContactStatus: 'ARCHIVED' });
  expect(await refuse({})).toEqual([{ Message: 'The contact is archived' }]);
  expect(xero.invoices()).toEqual([]);
  expect(xero.violations).toEqual([]);
});

test.each([
  ['a quantity that is text', { LineItems: [{ Quantity: '2' }] }],
  ['an amount of more than two decimals', { LineItems: [{ UnitAmount: 0.125 }] }],
  ['an empty description', { LineItems: [{ Description: '' }] }],
  ['a day that is none', { Date: '2025-02-30' }],
  ['an instant for a day', { Date: '2025-02-20T00:00:00Z' }],
  ['a number above 255 characters', { InvoiceNumber: '1'.repeat(256) }],
  ['a status that does not exist', { Status: 'OPEN' }],
  ['a null', { DueDate: null }],
])('%s is a validation error and a violation', async (_what, more) => {
  const { put, xero, contactId } = await start();
  const [result] = await readInvoices(await put(createInvoice(contactId, more)));
  expect(result?.['HasErrors']).toBe(true);
  expect(xero.violations).toHaveLength(1);
  expect(xero.invoices()).toEqual([]);
});

test('what only the ledger sets is not taken', async () => {
  const { put, xero, contactId } = await start();
  expect((await put(createInvoice(contactId, { Total: 10 }))).status).toBe(400);
  expect(xero.violations).toHaveLength(1);
});

test('invoices are listed by their numbers, their contact and by page', async () => {
  const { put, list, xero, contactId } = await start();
  for (const number of ['HS-1', 'HS-2', 'HS-3'])
    await put(createInvoice(contactId, { InvoiceNumber: number }));
  expect(await list('?InvoiceNumbers=HS-1,HS-3')).toEqual(['HS-1', 'HS-3']);
  expect(await list('?InvoiceNumbers=HS-9&page=1&pageSize=100')).toEqual([]);
  expect(await list('?page=2&pageSize=2')).toEqual(['HS-3']);
  expect(await list(`?ContactIDs=${contactId}&Statuses=DRAFT`)).toHaveLength(3);
  expect(await list('?Statuses=PAID')).toEqual([]);
  expect(xero.violations).toEqual([]);
});

test('parameters of other lists, and those that are not simulated, are refused and noted', async () => {
  const { call, xero } = await start();
  expect((await call('GET', '/Contacts?InvoiceNumbers=HS-1')).status).toBe(400);
  expect((await call('GET', '/Invoices?unitdp=4')).status).toBe(400);
  expect((await call('GET', '/Invoices?ContactIDs=1')).status).toBe(400);
  expect((await call('POST', '/Invoices', { body: {} })).status).toBe(405);
  expect(xero.violations).toHaveLength(4);
});

test('reads see an invoice only after the lag', async () => {
  let now = 1_700_000_000_000;
  const { put, list, contactId } = await start({ now: () => now, lookupLagMs: 1000 });
  await put(createInvoice(contactId));
  expect(await list('?InvoiceNumbers=HS-1')).toEqual([]);
  now += 1000;
  expect(await list('?InvoiceNumbers=HS-1')).toEqual(['HS-1']);
});
