import type { HubspotObject } from '../simulators/hubspot.ts';
import type { XeroLineItem } from '../simulators/xero-invoice-schema.ts';
import type { DealCase } from './deal-case.ts';

// Written from the meaning of the rules and nothing else: it must be able to disagree with what is generated.

export interface ExpectedInvoice {
  /** The CRM's id of the contact whom it is for. */
  readonly contactId: string;
  readonly Date?: string;
  readonly DueDate?: string;
  readonly LineItems: readonly XeroLineItem[];
}

export interface ExpectedInvoices {
  /** By the deal's id. */
  readonly billed: Map<string, ExpectedInvoice>;
  /** Deal's id and why. */
  readonly review: Map<string, string>;
  /** Deals whose contact the ledger does not have yet. */
  readonly waiting: Set<string>;
}

type Field<T> = { readonly value: T | undefined } | { readonly reason: string };

const absent = { value: undefined };
const dayMs = 86_400_000;

function isBlank(text: string | null | undefined): text is null | undefined {
  const bare = (text ?? '').trim().toLowerCase();
  return bare === '' || bare === 'n/a' || bare === '-';
}

/** The calendar of the rules is that of Auckland. */
function expectDay(text: string | null | undefined): Field<string> {
  if (isBlank(text)) return absent;
  const at = /^\d{4}-\d\d-\d\dT/.test(String(text)) ? Date.parse(String(text)) : Number.NaN;
  if (Number.isNaN(at)) return { reason: 'invalid Date' };
  return { value: new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Auckland' }).format(at) };
}

/** Digits, with a point where there is a fraction; sixteen of them are more than the seeds can send exactly. */
function expectNumber(text: string | null | undefined, field: string): Field<number> {
  if (isBlank(text)) return { reason: `blank LineItems[].${field}` };
  const bare = String(text).trim();
  const isExact = /^-?\d+(\.\d+)?$/.test(bare) && bare.replaceAll(/\D/g, '').length < 16;
  return isExact ? { value: Number.parseFloat(bare) } : { reason: `invalid LineItems[].${field}` };
}

function expectLine(line: HubspotObject, taxType: string): XeroLineItem | string {
  const { name, quantity, price } = line.properties;
  const count = expectNumber(quantity, 'Quantity');
  if ('reason' in count) return count.reason;
  const amount = expectNumber(price, 'UnitAmount');
  if ('reason' in amount) return amount.reason;
  return {
    ...(!isBlank(name) && { Description: String(name) }),
    Quantity: count.value ?? 0,
    UnitAmount: amount.value ?? 0,
    TaxType: taxType,
  };
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** What the look-ups decide before anything is mapped. */
function expectFound(one: DealCase): string | undefined {
  if (one.contactIds.length === 0) return 'person: none found';
  if (one.contactIds.length > 1) return 'person: several found';
  if (one.lines.length + one.lostLineIds.length === 0) return 'links: none found';
  // The CRM answers 207, and some of the lines were not read.
  return one.lostLineIds.length > 0 ? 'lines: look-up refused' : undefined;
}

function expectInvoice(one: DealCase, contactId: string, taxType: string): ExpectedInvoice | string {
  const day = expectDay(one.deal.properties['closedate']);
  if ('reason' in day) return day.reason;
  const lines = one.lines.map((line) => expectLine(line, taxType));
  const wrong = lines.find((line) => typeof line === 'string');
  if (wrong !== undefined) return wrong;
  return {
    contactId,
    ...(day.value !== undefined && { Date: day.value, DueDate: addDays(day.value, 30) }),
    LineItems: lines.filter((line) => typeof line !== 'string'),
  };
}

/** @param deals won after the first complete pass @param isInLedger by the contact's id in the CRM */
export function expectInvoices(
  deals: readonly DealCase[],
  isInLedger: (contactId: string) => boolean,
  taxType: string,
): ExpectedInvoices {
  const billed = new Map<string, ExpectedInvoice>();
  const review = new Map<string, string>();
  const waiting = new Set<string>();
  for (const one of deals) {
    const { id } = one.deal;
    const [contactId = ''] = one.contactIds;
    const stopped = expectFound(one);
    if (stopped !== undefined) review.set(id, stopped);
    else if (!isInLedger(contactId)) waiting.add(id);
    else {
      const invoice = expectInvoice(one, contactId, taxType);
      if (typeof invoice === 'string') review.set(id, invoice);
      else billed.set(id, invoice);
    }
  }
  return { billed, review, waiting };
}
