import { z } from 'zod';
import { findUnknownParameters } from './answer.ts';
import type { ArrivedRequest } from './answer.ts';
import type { XeroPagination } from './xero-answers.ts';
import type { XeroContact } from './xero-contact.ts';

export type ContactList =
  | { readonly contacts: readonly XeroContact[]; readonly pagination?: XeroPagination }
  | { readonly refused: string };

const knownParameters = [
  'where',
  'order',
  'IDs',
  'page',
  'includeArchived',
  'summaryOnly',
  'searchTerm',
  'pageSize',
];
const searchedFields = ['Name', 'FirstName', 'LastName', 'ContactNumber', 'EmailAddress'];
const booleanText = z
  .enum(['true', 'false', 'True', 'False'])
  .transform((text) => text.toLowerCase() === 'true');

const querySchema = z.object({
  IDs: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.guid()))
    .optional(),
  page: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1)).optional(),
  pageSize: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1).max(1000)).optional(),
  includeArchived: booleanText.optional(),
  summaryOnly: booleanText.optional(),
  searchTerm: z.string().optional(),
});

/** `/Date(1551399323399+0000)/` as milliseconds. */
function readUpdated(contact: XeroContact): number {
  return Number(/\d+/.exec(String(contact['UpdatedDateUTC']))?.[0] ?? 0);
}

/** Epoch milliseconds; a time without a zone is UTC, as the vendor reads it. */
function parseModifiedSince(header: string | undefined): number | undefined {
  if (header === undefined) return 0;
  const hasNoZone = /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(header);
  const at = Date.parse(hasNoZone ? `${header}Z` : header);
  return Number.isNaN(at) ? undefined : at;
}

function hasText(contact: XeroContact, term: string): boolean {
  const wanted = term.toLowerCase();
  return searchedFields.some((field) => {
    const value = contact[field];
    return typeof value === 'string' && value.toLowerCase().includes(wanted);
  });
}

function refuseParameters(query: URLSearchParams): string | undefined {
  const unknown = findUnknownParameters(query, knownParameters);
  if (unknown.length > 0) return `unknown parameter ${unknown.join(', ')}`;
  if (query.has('where') || query.has('order')) return 'where and order are not simulated';
  const repeated = knownParameters.find((name) => query.getAll(name).length > 1);
  return repeated === undefined ? undefined : `${repeated} is repeated`;
}

/** GET /Contacts: without `page` everything at once, with it a page and its pagination. */
export function listContacts(request: ArrivedRequest, visible: readonly XeroContact[]): ContactList {
  const wrong = refuseParameters(request.query);
  if (wrong !== undefined) return { refused: wrong };
  const parsed = querySchema.safeParse(Object.fromEntries(request.query));
  if (!parsed.success) {
    return {
      refused: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    };
  }
  const since = parseModifiedSince(request.headers['if-modified-since']);
  if (since === undefined) return { refused: 'If-Modified-Since is not a time' };
  const { IDs, page, pageSize = 100, includeArchived, searchTerm } = parsed.data;
  const found = visible
    .filter((contact) => includeArchived === true || contact.ContactStatus === 'ACTIVE')
    .filter((contact) => IDs === undefined || IDs.includes(contact.ContactID))
    .filter((contact) => since === 0 || readUpdated(contact) > since)
    .filter((contact) => searchTerm === undefined || hasText(contact, searchTerm));
  if (page === undefined) return { contacts: found };
  const pageCount = Math.ceil(found.length / pageSize);
  const contacts = found.slice((page - 1) * pageSize, page * pageSize);
  return { contacts, pagination: { page, pageSize, pageCount, itemCount: found.length } };
}

/** GET /Contacts/{ContactNumber} takes either identity. */
export function findContact(key: string, visible: readonly XeroContact[]): XeroContact | undefined {
  return visible.find((contact) => contact.ContactID === key || contact.ContactNumber === key);
}
