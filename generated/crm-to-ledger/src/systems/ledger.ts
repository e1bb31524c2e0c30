// Generated from crm-to-ledger.rules.yaml. Edits are overwritten; see README.md, "Changing this service".
import { readRate } from '@mortise/runtime';
import type { ApiRequest, System } from '@mortise/runtime';
import type { Config } from '../config.ts';

export interface Contacts {
  Contacts?: Contact[];
}

export interface Contact {
  ContactID?: string;
  ContactNumber?: string;
  Name?: string;
  EmailAddress?: string;
  Phones?: Phone[];
  DefaultCurrency?:
    | 'AED'
    | 'AFN'
    | 'ALL'
    | 'AMD'
    | 'ANG'
    | 'AOA'
    | 'ARS'
    | 'AUD'
    | 'AWG'
    | 'AZN'
    | 'BAM'
    | 'BBD'
    | 'BDT'
    | 'BGN'
    | 'BHD'
    | 'BIF'
    | 'BMD'
    | 'BND'
    | 'BOB'
    | 'BRL'
    | 'BSD'
    | 'BTN'
    | 'BWP'
    | 'BYN'
    | 'BYR'
    | 'BZD'
    | 'CAD'
    | 'CDF'
    | 'CHF'
    | 'CLF'
    | 'CLP'
    | 'CNY'
    | 'COP'
    | 'CRC'
    | 'CUC'
    | 'CUP'
    | 'CVE'
    | 'CZK'
    | 'DJF'
    | 'DKK'
    | 'DOP'
    | 'DZD'
    | 'EEK'
    | 'EGP'
    | 'ERN'
    | 'ETB'
    | 'EUR'
    | 'FJD'
    | 'FKP'
    | 'GBP'
    | 'GEL'
    | 'GHS'
    | 'GIP'
    | 'GMD'
    | 'GNF'
    | 'GTQ'
    | 'GYD'
    | 'HKD'
    | 'HNL'
    | 'HRK'
    | 'HTG'
    | 'HUF'
    | 'IDR'
    | 'ILS'
    | 'INR'
    | 'IQD'
    | 'IRR'
    | 'ISK'
    | 'JMD'
    | 'JOD'
    | 'JPY'
    | 'KES'
    | 'KGS'
    | 'KHR'
    | 'KMF'
    | 'KPW'
    | 'KRW'
    | 'KWD'
    | 'KYD'
    | 'KZT'
    | 'LAK'
    | 'LBP'
    | 'LKR'
    | 'LRD'
    | 'LSL'
    | 'LTL'
    | 'LVL'
    | 'LYD'
    | 'MAD'
    | 'MDL'
    | 'MGA'
    | 'MKD'
    | 'MMK'
    | 'MNT'
    | 'MOP'
    | 'MRO'
    | 'MRU'
    | 'MUR'
    | 'MVR'
    | 'MWK'
    | 'MXN'
    | 'MXV'
    | 'MYR'
    | 'MZN'
    | 'NAD'
    | 'NGN'
    | 'NIO'
    | 'NOK'
    | 'NPR'
    | 'NZD'
    | 'OMR'
    | 'PAB'
    | 'PEN'
    | 'PGK'
    | 'PHP'
    | 'PKR'
    | 'PLN'
    | 'PYG'
    | 'QAR'
    | 'RON'
    | 'RSD'
    | 'RUB'
    | 'RWF'
    | 'SAR'
    | 'SBD'
    | 'SCR'
    | 'SDG'
    | 'SEK'
    | 'SGD'
    | 'SHP'
    | 'SKK'
    | 'SLE'
    | 'SLL'
    | 'SOS'
    | 'SRD'
    | 'STD'
    | 'STN'
    | 'SVC'
    | 'SYP'
    | 'SZL'
    | 'THB'
    | 'TJS'
    | 'TMT'
    | 'TND'
    | 'TOP'
    | 'TRY'
    | 'TTD'
    | 'TWD'
    | 'TZS'
    | 'UAH'
    | 'UGX'
    | 'USD'
    | 'UYU'
    | 'UZS'
    | 'VEF'
    | 'VES'
    | 'VND'
    | 'VUV'
    | 'WST'
    | 'XAF'
    | 'XCD'
    | 'XOF'
    | 'XPF'
    | 'YER'
    | 'ZAR'
    | 'ZMW'
    | 'ZMK'
    | 'ZWD';
  HasValidationErrors?: boolean;
}

export interface Phone {
  PhoneType?: 'DEFAULT' | 'DDI' | 'MOBILE' | 'FAX' | 'OFFICE';
  PhoneNumber?: string;
}

/** rules: systems.ledger */
export function createLedger(config: Config): System {
  return {
    name: 'ledger',
    server: config.LEDGER_URL,
    auth: {
      kind: 'oauth2',
      grant: 'refresh_token',
      tokenUrl: config.LEDGER_TOKEN_URL,
      client: config.XERO_CLIENT_ID,
      secret: config.XERO_CLIENT_SECRET,
      refresh: config.XERO_REFRESH_TOKEN,
      graceMs: 1_800_000,
    },
    headers: { 'xero-tenant-id': config.XERO_TENANT_ID },
    limits: {
      rate: readRate(config.LEDGER_RATE) ?? { count: 60, perMs: 60_000 },
      concurrency: config.LEDGER_CONCURRENCY ?? 5,
      daily: config.LEDGER_DAILY ?? 5000,
    },
  };
}

/** POST /Contacts (updateOrCreateContacts) */
export function updateOrCreateContacts(body: Contacts): ApiRequest {
  return {
    operation: 'POST /Contacts',
    method: 'POST',
    path: '/Contacts',
    body,
  };
}
