/** A record of any kind: contact, deal or line item. */
export interface HubspotObject {
  id: string;
  properties: Record<string, string | null>;
  createdAt: string;
  updatedAt: string;
  archived: boolean;
}

export type HubspotContact = HubspotObject;

export interface HubspotKind {
  readonly name: 'contacts' | 'deals' | 'line_items';
  /** What the kind is called in paths of its own. */
  readonly path: string;
  /** What associations may call it instead of its name. */
  readonly typeId: string;
  /** The property that holds when a record was changed. */
  readonly changed: string;
  readonly dates: readonly string[];
  /** Sent where a caller asks for no properties. */
  readonly shown: readonly string[];
  readonly searched: readonly string[];
}

export const CONTACTS: HubspotKind = {
  name: 'contacts',
  path: 'contacts',
  typeId: '0-1',
  changed: 'lastmodifieddate',
  dates: [],
  shown: ['email', 'firstname', 'lastname'],
  searched: ['email', 'firstname', 'lastname', 'phone', 'company'],
};

export const DEALS: HubspotKind = {
  name: 'deals',
  path: '0-3',
  typeId: '0-3',
  changed: 'hs_lastmodifieddate',
  dates: ['closedate'],
  shown: ['amount', 'closedate', 'dealname', 'dealstage', 'pipeline'],
  searched: ['dealname', 'pipeline', 'dealstage', 'description', 'dealtype'],
};

export const LINE_ITEMS: HubspotKind = {
  name: 'line_items',
  path: 'line_items',
  typeId: '0-8',
  changed: 'hs_lastmodifieddate',
  dates: [],
  shown: ['amount', 'price', 'quantity'],
  searched: ['name', 'hs_sku', 'description'],
};

export const KINDS: readonly HubspotKind[] = [CONTACTS, DEALS, LINE_ITEMS];
