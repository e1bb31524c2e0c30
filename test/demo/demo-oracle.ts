import type { HubspotContact } from '../simulators/hubspot-object.ts';
import type { XeroContact } from '../simulators/xero-contact.ts';

// Written from the meaning of the rules and nothing else: it must be able to disagree with what is generated.

export interface ExpectedContact {
  readonly ContactNumber: string;
  readonly Name: string;
  readonly EmailAddress?: string;
  readonly Phones?: readonly { readonly PhoneType: string; readonly PhoneNumber: string }[];
  readonly DefaultCurrency?: string;
}

export interface ExpectedLedger {
  /** By ContactNumber; without the contested ones. */
  readonly delivered: Map<string, ExpectedContact>;
  readonly skipped: Set<string>;
  /** Id and reason. */
  readonly review: Map<string, string>;
  /** Ids that share a Name: exactly one of each group is delivered, the others are refused and reviewed. */
  readonly contested: string[][];
  /** What each contested id holds if it is the one that is delivered. */
  readonly contenders: Map<string, ExpectedContact>;
}

type Field<T> = { readonly value: T | undefined } | { readonly reason: string };

const longestName = 255;
const absent = { value: undefined };

function isBlank(text: string | null | undefined): text is null | undefined {
  const bare = (text ?? '').trim().toLowerCase();
  return bare === '' || bare === 'n/a' || bare === '-';
}

function expectName(contact: HubspotContact): Field<string> {
  const { company, lastname } = contact.properties;
  const name = [company, lastname].find((text) => !isBlank(text));
  if (name === undefined || name === null) return { reason: 'blank Name' };
  return { value: [...name].slice(0, longestName).join('') };
}

function expectEmail(text: string | null | undefined): Field<string> {
  if (isBlank(text)) return absent;
  const [local = '', domain = '', ...more] = String(text).trim().split('@');
  const hasDot = /^[^\s.]+(\.[^\s.]+)+$/.test(domain);
  if (local === '' || /\s/.test(local) || more.length > 0 || !hasDot) {
    return { reason: 'invalid EmailAddress' };
  }
  return { value: `${local}@${domain.toLowerCase()}` };
}

/** Numbers of Australia and New Zealand are enough: the seeds have no others. */
function expectPhone(text: string | null | undefined): Field<string> {
  if (isBlank(text)) return absent;
  const digits = String(text).replaceAll(/[\s()-]/g, '');
  const national = /^0([234578]\d{8})$/.exec(digits)?.[1];
  if (national !== undefined) return { value: `+61${national}` };
  if (/^\+61[234578]\d{8}$/.test(digits) || /^\+642\d{7,9}$/.test(digits)) return { value: digits };
  return { reason: 'invalid Phones[0].PhoneNumber' };
}

function expectCurrency(country: string | null | undefined): Field<string> {
  if (isBlank(country)) return absent;
  if (country === 'Australia') return { value: 'AUD' };
  return country === 'New Zealand' ? { value: 'NZD' } : { reason: 'enum DefaultCurrency' };
}

function expectContact(contact: HubspotContact): ExpectedContact | string {
  const { email, phone, country } = contact.properties;
  const name = expectName(contact);
  if ('reason' in name) return name.reason;
  const address = expectEmail(email);
  if ('reason' in address) return address.reason;
  const number = expectPhone(phone);
  if ('reason' in number) return number.reason;
  const currency = expectCurrency(country);
  if ('reason' in currency) return currency.reason;
  return {
    ContactNumber: contact.id,
    Name: name.value ?? '',
    ...(address.value !== undefined && { EmailAddress: address.value }),
    ...(number.value !== undefined && { Phones: [{ PhoneType: 'MOBILE', PhoneNumber: number.value }] }),
    ...(currency.value !== undefined && { DefaultCurrency: currency.value }),
  };
}

export function expectedLedger(contacts: readonly HubspotContact[]): ExpectedLedger {
  const skipped = new Set<string>();
  const review = new Map<string, string>();
  const byName = new Map<string, ExpectedContact[]>();
  for (const contact of contacts) {
    if (contact.properties['lifecyclestage'] !== 'customer') {
      skipped.add(contact.id);
      continue;
    }
    const expected = expectContact(contact);
    if (typeof expected === 'string') review.set(contact.id, expected);
    else byName.set(expected.Name, [...(byName.get(expected.Name) ?? []), expected]);
  }
  const groups = [...byName.values()];
  const index = (list: readonly ExpectedContact[]): Map<string, ExpectedContact> =>
    new Map(list.map((expected) => [expected.ContactNumber, expected]));
  const shared = groups.filter((group) => group.length > 1);
  return {
    delivered: index(groups.filter((group) => group.length === 1).flat()),
    skipped,
    review,
    contested: shared.map((group) => group.map((expected) => expected.ContactNumber)),
    contenders: index(shared.flat()),
  };
}

function describeContact(expected: ExpectedContact, actual: XeroContact): string[] {
  const phones = (contact: ExpectedContact | XeroContact): string =>
    (contact.Phones ?? []).map((phone) => `${phone.PhoneType} ${phone.PhoneNumber}`).join(', ');
  const pairs: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['Name', expected.Name, actual.Name],
    ['EmailAddress', expected.EmailAddress, actual.EmailAddress],
    ['Phones', phones(expected), phones(actual)],
    ['DefaultCurrency', expected.DefaultCurrency, actual.DefaultCurrency],
  ];
  return pairs
    .filter(([, wanted, found]) => wanted !== found)
    .map(([field, wanted, found]) => {
      const [is, should] = [found, wanted].map((value) => JSON.stringify(value) ?? 'absent');
      return `${expected.ContactNumber}: ${field} is ${is} and should be ${should}`;
    });
}

function findStrangers(expected: ExpectedLedger, ledger: readonly XeroContact[]): string[] {
  return ledger.flatMap((contact) => {
    const number = contact.ContactNumber;
    if (number === undefined) return [`${contact.Name}: is in the ledger without a ContactNumber`];
    if (expected.delivered.has(number) || expected.contenders.has(number)) return [];
    if (expected.skipped.has(number)) return [`${number}: is in the ledger and should be skipped`];
    const reason = expected.review.get(number);
    if (reason === undefined) return [`${number}: is in the ledger and not in the CRM`];
    return [`${number}: is in the ledger and should be in review (${reason})`];
  });
}

function findWrongReviews(expected: ExpectedLedger, reviewKeys: ReadonlySet<string>): string[] {
  const missing = [...expected.review]
    .filter(([id]) => !reviewKeys.has(id))
    .map(([id, reason]) => `${id}: is not in review (${reason})`);
  const extra = [...reviewKeys].flatMap((id) => {
    if (expected.review.has(id) || expected.contenders.has(id)) return [];
    if (expected.delivered.has(id)) return [`${id}: is in review and should be delivered`];
    return [`${id}: is in review and should ${expected.skipped.has(id) ? 'be skipped' : 'not exist'}`];
  });
  return [...missing, ...extra];
}

function findLost(
  expected: ExpectedLedger,
  present: ReadonlySet<string>,
  reviewKeys: ReadonlySet<string>,
): string[] {
  const lost = [...expected.delivered.keys(), ...expected.contenders.keys()]
    .filter((id) => !present.has(id))
    .filter((id) => !reviewKeys.has(id))
    .map((id) => `${id}: is neither delivered nor in review`);
  const both = [...expected.contenders.keys()]
    .filter((id) => present.has(id) && reviewKeys.has(id))
    .map((id) => `${id}: is delivered and also in review`);
  const unclear = expected.contested
    .filter((group) => group.filter((id) => present.has(id)).length !== 1)
    .map((group) => `${group.join(', ')}: share a Name, so exactly one of them should be delivered`);
  return [...lost, ...both, ...unclear];
}

/** Differences in words; an empty list means that the ledger and the reviews are as they should be. */
export function compareLedger(
  expected: ExpectedLedger,
  ledger: readonly XeroContact[],
  creations: ReadonlyMap<string, number>,
  reviewKeys: ReadonlySet<string>,
): string[] {
  const differences: string[] = [];
  const present = new Set<string>();
  for (const contact of ledger) {
    const number = contact.ContactNumber;
    if (number === undefined) continue;
    if (present.has(number)) differences.push(`${number}: is in the ledger more than once`);
    present.add(number);
    const wanted = expected.delivered.get(number) ?? expected.contenders.get(number);
    if (wanted !== undefined) differences.push(...describeContact(wanted, contact));
  }
  for (const [number, times] of creations) {
    if (times > 1) differences.push(`${number}: was created ${times} times`);
  }
  return [
    ...differences,
    ...findStrangers(expected, ledger),
    ...findLost(expected, present, reviewKeys),
    ...findWrongReviews(expected, reviewKeys),
  ];
}
