import type { ReviewLine } from '../demo/demo-world.ts';
import type { XeroSimulator } from '../simulators/xero.ts';
import type { ExpectedInvoice, ExpectedInvoices } from './invoice-oracle.ts';

/** Why a record is in review, in few words: what was looked up or which field, without the kind of blank or fault. */
export function tellWhy({ rule, reason }: Pick<ReviewLine, 'rule' | 'reason'>): string {
  const [, find] = /\.find\.(\w+)$/.exec(rule) ?? [];
  return find === undefined ? reason.replace(/^(\w+): \S+ /, '$1 ') : `${find}: ${reason}`;
}

/** What the ledger holds, by the number, in the words of the oracle; numbers in `doubled` were made more than once. */
export function readInvoices(ledger: XeroSimulator): {
  readonly held: ReadonlyMap<string, unknown>;
  readonly doubled: readonly string[];
} {
  const invoices = ledger.invoices();
  const held = new Map(
    invoices.map((invoice) => [
      invoice.InvoiceNumber ?? '',
      {
        Type: invoice['Type'],
        Status: invoice.Status,
        contactId: invoice.Contact.ContactNumber,
        Date: invoice.Date,
        DueDate: invoice.DueDate,
        LineItems: (invoice.LineItems ?? []).map(({ Description, Quantity, UnitAmount, TaxType }) => ({
          Description,
          Quantity,
          UnitAmount,
          TaxType,
        })),
      },
    ]),
  );
  const doubled = [...ledger.invoiceCreations()].filter(([, times]) => times > 1).map(([number]) => number);
  if (held.size !== invoices.length) doubled.push(`${invoices.length - held.size} numbers are there twice`);
  return { held, doubled };
}

/** What the ledger should hold, by the number. */
export function numberInvoices(expected: ExpectedInvoices): ReadonlyMap<string, unknown> {
  const fill = (invoice: ExpectedInvoice): unknown => ({ Type: 'ACCREC', Status: 'DRAFT', ...invoice });
  return new Map([...expected.billed].map(([id, invoice]) => [`HS-${id}`, fill(invoice)]));
}
