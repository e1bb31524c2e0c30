// Generated from crm-to-ledger.rules.yaml. Edits are overwritten; see README.md, "Changing this service".
import { readEnvironment } from '@mortise/runtime';
import { z } from 'zod';

const rate = z
  .string()
  .regex(/^[1-9][0-9]* per [1-9][0-9]*(ms|s|m|h|d)$/, 'write it as "60 per 1m"');

const settings = z.object({
  /** base URL of crm; rules: systems.crm.server */
  CRM_URL: z.url('write a URL'),
  /** access token of crm; rules: systems.crm.auth.token */
  CRM_TOKEN: z.string(),
  /** rate of crm, instead of what the rules say; rules: systems.crm.limits */
  CRM_RATE: rate.optional(),
  /** calls at the same time of crm, instead of what the rules say; rules: systems.crm.limits */
  CRM_CONCURRENCY: z.coerce.number().int().min(1).optional(),
  /** calls a day of crm, instead of what the rules say; rules: systems.crm.limits */
  CRM_DAILY: z.coerce.number().int().min(1).optional(),
  /** base URL of ledger; rules: systems.ledger.server */
  LEDGER_URL: z.url('write a URL'),
  /** token address of ledger; rules: systems.ledger.auth.tokenUrl */
  LEDGER_TOKEN_URL: z.url('write a URL'),
  /** OAuth client id of ledger; rules: systems.ledger.auth.client */
  XERO_CLIENT_ID: z.string(),
  /** OAuth client secret of ledger; rules: systems.ledger.auth.secret */
  XERO_CLIENT_SECRET: z.string(),
  /** first refresh token, used until the service has stored one of its own, of ledger; rules: systems.ledger.auth.refresh */
  XERO_REFRESH_TOKEN: z.string(),
  /** header xero-tenant-id of ledger; rules: systems.ledger.headers */
  XERO_TENANT_ID: z.string(),
  /** rate of ledger, instead of what the rules say; rules: systems.ledger.limits */
  LEDGER_RATE: rate.optional(),
  /** calls at the same time of ledger, instead of what the rules say; rules: systems.ledger.limits */
  LEDGER_CONCURRENCY: z.coerce.number().int().min(1).optional(),
  /** calls a day of ledger, instead of what the rules say; rules: systems.ledger.limits */
  LEDGER_DAILY: z.coerce.number().int().min(1).optional(),
  /** webhook address, which is a secret, of the alert channel ops; rules: alerts.channels.ops.url */
  OPS_WEBHOOK: z.url('write a URL'),
  /** mail server, as smtps://user:password@host:465, of the alert channel desk; rules: alerts.channels.desk.smtp */
  SMTP_URL: z.url('write a URL'),
  /** 32 random bytes in base64 or hex, with which tokens are stored; make one with: openssl rand -base64 32 */
  MORTISE_KEY: z.string(),
  /** where the service keeps what it must not forget */
  MORTISE_STORE: z.string().default('data/crm-to-ledger.sqlite'),
  /** where /readyz, /status and /metrics are served */
  MORTISE_HOST: z.string().default('127.0.0.1'),
  MORTISE_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** set where nobody looks on; nothing is recorded there */
  CI: z.string().optional(),
});

export type Config = z.infer<typeof settings>;

/** The only reader of the environment. */
export function readConfig(): Config {
  return readEnvironment(settings, process.env);
}
