import { z } from 'zod';
import { matchesFilter, readProperty, refuseFilter, sortObjects } from './hubspot-filter.ts';
import type { HubspotKind, HubspotObject } from './hubspot-object.ts';

export interface SearchPage {
  readonly total: number;
  readonly results: readonly HubspotObject[];
  readonly paging?: { readonly next: { readonly after: string; readonly link: string } };
}

const deepestRow = 10_000;

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

export function explainIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ');
}

/** What a search or a read sends back: the asked-for properties, null where there is no value. */
export function viewObject(
  object: HubspotObject,
  wanted: readonly string[] | undefined,
  kind: HubspotKind,
): HubspotObject {
  const always = ['createdate', 'hs_object_id', kind.changed];
  const names = [...new Set([...(wanted ?? kind.shown), ...always])].toSorted();
  const properties = Object.fromEntries(names.map((name) => [name, readProperty(object, name, kind)]));
  const { id, createdAt, updatedAt, archived } = object;
  return { id, properties, createdAt, updatedAt, archived };
}

function isFound(object: HubspotObject, request: SearchRequest, kind: HubspotKind): boolean {
  if (object.archived) return false;
  const text = request.query?.toLowerCase();
  const hasText = (name: string): boolean =>
    readProperty(object, name, kind)
      ?.toLowerCase()
      .includes(text ?? '') ?? false;
  if (text !== undefined && !kind.searched.some(hasText)) return false;
  const groups = request.filterGroups ?? [];
  if (groups.length === 0) return true;
  return groups.some((group) => group.filters.every((filter) => matchesFilter(object, filter, kind)));
}

export function searchObjects(
  body: unknown,
  objects: readonly HubspotObject[],
  kind: HubspotKind,
): { readonly page: SearchPage } | { readonly refused: string } {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return { refused: explainIssues(parsed.error) };
  const request = parsed.data;
  const filters = (request.filterGroups ?? []).flatMap((group) => group.filters);
  const refused = filters.map((filter) => refuseFilter(filter, kind)).find((reason) => reason !== undefined);
  if (refused !== undefined) return { refused };
  const start = Number(request.after ?? '0');
  const end = start + (request.limit ?? 10);
  if (end > deepestRow) return { refused: `paging beyond row ${deepestRow} (rows ${start} to ${end})` };
  const matches = objects.filter((object) => isFound(object, request, kind));
  const found = sortObjects(matches, request.sorts ?? [], kind);
  const results = found.slice(start, end).map((object) => viewObject(object, request.properties, kind));
  const after = String(end);
  const paging = end < found.length ? { next: { after, link: `?after=${after}` } } : undefined;
  return { page: { total: found.length, results, ...(paging && { paging }) } };
}
