import type { HubspotObject, HubspotSimulator } from '../simulators/hubspot.ts';

/** A deal with all that belongs to it. */
export interface DealCase {
  readonly deal: HubspotObject;
  readonly contactIds: readonly string[];
  readonly lines: readonly HubspotObject[];
  /** Linked to the deal, and not there any more. */
  readonly lostLineIds: readonly string[];
}

/** Puts a deal that is new to the CRM into it. */
export function putDeal(crm: HubspotSimulator, { deal, contactIds, lines, lostLineIds }: DealCase): void {
  crm.upsert(deal, 'deals');
  for (const line of lines) crm.upsert(line, 'line_items');
  for (const id of contactIds) linkContact(crm, deal.id, id);
  // The order of the links is not that of the lines.
  for (const id of [...lostLineIds, ...lines.map((line) => line.id)].toReversed())
    crm.associate({ from: { kind: 'deals', id: deal.id }, to: { kind: 'line_items', id } });
}

export function linkContact(crm: HubspotSimulator, dealId: string, contactId: string): void {
  crm.associate({ from: { kind: 'deals', id: dealId }, to: { kind: 'contacts', id: contactId } });
}

/** The object once something about it has changed, at a time in epoch milliseconds. */
export function changeObject(
  object: HubspotObject,
  atMs: number,
  properties: HubspotObject['properties'],
): HubspotObject {
  const updatedAt = new Date(atMs).toISOString();
  return { ...object, updatedAt, properties: { ...object.properties, ...properties } };
}
