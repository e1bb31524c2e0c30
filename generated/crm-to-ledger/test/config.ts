// Generated from crm-to-ledger.rules.yaml. Edits are overwritten; see README.md, "Changing this service".
import type { Config } from '../src/config.ts';

/** Settings that lead nowhere: tests never leave this machine. */
export const config: Config = {
  CRM_URL: 'http://crm-url.invalid',
  CRM_TOKEN: 'test-crm-token',
  LEDGER_URL: 'http://ledger-url.invalid',
  LEDGER_TOKEN_URL: 'http://ledger-token-url.invalid',
  XERO_CLIENT_ID: 'test-xero-client-id',
  XERO_CLIENT_SECRET: 'test-xero-client-secret',
  XERO_REFRESH_TOKEN: 'test-xero-refresh-token',
  XERO_TENANT_ID: 'test-xero-tenant-id',
  OPS_WEBHOOK: 'http://ops-webhook.invalid',
  SMTP_URL: 'http://smtp-url.invalid',
  MORTISE_KEY: '0000000000000000000000000000000000000000000000000000000000000000',
  MORTISE_STORE: ':memory:',
  MORTISE_HOST: '127.0.0.1',
  MORTISE_PORT: 0,
  LOG_LEVEL: 'silent',
};
