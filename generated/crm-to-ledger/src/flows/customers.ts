// Generated from crm-to-ledger.rules.yaml. Edits are overwritten; see README.md, "Changing this service".
import { defineFlow } from '@mortise/runtime';
import { mapCustomersContact } from '../mappings/customers-contact.ts';
import { postContactsSearch } from '../systems/crm.ts';
import type {
  CollectionResponseWithTotalSimplePublicObject,
  SimplePublicObject,
} from '../systems/crm.ts';
import { updateOrCreateContacts } from '../systems/ledger.ts';
import type { Contact, Contacts } from '../systems/ledger.ts';

/** rules: flows.customers */
export const customers = defineFlow({
  name: 'customers',
  read: {
    system: 'crm',
    everyMs: 300_000,
    request: (since, page) =>
      postContactsSearch({
        properties: ['email', 'lastname', 'company', 'country', 'phone', 'lifecyclestage'],
        sorts: ['lastmodifieddate'],
        filterGroups: [
          {
            filters: [
              { propertyName: 'lastmodifieddate', operator: 'GTE', value: String(since.epochMs) },
            ],
          },
        ],
        after: page.cursor,
        limit: 100,
      }),
    records: (body: CollectionResponseWithTotalSimplePublicObject) => body.results,
    pages: {
      kind: 'cursor',
      next: (body: CollectionResponseWithTotalSimplePublicObject) => body.paging?.next?.after,
      depth: 10_000,
    },
    key: (source: SimplePublicObject) => source.id,
    version: (source: SimplePublicObject) => source.updatedAt,
    order: 'oldest-first',
    changes: {
      field: (source: SimplePublicObject) => source.updatedAt,
      lookbackMs: 300_000,
      settleMs: 0,
      first: 'all',
    },
    shape: {
      id: 'string',
      'properties.company': 'string',
      'properties.country': 'string',
      'properties.email': 'string',
      'properties.lastname': 'string',
      'properties.lifecyclestage': 'string',
      'properties.phone': 'string',
      updatedAt: 'string',
    },
  },
  keep: [
    {
      when: (source: SimplePublicObject) => source.properties.lifecyclestage === 'customer',
      otherwise: 'skip',
      rule: 'flows.customers.keep[0]',
    },
  ],
  later: { changed: 'update', left: 'review' },
  targets: [
    {
      name: 'contact',
      system: 'ledger',
      mode: 'write',
      tier: 2,
      map: mapCustomersContact,
      request: (item: Contact) => updateOrCreateContacts({ Contacts: [item] }),
      id: (body: Contacts) => body.Contacts?.[0]?.ContactID,
      unless: (body: Contacts) => body.Contacts?.[0]?.HasValidationErrors === true,
      calls: [{ on: [[400, 400]], do: 'review', rule: 'flows.customers.to[0].calls[0]' }],
    },
  ],
});
