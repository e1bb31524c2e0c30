import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { Answer, ArrivedRequest, NoteViolation } from './answer.ts';
import type { FaultPlan } from './fault-plan.ts';
import { createSeededRandom } from './seeded-random.ts';
import type { SeededRandom } from './seeded-random.ts';
import { serveSimulator } from './serve-simulator.ts';
import type { Simulator } from './simulator.ts';
import { answerContacts, answerXeroProblem } from './xero-answers.ts';
import type { XeroContact } from './xero-contact.ts';
import { createIdempotencyKeys } from './xero-idempotency.ts';
import { createXeroLedger } from './xero-ledger.ts';
import { createXeroLimits } from './xero-limits.ts';
import type { XeroLimits } from './xero-limits.ts';
import { findContact, listContacts } from './xero-reads.ts';
import { createXeroTokens } from './xero-tokens.ts';
import type { XeroTokens } from './xero-tokens.ts';
import { writeContacts } from './xero-writes.ts';
import type { AppliedWrite, WriteContext } from './xero-writes.ts';

export type { XeroContact } from './xero-contact.ts';
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
  expireAccessTokens(): void;
  readonly applied: readonly AppliedWrite[];
}

interface Organisation extends WriteContext {
  readonly tenantId: string;
  readonly tokens: XeroTokens;
  readonly limits: XeroLimits;
}

const minuteMs = 60_000;
const tokenPath = '/connect/token';
const contactPath = /^\/Contacts\/([^/]+)$/;

function refuseCaller(request: ArrivedRequest, org: Organisation, note: NoteViolation): Answer | undefined {
  const access = org.tokens.checkAccess(request.headers['authorization']);
  // An expired token is no fault of the caller's: it cannot know that the token was revoked.
  if (access === 'unknown') note('the access token is missing or was never issued');
  if (access !== 'valid') return answerXeroProblem(401, `the access token is ${access}`);
  if (request.headers['xero-tenant-id'] !== org.tenantId) {
    note('the xero-tenant-id is missing or wrong');
    return answerXeroProblem(403, 'no access to this tenant');
  }
  // The vendor answers in XML unless JSON is asked for. The simulator only complains.
  if (!/\bapplication\/json\b/i.test(request.headers['accept'] ?? '')) note('Accept does not ask for JSON');
  return undefined;
}

function readContacts(request: ArrivedRequest, org: Organisation, note: NoteViolation): Answer {
  const list = listContacts(request, org.ledger.visibleContacts());
  if ('refused' in list) {
    note(list.refused);
    return answerXeroProblem(400, list.refused);
  }
  return answerContacts(org.createId(), org.now(), list.contacts, list.pagination);
}

function readContact(request: ArrivedRequest, key: string, org: Organisation, note: NoteViolation): Answer {
  const unknown = [...request.query.keys()];
  if (unknown.length > 0) {
    note(`unknown parameter ${unknown.join(', ')}`);
    return answerXeroProblem(400, 'unknown parameter');
  }
  const contact = findContact(key, org.ledger.visibleContacts());
  if (contact === undefined) return answerXeroProblem(404, 'no such contact');
  return answerContacts(org.createId(), org.now(), [contact]);
}

async function routeRequest(
  request: ArrivedRequest,
  org: Organisation,
  note: NoteViolation,
): Promise<Answer> {
  const { method, path } = request;
  const key = contactPath.exec(path)?.[1];
  if (path !== '/Contacts' && key === undefined) {
    note('no such path');
    return answerXeroProblem(404, 'no such path');
  }
  if (key === undefined && (method === 'POST' || method === 'PUT')) return writeContacts(request, org, note);
  if (method !== 'GET') {
    note('the method is not allowed');
    return answerXeroProblem(405, 'the method is not allowed');
  }
  await org.pause();
  if (key === undefined) return readContacts(request, org, note);
  return readContact(request, decodeURIComponent(key), org, note);
}

async function handleRequest(
  request: ArrivedRequest,
  org: Organisation,
  note: NoteViolation,
): Promise<Answer> {
  if (request.path === tokenPath) return org.tokens.answerTokenRequest(request, note);
  const refused = refuseCaller(request, org, note) ?? org.limits.enter();
  if (refused !== undefined) return refused;
  try {
    const answer = await routeRequest(request, org, note);
    return { ...answer, headers: { ...answer.headers, ...org.limits.headers() } };
  } finally {
    org.limits.leave();
  }
}

function createOrganisation(
  options: XeroOptions,
  random: SeededRandom,
  applied: AppliedWrite[],
): Organisation {
  const now = options.now ?? Date.now;
  const { latencyMs = 0, dailyLimit, clientId, clientSecret, refreshToken } = options;
  return {
    tenantId: options.tenantId,
    applied,
    now,
    createId: random.uuid,
    // Even without a latency each call spans a turn, so that calls can overlap.
    pause: () => (latencyMs > 0 ? wait(latencyMs) : nextTurn()),
    ledger: createXeroLedger({ random, now, lookupLagMs: options.lookupLagMs ?? 0 }),
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

/** A ledger with contacts, and the identity service that issues its tokens; see `specs/xero/accounting.yaml`. */
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
    expireAccessTokens: org.tokens.expireAccessTokens,
    applied,
  };
}
