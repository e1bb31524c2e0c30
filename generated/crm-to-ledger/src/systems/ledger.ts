// Generated from crm-to-ledger.rules.yaml. Edits are overwritten; see README.md, "Changing this service".
import { readRate } from '@mortise/runtime';
import type { ApiRequest, System } from '@mortise/runtime';
import type { Config } from '../config.ts';

export interface Contacts {
  Contacts?: Contact[];
}

export interface Contact {
  ContactID?: string;
  ContactNumber?: string;
  DefaultCurrency?: 'AUD' | 'NZD';
  EmailAddress?: string;
  HasValidationErrors?: boolean;
  Name?: string;
  Phones?: Phone[];
}

export interface Phone {
  PhoneNumber?: string;
  PhoneType?: 'MOBILE';
}

/** rules: systems.ledger */
export function createLedger(config: Config): System {
  return {
    name: 'ledger',
    server: config.LEDGER_URL,
    auth: {
      kind: 'oauth2',
      grant: 'refresh_token',
      tokenUrl: config.LEDGER_TOKEN_URL,
      client: config.XERO_CLIENT_ID,
      secret: config.XERO_CLIENT_SECRET,
      refresh: config.XERO_REFRESH_TOKEN,
      graceMs: 1_800_000,
    },
    headers: { 'xero-tenant-id': config.XERO_TENANT_ID },
    limits: {
      rate: readRate(config.LEDGER_RATE) ?? { count: 60, perMs: 60_000 },
      concurrency: config.LEDGER_CONCURRENCY ?? 5,
      daily: config.LEDGER_DAILY ?? 5000,
    },
  };
}

/** POST /Contacts (updateOrCreateContacts) */
export function updateOrCreateContacts(body: Contacts): ApiRequest {
  return {
    operation: 'POST /Contacts',
    method: 'POST',
    path: '/Contacts',
    body,
  };
}
