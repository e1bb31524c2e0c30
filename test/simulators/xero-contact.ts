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

export type SentContact = Partial<XeroContact> & { readonly [field: string]: unknown };
