import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { FaultPlan } from './fault-plan.ts';
import { createSeededRandom } from './seeded-random.ts';
import type { SeededRandom } from './seeded-random.ts';
import { serveSimulator } from './serve-simulator.ts';
import type { Simulator } from './simulator.ts';
import { answerXeroProblem } from './xero-answers.ts';
import type { XeroContact } from './xero-contact.ts';
import { createIdempotencyKeys } from './xero-idempotency.ts';
import { createXeroInvoices } from './xero-invoice.ts';
import type { XeroInvoice } from './xero-invoice.ts';
import { createXeroLedger } from './xero-ledger.ts';
import { createXeroLimits } from './xero-limits.ts';
import { handleRequest, tokenPath } from './xero-routes.ts';
import type { Organisation } from './xero-routes.ts';
import { createXeroTokens } from './xero-tokens.ts';
import type { AppliedWrite } from './xero-writes.ts';

export type { XeroContact } from './xero-contact.ts';
export type { XeroInvoice } from './xero-invoice.ts';
export type { AppliedWrite } from './xero-writes.ts';

export interface XeroOptions {
  readonly port?: number;
  readonly seed: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly tenantId: string;
  /** Default 30 minutes. */
  readonly accessTokenLifetimeMs?: number;
  /** How long a refresh token stays usable after its first use; default 30 minutes. */
  readonly refreshGraceMs?: number;
  /** Default 60. */
  readonly ratePerMinute?: number;
  /** Default 5. */
  readonly concurrency?: number;
  /** Unlimited when absent; the vendor's is 5000. */
  readonly dailyLimit?: number;
  /** Reads see a write only after this; default 0. */
  readonly lookupLagMs?: number;
  /** Default 24 hours. */
  readonly idempotencyWindowMs?: number;
  /** Real time that each call takes, for tests of concurrency; default 0. */
  readonly latencyMs?: number;
  readonly faults?: FaultPlan;
  readonly now?: () => number;
}

export interface XeroSimulator extends Simulator {
  readonly tokenUrl: string;
  contacts(): readonly XeroContact[];
  /** How often each ContactNumber was created (not updated). */
  creations(): ReadonlyMap<string, number>;
  invoices(): readonly XeroInvoice[];
  /** How often each InvoiceNumber was created. */
  invoiceCreations(): ReadonlyMap<string, number>;
  expireAccessTokens(): void;
  readonly applied: readonly AppliedWrite[];
}

const minuteMs = 60_000;

function createOrganisation(
  options: XeroOptions,
  random: SeededRandom,
  applied: AppliedWrite[],
): Organisation {
  const now = options.now ?? Date.now;
  const { latencyMs = 0, lookupLagMs = 0, dailyLimit, clientId, clientSecret, refreshToken } = options;
  const ledger = createXeroLedger({ random, now, lookupLagMs });
  return {
    tenantId: options.tenantId,
    applied,
    now,
    createId: random.uuid,
    // Even without a latency each call spans a turn, so that calls can overlap.
    pause: () => (latencyMs > 0 ? wait(latencyMs) : nextTurn()),
    ledger,
    invoices: createXeroInvoices({ random, now, lookupLagMs, contacts: ledger.contacts }),
    keys: createIdempotencyKeys(options.idempotencyWindowMs ?? 24 * 60 * minuteMs, now),
    limits: createXeroLimits({
      ratePerMinute: options.ratePerMinute ?? 60,
      concurrency: options.concurrency ?? 5,
      dailyLimit,
      now,
    }),
    tokens: createXeroTokens({
      clientId,
      clientSecret,
      refreshToken,
      accessTokenLifetimeMs: options.accessTokenLifetimeMs ?? 30 * minuteMs,
      refreshGraceMs: options.refreshGraceMs ?? 30 * minuteMs,
      random,
      now,
    }),
  };
}

/** A ledger with contacts and invoices, and the identity service that issues its tokens; see `specs/xero/accounting.yaml`. */
export async function startXero(options: XeroOptions): Promise<XeroSimulator> {
  const applied: AppliedWrite[] = [];
  const org = createOrganisation(options, createSeededRandom(options.seed), applied);
  const simulator = await serveSimulator({
    port: options.port,
    faults: options.faults,
    now: org.now,
    failed: (status) =>
      answerXeroProblem(
        status,
        'the simulator was told to fail',
        status === 429 ? { 'x-rate-limit-problem': 'minute' } : {},
      ),
    handle: (request, note) => handleRequest(request, org, note),
  });
  return {
    ...simulator,
    tokenUrl: `${simulator.url}${tokenPath}`,
    contacts: org.ledger.contacts,
    creations: org.ledger.creations,
    invoices: org.invoices.invoices,
    invoiceCreations: org.invoices.creations,
    expireAccessTokens: org.tokens.expireAccessTokens,
    applied,
  };
}
