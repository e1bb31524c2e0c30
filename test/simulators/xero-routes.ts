import type { Answer, ArrivedRequest, NoteViolation } from './answer.ts';
import { answerList, answerXeroProblem } from './xero-answers.ts';
import type { XeroInvoices } from './xero-invoice.ts';
import type { XeroLedger } from './xero-ledger.ts';
import type { XeroLimits } from './xero-limits.ts';
import { findContact, listContacts, listInvoices } from './xero-reads.ts';
import type { RowList } from './xero-reads.ts';
import type { RecordBook } from './xero-record.ts';
import type { XeroTokens } from './xero-tokens.ts';
import { writeRecords } from './xero-writes.ts';
import type { WriteContext } from './xero-writes.ts';

export interface Organisation extends WriteContext {
  readonly tenantId: string;
  readonly tokens: XeroTokens;
  readonly limits: XeroLimits;
  readonly ledger: XeroLedger;
  readonly invoices: XeroInvoices;
}

export const tokenPath = '/connect/token';
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

function answerRows(
  list: RowList,
  field: RecordBook['field'],
  org: Organisation,
  note: NoteViolation,
): Answer {
  if ('refused' in list) {
    note(list.refused);
    return answerXeroProblem(400, list.refused);
  }
  return answerList({ id: org.createId(), now: org.now(), field, ...list });
}

function readContact(request: ArrivedRequest, key: string, org: Organisation, note: NoteViolation): Answer {
  const unknown = [...request.query.keys()];
  if (unknown.length > 0) {
    note(`unknown parameter ${unknown.join(', ')}`);
    return answerXeroProblem(400, 'unknown parameter');
  }
  const contact = findContact(key, org.ledger.visibleContacts());
  if (contact === undefined) return answerXeroProblem(404, 'no such contact');
  return answerList({ id: org.createId(), now: org.now(), field: 'Contacts', rows: [contact] });
}

async function routeRequest(
  request: ArrivedRequest,
  org: Organisation,
  note: NoteViolation,
): Promise<Answer> {
  const { method, path } = request;
  const key = contactPath.exec(path)?.[1];
  const isInvoices = path === '/Invoices';
  if (path !== '/Contacts' && !isInvoices && key === undefined) {
    note('no such path');
    return answerXeroProblem(404, 'no such path');
  }
  if (key === undefined && (method === 'PUT' || (method === 'POST' && !isInvoices)))
    return writeRecords(request, isInvoices ? org.invoices : org.ledger, org, note);
  if (method !== 'GET') {
    note('the method is not allowed');
    return answerXeroProblem(405, 'the method is not allowed');
  }
  await org.pause();
  if (key !== undefined) return readContact(request, decodeURIComponent(key), org, note);
  if (isInvoices)
    return answerRows(listInvoices(request, org.invoices.visibleInvoices()), 'Invoices', org, note);
  return answerRows(listContacts(request, org.ledger.visibleContacts()), 'Contacts', org, note);
}

export async function handleRequest(
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
