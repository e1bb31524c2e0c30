export interface XeroContact {
  ContactID: string;
  ContactNumber?: string;
  Name: string;
  EmailAddress?: string;
  Phones?: readonly { PhoneType?: string; PhoneNumber?: string }[];
  DefaultCurrency?: string;
  ContactStatus: string;
  [field: string]: unknown;
}

/** A contact as a caller sends it, once its shape has been checked. */
export type SentContact = Partial<XeroContact> & { readonly [field: string]: unknown };

/** One element of a write: the contact as stored, or as it was sent with the reasons for refusing it. */
export interface WriteResult {
  readonly contact: Readonly<Record<string, unknown>>;
  readonly errors: readonly string[];
}
