import { z } from 'zod';
import { explainIssues } from './hubspot-search.ts';
import { KINDS } from './hubspot-object.ts';
import type { HubspotKind } from './hubspot-object.ts';

/** Two records that belong together. It is read from either side. */
export interface HubspotAssociation {
  readonly from: { readonly kind: HubspotKind['name']; readonly id: string };
  readonly to: { readonly kind: HubspotKind['name']; readonly id: string };
}

export interface AssociationPage {
  readonly results: readonly {
    readonly toObjectId: string;
    readonly associationTypes: readonly { readonly category: 'HUBSPOT_DEFINED'; readonly typeId: number }[];
  }[];
  readonly paging?: { readonly next: { readonly after: string; readonly link: string } };
}

export interface AssociationQuery {
  readonly kind: HubspotKind;
  readonly id: string;
  readonly to: HubspotKind;
  readonly query: URLSearchParams;
  /** The vendor may send fewer than were asked for. */
  readonly mostPerPage: number;
}

/** The vendor's numbers for what links two kinds, as `from to`. */
const typeIds: Readonly<Record<string, number>> = {
  'deals contacts': 3,
  'contacts deals': 4,
  'deals line_items': 19,
  'line_items deals': 20,
};

const querySchema = z.object({
  after: z.string().regex(/^\d+$/, 'is not a cursor').transform(Number).optional(),
  limit: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1).max(500)).optional(),
});

/** A kind by its name or its number, as paths of associations may give it. */
export function findKind(type: string): HubspotKind | undefined {
  return KINDS.find((kind) => kind.name === type || kind.typeId === type);
}

/** What belongs to one record, a page of it. */
export function listAssociations(
  associations: readonly HubspotAssociation[],
  { kind, id, to, query, mostPerPage }: AssociationQuery,
): { readonly page: AssociationPage } | { readonly refused: string } {
  const parsed = querySchema.safeParse(Object.fromEntries(query));
  if (!parsed.success) return { refused: explainIssues(parsed.error) };
  const { after: start = 0, limit = 500 } = parsed.data;
  const ids = associations
    .flatMap(({ from, to: other }) => [[from, other] as const, [other, from] as const])
    .filter(([one, other]) => one.kind === kind.name && one.id === id && other.kind === to.name)
    .map(([, other]) => other.id);
  if (start > ids.length) return { refused: `after: ${start} is not a cursor of this list` };
  const end = start + Math.min(limit, mostPerPage);
  const typeId = typeIds[`${kind.name} ${to.name}`];
  if (typeId === undefined) return { refused: `${kind.name} and ${to.name} cannot be associated` };
  const results = ids.slice(start, end).map((toObjectId) => ({
    toObjectId,
    associationTypes: [{ category: 'HUBSPOT_DEFINED' as const, typeId }],
  }));
  const after = String(end);
  const paging = end < ids.length ? { next: { after, link: `?after=${after}` } } : undefined;
  return { page: { results, ...(paging && { paging }) } };
}
