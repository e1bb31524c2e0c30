import { z } from 'zod';
import { checkBody } from './xero-body.ts';
import { anyText, currencies, text } from './xero-contact-schema.ts';
import type { CheckedBody, SentRecord } from './xero-record.ts';

/** An invoice as a caller sends it, once its shape has been checked. */
export interface SentInvoice {
  readonly InvoiceNumber?: string;
  readonly Contact?: { readonly ContactID: string };
  readonly Date?: string | undefined;
  readonly DueDate?: string | undefined;
  readonly LineItems?: readonly XeroLineItem[];
  readonly [field: string]: unknown;
}

export interface XeroLineItem {
  readonly Description?: string;
  readonly Quantity?: number;
  readonly UnitAmount?: number;
  readonly TaxType?: string;
}

const day = z.iso.date().optional();
/** Without `unitdp` the vendor rounds to cents, without a word. */
const cents = z
  .number()
  .refine((value) => /^-?\d+(\.\d{1,2})?$/.test(String(value)), 'has more than two decimals')
  .optional();

const lineSchema = z.strictObject({
  Description: z.string().min(1).optional(),
  Quantity: z.number().optional(),
  UnitAmount: cents,
  ItemCode: anyText,
  AccountCode: anyText,
  TaxType: z.enum(['OUTPUT', 'OUTPUT2', 'ZERORATEDOUTPUT', 'EXEMPTOUTPUT', 'NONE']).optional(),
  LineAmount: cents,
});

/** What a caller may write of a new invoice, as far as it is simulated: the contact by its id. */
const invoiceSchema = z.strictObject({
  Type: z.enum([
    'ACCPAY',
    'ACCPAYCREDIT',
    'APOVERPAYMENT',
    'APPREPAYMENT',
    'ACCREC',
    'ACCRECCREDIT',
    'AROVERPAYMENT',
    'ARPREPAYMENT',
  ]),
  InvoiceID: z.guid().optional(),
  InvoiceNumber: text(255),
  Reference: anyText,
  Contact: z.strictObject({ ContactID: z.guid() }),
  LineItems: z.array(lineSchema),
  Date: day,
  DueDate: day,
  LineAmountTypes: z.enum(['Exclusive', 'Inclusive', 'NoTax']).optional(),
  CurrencyCode: z.enum(currencies).optional(),
  Status: z.enum(['DRAFT', 'SUBMITTED', 'AUTHORISED']).optional(),
});

function listDemands(sent: SentRecord): string[] {
  const lines = (sent as SentInvoice).LineItems;
  const errors: string[] = [];
  if (!Array.isArray(lines) || lines.length === 0) errors.push('One or more line items must be specified');
  if (sent['Type'] !== 'ACCREC') errors.push('Only invoices to customers are simulated');
  if (sent['Status'] !== undefined && sent['Status'] !== 'DRAFT' && sent['DueDate'] === undefined)
    errors.push('Due Date cannot be empty');
  return errors;
}

export function checkInvoicesBody(body: unknown): CheckedBody {
  return checkBody(body, { field: 'Invoices', schema: invoiceSchema, demand: listDemands });
}
