import type { Credentials } from '../../auth/credentials.ts';
import type { SystemConnection } from '../../engine/create-service.ts';
import type { AnyFlow } from '../../flow.ts';
import { freezeRequest } from '../../http/api-request.ts';
import type { CallFacts } from '../../http/decide-call.ts';
import { sendRequest } from '../../http/send-request.ts';
import { readServerDate } from '../../http/server-date.ts';
import { createInstant } from '../../instant.ts';
import type { RunContext } from '../../run-context.ts';
import type { Finding } from './finding.ts';

const MOST_SKEW_MS = 60_000;
const NO_CREDENTIALS: Credentials = { headers: {}, query: [], generation: 0 };

/**
 * Whether a system can be reached, knows us, and has our time: the first page of each flow that reads from it is asked
 * for and thrown away. The calls go past the gate, so that none of them pauses a running service.
 */
export async function checkSystem(
  connection: SystemConnection,
  flows: readonly AnyFlow[],
  context: RunContext,
): Promise<Finding[]> {
  const { system, authenticator } = connection;
  const found: Finding[] = [];
  const say = (outcome: Finding['outcome'], message: string): void =>
    void found.push({ area: 'system', subject: system.name, outcome, message });
  const before = await context.store.readToken(system.name);
  const auth = await authenticator.get();
  if (auth.kind === 'failed')
    say('wrong', `it gives no credentials: ${auth.reason}. ${mendAuth(connection)}`);
  const credentials = auth.kind === 'ready' ? auth.credentials : undefined;
  const readers = flows.filter((flow) => flow.read.system === system.name);
  if (credentials === undefined || readers.length === 0) {
    await knock(connection, context, say);
    if (credentials !== undefined && system.auth.kind !== 'none')
      say('ok', describeUnproven(connection, credentials, before?.generation));
    return found;
  }
  for (const flow of readers) await readFirstPage(connection, { flow, credentials, context, say });
  return found;
}

/** What is known of credentials that no harmless call is made with. @param before the generation of the tokens that were stored */
function describeUnproven(
  { system: { auth } }: SystemConnection,
  { generation }: Credentials,
  before: number | undefined,
): string {
  const unproven = 'no flow reads from it, so only a write shows that';
  if (auth.kind !== 'login' && auth.kind !== 'oauth2')
    return `its credentials are there; ${unproven} they are accepted`;
  const who = auth.kind === 'login' ? 'its login' : 'its token server';
  return generation === before
    ? `a token is stored that ${who} gave before; ${unproven} the token is accepted`
    : `${who} accepts the credentials and has just given a token; ${unproven} the token is accepted`;
}

type Say = (outcome: Finding['outcome'], message: string) => void;

/** Any answer says that it is there. */
async function knock(connection: SystemConnection, context: RunContext, say: Say): Promise<void> {
  const request = { operation: 'GET', method: 'GET', target: '/', headers: {}, body: undefined };
  const { system, transport } = connection;
  const startedMs = context.clock.now();
  const facts = await sendRequest(request, NO_CREDENTIALS, system, transport);
  if (facts.kind === 'response') say('ok', `${system.server} can be reached`);
  else if (facts.kind !== 'failed') say('wrong', describeFailure(system.server, facts));
  if (facts.kind === 'response') compareClocks(facts.headers, startedMs, context, say);
}

interface Reading {
  readonly flow: AnyFlow;
  readonly credentials: Credentials;
  readonly context: RunContext;
  readonly say: Say;
}

async function readFirstPage(connection: SystemConnection, reading: Reading): Promise<void> {
  const { flow, credentials, context, say } = reading;
  const { clock, store } = context;
  const { system, transport } = connection;
  const startedMs = clock.now();
  const { pages } = flow.read;
  const number = pages.kind === 'page' || pages.kind === 'offset' ? pages.start : 0;
  const request = freezeRequest(flow.read.request(createInstant(startedMs), { cursor: undefined, number }));
  if (system.limits?.daily !== undefined)
    await store.addUsage(system.name, Math.floor(startedMs / 86_400_000), 1);
  const facts = await sendRequest(request, credentials, system, transport);
  if (facts.kind === 'failed')
    return say(
      'wrong',
      `the call of ${flow.name} cannot be signed: ${facts.reason}. ${mendAuth(connection)}`,
    );
  if (facts.kind !== 'response') return say('wrong', describeFailure(system.server, facts));
  compareClocks(facts.headers, startedMs, context, say);
  const { status } = facts;
  if (status === 401) say('wrong', `it does not accept the credentials (401). ${mendAuth(connection)}`);
  else if (status === 403)
    say('wrong', `the credentials do not allow ${request.operation} (403). Give them that scope or role.`);
  else if (status === 429 || status === 503)
    say('warning', `it asks for patience now (${status}); try again later`);
  else if (status < 200 || status > 299)
    say('wrong', `${request.operation} for the flow ${flow.name} answers ${status}`);
  else if (countRecords(flow, facts.body) === undefined)
    say('wrong', `${request.operation} for the flow ${flow.name} answers no list of records`);
  else say('ok', `it can be reached and lets ${flow.name} read`);
}

function countRecords(flow: AnyFlow, body: unknown): number | undefined {
  try {
    const records: unknown = flow.read.records(body);
    return Array.isArray(records) ? records.length : undefined;
  } catch {
    return undefined;
  }
}

function describeFailure(server: string, facts: Exclude<CallFacts, { readonly kind: 'response' }>): string {
  const { detail } = facts as { readonly detail?: string };
  const why = detail === undefined ? '' : ` (${detail})`;
  return facts.kind === 'not-sent'
    ? `${server} cannot be reached${why}. Check its address, the network and its certificate.`
    : `${server} gives no whole answer: ${facts.reason}${why}`;
}

/** Signatures, tokens and the limit of each reading pass go by time. */
function compareClocks(
  headers: Readonly<Record<string, string>>,
  startedMs: number,
  { clock }: RunContext,
  say: Say,
): void {
  const endedMs = clock.now();
  const serverMs = readServerDate(headers, endedMs);
  if (serverMs === undefined)
    return say('warning', 'it does not tell its time, so clocks cannot be compared');
  // The header has whole seconds, and was written while the call was under way.
  const skewMs = Math.max(startedMs - serverMs - 1000, serverMs - endedMs, 0);
  if (skewMs > MOST_SKEW_MS)
    say(
      'warning',
      `its clock and the one of this machine are ${Math.round(skewMs / 1000)} s apart. Set this one by NTP.`,
    );
}

function mendAuth({ system }: SystemConnection): string {
  return system.auth.kind === 'oauth2' && system.auth.grant === 'authorization_code'
    ? `Log in again: auth ${system.name}`
    : `Check the settings of ${system.name}.`;
}
