import type { SeededRandom } from './seeded-random.ts';
import type { XeroContact } from './xero-contact.ts';
import { checkInvoicesBody } from './xero-invoice-schema.ts';
import type { SentInvoice } from './xero-invoice-schema.ts';
import type { CheckedRecord, RecordBook, WriteResult } from './xero-record.ts';
import { createVersionedRows } from './xero-versions.ts';

/** As it is stored: dates as they were sent. */
export interface XeroInvoice extends SentInvoice {
  readonly InvoiceID: string;
  readonly Status: string;
  readonly Contact: { readonly ContactID: string; readonly ContactNumber?: string; readonly Name: string };
  readonly [field: string]: unknown;
}

export interface XeroInvoices extends RecordBook {
  /** Invoices as they are now. */
  invoices(): readonly XeroInvoice[];
  /** Invoices as reads see and show them: without what was written within the lag. */
  visibleInvoices(): readonly XeroInvoice[];
  /** How often each InvoiceNumber was created. */
  creations(): ReadonlyMap<string, number>;
}

export interface InvoiceOptions {
  readonly random: SeededRandom;
  readonly now: () => number;
  readonly lookupLagMs: number;
  readonly contacts: () => readonly XeroContact[];
}

/** The vendor gives this to an element that it has refused. */
const noId = '00000000-0000-0000-0000-000000000000';

/** The vendor's own form of a day, which is not the one that it takes. */
function viewInvoice(invoice: XeroInvoice): XeroInvoice {
  const view = (day: string | undefined): string | undefined => day && `/Date(${Date.parse(day)}+0000)/`;
  return { ...invoice, Date: view(invoice.Date), DueDate: view(invoice.DueDate) };
}

export function createXeroInvoices({ random, now, lookupLagMs, contacts }: InvoiceOptions): XeroInvoices {
  const rows = createVersionedRows<XeroInvoice>(now, lookupLagMs);

  const refuse = (sent: SentInvoice): string | undefined => {
    if (sent['InvoiceID'] !== undefined) return 'An invoice that is created cannot bring an InvoiceID';
    const contact = contacts().find((one) => one.ContactID === sent.Contact?.ContactID);
    if (contact === undefined) return 'There is no contact with this ContactID';
    if (contact.ContactStatus !== 'ACTIVE') return 'The contact is archived';
    const isTaken = rows.current().some((other) => other.InvoiceNumber === sent.InvoiceNumber);
    return isTaken && sent.InvoiceNumber !== undefined ? 'Invoice # must be unique.' : undefined;
  };

  const writeOne = (write: CheckedRecord): WriteResult => {
    const sent = write.sent as SentInvoice;
    const refused = refuse(sent);
    if (refused !== undefined) return { record: { ...sent, InvoiceID: noId }, errors: [refused] };
    const lines = (sent.LineItems ?? []).map((line) => ({ ...line, LineItemID: random.uuid() }));
    const owner = contacts().find((one) => one.ContactID === sent.Contact?.ContactID);
    const { ContactID = '', ContactNumber, Name = '' } = owner ?? {};
    const InvoiceNumber = sent.InvoiceNumber ?? `INV-${rows.current().length + 1}`;
    const invoice: XeroInvoice = {
      Status: 'DRAFT',
      ...sent,
      InvoiceID: random.uuid(),
      InvoiceNumber,
      Contact: { ContactID, Name, ...(ContactNumber && { ContactNumber }) },
      LineItems: lines,
      UpdatedDateUTC: `/Date(${now()}+0000)/`,
      HasErrors: false,
    };
    rows.put(invoice.InvoiceID, invoice, InvoiceNumber);
    return { record: viewInvoice(invoice), errors: [] };
  };

  return {
    field: 'Invoices',
    refused: { HasErrors: true },
    check: checkInvoicesBody,
    write: (writes, mode) => rows.writeAll(writes, mode, writeOne),
    invoices: () => structuredClone(rows.current()),
    visibleInvoices: () => rows.visible().map(viewInvoice),
    creations: rows.creations,
  };
}
