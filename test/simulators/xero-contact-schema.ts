import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { checkBody } from './xero-body.ts';
import type { SentContact } from './xero-contact.ts';
import type { CheckedBody } from './xero-record.ts';

const specUrl = new URL('../../specs/xero/accounting.yaml', import.meta.url);
const specShape = z.object({
  components: z.object({ schemas: z.object({ CurrencyCode: z.object({ enum: z.array(z.string()) }) }) }),
});
/** Every currency that the description knows. */
export const currencies = specShape.parse(parse(readFileSync(specUrl, 'utf8'))).components.schemas
  .CurrencyCode.enum;

/** Lengths count characters (code points), as JSON Schema's maxLength does. */
export const text = (max: number): z.ZodType<string | undefined> =>
  z
    .string()
    .refine((value) => [...value].length <= max, `is longer than ${max} characters`)
    .optional();
export const anyText = z.string().optional();
const lineAmount = z.enum(['INCLUSIVE', 'EXCLUSIVE', 'NONE']).optional();

const phoneSchema = z.strictObject({
  PhoneType: z.enum(['DEFAULT', 'DDI', 'MOBILE', 'FAX', 'OFFICE']).optional(),
  PhoneNumber: text(50),
  PhoneAreaCode: text(10),
  PhoneCountryCode: text(20),
});

const addressSchema = z.strictObject({
  AddressType: z.enum(['POBOX', 'STREET']).optional(),
  AddressLine1: text(500),
  AddressLine2: text(500),
  AddressLine3: text(500),
  AddressLine4: text(500),
  City: text(255),
  Region: text(255),
  PostalCode: text(50),
  Country: text(50),
  AttentionTo: text(255),
});

const personSchema = z.strictObject({
  FirstName: anyText,
  LastName: anyText,
  EmailAddress: anyText,
  IncludeInEmails: z.boolean().optional(),
});

/** What a caller may write. Fields that only the ledger sets are not listed, so sending one is a breach. */
const contactSchema = z.strictObject({
  ContactID: z.guid().optional(),
  ContactNumber: text(50),
  AccountNumber: text(50),
  ContactStatus: z.enum(['ACTIVE', 'ARCHIVED', 'GDPRREQUEST']).optional(),
  Name: text(255),
  FirstName: text(255),
  LastName: text(255),
  CompanyNumber: text(50),
  EmailAddress: text(255),
  ContactPersons: z.array(personSchema).optional(),
  BankAccountDetails: anyText,
  TaxNumber: text(50),
  TaxNumberType: z.enum(['SSN', 'EIN', 'ITIN', 'ATIN']).optional(),
  AccountsReceivableTaxType: anyText,
  AccountsPayableTaxType: anyText,
  Addresses: z.array(addressSchema).optional(),
  Phones: z.array(phoneSchema).optional(),
  SalesDefaultLineAmountType: lineAmount,
  PurchasesDefaultLineAmountType: lineAmount,
  DefaultCurrency: z.enum(currencies).optional(),
  XeroNetworkKey: anyText,
  SalesDefaultAccountCode: anyText,
  PurchasesDefaultAccountCode: anyText,
});

const plausibleEmail = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

/** The ledger's own demands, which its description does not state. */
function listDemands(sent: SentContact): string[] {
  const errors: string[] = [];
  if (typeof sent.Name !== 'string' || sent.Name.trim() === '') errors.push('A contact needs a name');
  const email = sent.EmailAddress;
  if (typeof email === 'string' && email !== '' && !plausibleEmail.test(email)) {
    errors.push(`${email} is not an e-mail address`);
  }
  return errors;
}

export function checkContactsBody(body: unknown): CheckedBody {
  return checkBody(body, { field: 'Contacts', schema: contactSchema, demand: listDemands });
}
