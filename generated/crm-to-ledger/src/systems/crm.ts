// Generated from crm-to-ledger.rules.yaml. Edits are overwritten; see README.md, "Changing this service".
import { readRate } from '@mortise/runtime';
import type { ApiRequest, System } from '@mortise/runtime';
import type { Config } from '../config.ts';

export interface CollectionResponseWithTotalSimplePublicObject {
  paging?: Paging;
  results: SimplePublicObject[];
}

export interface SimplePublicObject {
  id: string;
  properties: {
    email?: string | null;
    company?: string | null;
    lastname?: string | null;
    country?: string | null;
    phone?: string | null;
    lifecyclestage?: string | null;
  };
  updatedAt: string;
}

export interface PublicObjectSearchRequest {
  after?: string;
  filterGroups: FilterGroup[];
  limit: number;
  properties: string[];
  sorts: string[];
}

export interface Paging {
  next?: NextPage;
}

export interface FilterGroup {
  filters: Filter[];
}

export interface NextPage {
  after: string;
}

export interface Filter {
  operator:
    | 'BETWEEN'
    | 'CONTAINS_TOKEN'
    | 'EQ'
    | 'GT'
    | 'GTE'
    | 'HAS_PROPERTY'
    | 'IN'
    | 'LT'
    | 'LTE'
    | 'NEQ'
    | 'NOT_CONTAINS_TOKEN'
    | 'NOT_HAS_PROPERTY'
    | 'NOT_IN';
  propertyName: string;
  value?: string;
}

/** rules: systems.crm */
export function createCrm(config: Config): System {
  return {
    name: 'crm',
    server: config.CRM_URL,
    auth: { kind: 'bearer', token: config.CRM_TOKEN },
    limits: {
      rate: readRate(config.CRM_RATE) ?? { count: 100, perMs: 10_000 },
      concurrency: config.CRM_CONCURRENCY ?? 5,
      daily: config.CRM_DAILY ?? 250_000,
      pools: [{ for: 'POST */search', count: 4, perMs: 1000 }],
    },
    calls: [
      {
        on: [[200, 200]],
        when: ({ body }) => body.status === 'error',
        do: 'retry',
        rule: 'systems.crm.calls[0]',
      },
      { on: [[207, 207]], do: 'review', rule: 'systems.crm.calls[1]' },
    ],
  };
}

/** POST /crm/v3/objects/contacts/search (post-/crm/v3/objects/contacts/search_doSearch) */
export function postContactsSearch(body: PublicObjectSearchRequest): ApiRequest {
  return {
    operation: 'POST /crm/v3/objects/contacts/search',
    method: 'POST',
    path: '/crm/v3/objects/contacts/search',
    body,
  };
}
