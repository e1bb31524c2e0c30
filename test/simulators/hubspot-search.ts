import { z } from 'zod';
import type { HubspotContact } from './hubspot-contact.ts';
import { matchesFilter, readProperty, refuseFilter, sortContacts } from './hubspot-filter.ts';

export interface SearchPage {
  readonly total: number;
  readonly results: readonly HubspotContact[];
  readonly paging?: { readonly next: { readonly after: string; readonly link: string } };
}

const deepestRow = 10_000;
const defaultProperties = ['email', 'firstname', 'lastname'];
const alwaysSent = ['createdate', 'hs_object_id', 'lastmodifieddate'];

const filterSchema = z.strictObject({
  propertyName: z.string().min(1),
  operator: z.enum([
    'BETWEEN',
    'CONTAINS_TOKEN',
    'EQ',
    'GT',
    'GTE',
    'HAS_PROPERTY',
    'IN',
    'LT',
    'LTE',
    'NEQ',
    'NOT_CONTAINS_TOKEN',
    'NOT_HAS_PROPERTY',
    'NOT_IN',
  ]),
  value: z.string().optional(),
  highValue: z.string().optional(),
  values: z.array(z.string()).optional(),
});

const groupSchema = z.strictObject({ filters: z.array(filterSchema).max(6) });

const requestSchema = z.strictObject({
  after: z.string().regex(/^\d+$/, 'is not a cursor').optional(),
  filterGroups: z.array(groupSchema).max(6).optional(),
  limit: z.int().min(1).max(200).optional(),
  properties: z.array(z.string().min(1)).optional(),
  query: z.string().max(3000).optional(),
  sorts: z.array(z.string().regex(/^-?\w+$/)).optional(),
});

type SearchRequest = z.infer<typeof requestSchema>;

function explainIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ');
}

/** What a search or a read sends back: the asked-for properties, null where there is no value. */
export function viewContact(contact: HubspotContact, wanted: readonly string[] | undefined): HubspotContact {
  const names = [...new Set([...(wanted ?? defaultProperties), ...alwaysSent])].toSorted();
  const properties = Object.fromEntries(names.map((name) => [name, readProperty(contact, name)]));
  const { id, createdAt, updatedAt, archived } = contact;
  return { id, properties, createdAt, updatedAt, archived };
}

function isFound(contact: HubspotContact, request: SearchRequest): boolean {
  if (contact.archived) return false;
  const text = request.query?.toLowerCase();
  const searched = ['email', 'firstname', 'lastname', 'phone', 'company'];
  const hasText = (name: string): boolean =>
    readProperty(contact, name)
      ?.toLowerCase()
      .includes(text ?? '') ?? false;
  if (text !== undefined && !searched.some(hasText)) return false;
  const groups = request.filterGroups ?? [];
  if (groups.length === 0) return true;
  return groups.some((group) => group.filters.every((filter) => matchesFilter(contact, filter)));
}

export function searchContacts(
  body: unknown,
  contacts: readonly HubspotContact[],
): { readonly page: SearchPage } | { readonly refused: string } {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return { refused: explainIssues(parsed.error) };
  const request = parsed.data;
  const filters = (request.filterGroups ?? []).flatMap((group) => group.filters);
  const refused = filters.map(refuseFilter).find((reason) => reason !== undefined);
  if (refused !== undefined) return { refused };
  const start = Number(request.after ?? '0');
  const end = start + (request.limit ?? 10);
  if (end > deepestRow) return { refused: `paging beyond row ${deepestRow} (rows ${start} to ${end})` };
  const matches = contacts.filter((contact) => isFound(contact, request));
  const found = sortContacts(matches, request.sorts ?? []);
  const results = found.slice(start, end).map((contact) => viewContact(contact, request.properties));
  const after = String(end);
  const paging = end < found.length ? { next: { after, link: `?after=${after}` } } : undefined;
  return { page: { total: found.length, results, ...(paging && { paging }) } };
}
