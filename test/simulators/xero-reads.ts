import { z } from 'zod';
import { findUnknownParameters } from './answer.ts';
import type { ArrivedRequest } from './answer.ts';
import type { XeroPagination } from './xero-answers.ts';
import type { XeroContact } from './xero-contact.ts';
import type { XeroInvoice } from './xero-invoice.ts';
import type { RecordBook } from './xero-record.ts';

export type RowList =
  { readonly rows: readonly unknown[]; readonly pagination?: XeroPagination } | { readonly refused: string };

const commonParameters = [
  'where',
  'order',
  'IDs',
  'page',
  'includeArchived',
  'summaryOnly',
  'searchTerm',
  'pageSize',
];
const notSimulated = ['where', 'order', 'createdByMyApp', 'unitdp'];

const knownParameters: Readonly<Record<RecordBook['field'], readonly string[]>> = {
  Contacts: commonParameters,
  Invoices: [...commonParameters, 'InvoiceNumbers', 'ContactIDs', 'Statuses', 'createdByMyApp', 'unitdp'],
};

const booleanText = z
  .enum(['true', 'false', 'True', 'False'])
  .transform((text) => text.toLowerCase() === 'true');
const texts = z.string().transform((text) => text.split(','));
const ids = texts.pipe(z.array(z.guid())).optional();
const count = z.string().regex(/^\d+$/).transform(Number);

const querySchema = z.object({
  IDs: ids,
  InvoiceNumbers: texts.pipe(z.array(z.string().min(1))).optional(),
  ContactIDs: ids,
  Statuses: texts
    .pipe(z.array(z.enum(['DRAFT', 'SUBMITTED', 'AUTHORISED', 'PAID', 'VOIDED', 'DELETED'])))
    .optional(),
  page: count.pipe(z.int().min(1)).optional(),
  pageSize: count.pipe(z.int().min(1).max(1000)).optional(),
  includeArchived: booleanText.optional(),
  summaryOnly: booleanText.optional(),
  searchTerm: z.string().optional(),
});

type Query = z.infer<typeof querySchema>;

/** `/Date(1551399323399+0000)/` as milliseconds. */
function readUpdated(row: { readonly [field: string]: unknown }): number {
  return Number(/\d+/.exec(String(row['UpdatedDateUTC']))?.[0] ?? 0);
}

/** Epoch milliseconds; a time without a zone is UTC, as the vendor reads it. */
function parseModifiedSince(header: string | undefined): number | undefined {
  if (header === undefined) return 0;
  const hasNoZone = /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(header);
  const at = Date.parse(hasNoZone ? `${header}Z` : header);
  return Number.isNaN(at) ? undefined : at;
}

function hasText(values: readonly unknown[], term: string | undefined): boolean {
  if (term === undefined) return true;
  const wanted = term.toLowerCase();
  return values.some((value) => typeof value === 'string' && value.toLowerCase().includes(wanted));
}

function isListed(list: readonly string[] | undefined, value: string | undefined): boolean {
  return list === undefined || (value !== undefined && list.includes(value));
}

function fitsContact(contact: XeroContact, query: Query): boolean {
  const { Name, FirstName, LastName, ContactNumber, EmailAddress } = contact;
  return (
    (query.includeArchived === true || contact.ContactStatus === 'ACTIVE') &&
    isListed(query.IDs, contact.ContactID) &&
    hasText([Name, FirstName, LastName, ContactNumber, EmailAddress], query.searchTerm)
  );
}

function fitsInvoice(invoice: XeroInvoice, query: Query): boolean {
  return (
    isListed(query.IDs, invoice.InvoiceID) &&
    isListed(query.InvoiceNumbers, invoice.InvoiceNumber) &&
    isListed(query.ContactIDs, invoice.Contact.ContactID) &&
    isListed(query.Statuses, invoice.Status) &&
    hasText([invoice.InvoiceNumber, invoice['Reference']], query.searchTerm)
  );
}

function refuseParameters(query: URLSearchParams, known: readonly string[]): string | undefined {
  const unknown = findUnknownParameters(query, known);
  if (unknown.length > 0) return `unknown parameter ${unknown.join(', ')}`;
  const missing = notSimulated.find((name) => query.has(name));
  if (missing !== undefined) return `${missing} is not simulated`;
  const repeated = known.find((name) => query.getAll(name).length > 1);
  return repeated === undefined ? undefined : `${repeated} is repeated`;
}

/** A list: without `page` everything at once, with it a page and its pagination. */
function listRows<Row extends { readonly [field: string]: unknown }>(
  request: ArrivedRequest,
  visible: readonly Row[],
  {
    field,
    fits,
  }: { readonly field: RecordBook['field']; readonly fits: (row: Row, query: Query) => boolean },
): RowList {
  const wrong = refuseParameters(request.query, knownParameters[field]);
  if (wrong !== undefined) return { refused: wrong };
  const parsed = querySchema.safeParse(Object.fromEntries(request.query));
  if (!parsed.success) {
    return {
      refused: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    };
  }
  const since = parseModifiedSince(request.headers['if-modified-since']);
  if (since === undefined) return { refused: 'If-Modified-Since is not a time' };
  const { page, pageSize = 100 } = parsed.data;
  const found = visible
    .filter((row) => fits(row, parsed.data))
    .filter((row) => since === 0 || readUpdated(row) > since);
  if (page === undefined) return { rows: found };
  const pageCount = Math.ceil(found.length / pageSize);
  const rows = found.slice((page - 1) * pageSize, page * pageSize);
  return { rows, pagination: { page, pageSize, pageCount, itemCount: found.length } };
}

export function listContacts(request: ArrivedRequest, visible: readonly XeroContact[]): RowList {
  return listRows(request, visible, { field: 'Contacts', fits: fitsContact });
}

export function listInvoices(request: ArrivedRequest, visible: readonly XeroInvoice[]): RowList {
  return listRows(request, visible, { field: 'Invoices', fits: fitsInvoice });
}

/** GET /Contacts/{ContactNumber} takes either identity. */
export function findContact(key: string, visible: readonly XeroContact[]): XeroContact | undefined {
  return visible.find((contact) => contact.ContactID === key || contact.ContactNumber === key);
}
