import type { HubspotContact } from './hubspot-contact.ts';

export interface HubspotFilter {
  readonly propertyName: string;
  readonly operator: string;
  readonly value?: string;
  readonly highValue?: string;
  readonly values?: readonly string[];
}

type Comparable = number | string;

const isoInstant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;
const dateProperties = ['lastmodifieddate', 'createdate'];
const valueOperators = ['EQ', 'NEQ', 'GT', 'GTE', 'LT', 'LTE', 'CONTAINS_TOKEN', 'NOT_CONTAINS_TOKEN'];

/** A property's value as HubSpot stores it; the dates and the id come from the record itself. */
export function readProperty(contact: HubspotContact, name: string): string | null {
  if (name === 'lastmodifieddate') return contact.updatedAt;
  if (name === 'createdate') return contact.createdAt;
  if (name === 'hs_object_id') return contact.id;
  return contact.properties[name] ?? null;
}

/** Epoch milliseconds in digits, or an ISO instant; `undefined` for anything else. */
function parseInstant(value: string): number | undefined {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  const at = isoInstant.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function parseValue(name: string, value: string): Comparable | undefined {
  if (dateProperties.includes(name)) return parseInstant(value);
  if (name === 'hs_object_id') return /^\d+$/.test(value) ? Number(value) : undefined;
  return value;
}

/** Says what HubSpot would refuse about a filter; `undefined` when it is fine. */
export function refuseFilter(filter: HubspotFilter): string | undefined {
  const { propertyName, operator, value, highValue, values } = filter;
  const needsValue = valueOperators.includes(operator) || operator === 'BETWEEN';
  if (needsValue && value === undefined) return `filter on ${propertyName}: ${operator} needs a value`;
  if (operator === 'BETWEEN' && highValue === undefined) {
    return `filter on ${propertyName}: BETWEEN needs a highValue`;
  }
  if ((operator === 'IN' || operator === 'NOT_IN') && (values === undefined || values.length === 0)) {
    return `filter on ${propertyName}: ${operator} needs values`;
  }
  const given = [value, highValue, ...(values ?? [])].filter((one) => one !== undefined);
  const bad = given.find((one) => parseValue(propertyName, one) === undefined);
  return bad === undefined
    ? undefined
    : `filter on ${propertyName}: cannot read the value ${JSON.stringify(bad)}`;
}

/** Negative, zero or positive; by number where both are numbers. */
export function compareValues(left: Comparable, right: Comparable): number {
  const isNumeric = [left, right].every((one) => one !== '' && Number.isFinite(Number(one)));
  if (isNumeric) return Number(left) - Number(right);
  if (left === right) return 0;
  return String(left) < String(right) ? -1 : 1;
}

function hasToken(text: string, pattern: string): boolean {
  const bare = pattern.replaceAll('*', '').toLowerCase();
  const words = text.toLowerCase().split(/[\s,;]+/);
  if (!pattern.includes('*')) return words.includes(bare);
  return words.some((word) => word.includes(bare));
}

function holdsForValue(stored: Comparable, filter: HubspotFilter): boolean {
  const { propertyName, operator } = filter;
  const read = (value: string): Comparable => parseValue(propertyName, value) ?? value;
  const order = compareValues(stored, read(filter.value ?? ''));
  const isListed = (filter.values ?? []).some((value) => read(value) === stored);
  switch (operator) {
    case 'EQ':
      return order === 0;
    case 'NEQ':
      return order !== 0;
    case 'GT':
      return order > 0;
    case 'GTE':
      return order >= 0;
    case 'LT':
      return order < 0;
    case 'LTE':
      return order <= 0;
    case 'BETWEEN':
      return order >= 0 && compareValues(stored, read(filter.highValue ?? '')) <= 0;
    case 'IN':
      return isListed;
    case 'NOT_IN':
      return !isListed;
    case 'CONTAINS_TOKEN':
      return hasToken(String(stored), filter.value ?? '');
    default:
      return !hasToken(String(stored), filter.value ?? '');
  }
}

/** Does the contact meet the filter? An absent value meets only NOT_HAS_PROPERTY, NEQ and the NOT_ ones. */
export function matchesFilter(contact: HubspotContact, filter: HubspotFilter): boolean {
  const { propertyName, operator } = filter;
  const text = readProperty(contact, propertyName);
  const isBlank = text === null || text === '';
  if (operator === 'HAS_PROPERTY') return !isBlank;
  if (operator === 'NOT_HAS_PROPERTY') return isBlank;
  if (isBlank) return operator === 'NEQ' || operator === 'NOT_IN' || operator === 'NOT_CONTAINS_TOKEN';
  return holdsForValue(parseValue(propertyName, text) ?? text, filter);
}

function readSortKey(contact: HubspotContact, sort: string): Comparable {
  const name = sort.replace(/^-/, '');
  const text = readProperty(contact, name) ?? '';
  return parseValue(name, text) ?? text;
}

/** In the order of `sorts`; contacts that are level come by id. */
export function sortContacts(
  contacts: readonly HubspotContact[],
  sorts: readonly string[],
): HubspotContact[] {
  const rows = contacts.map((contact) => ({
    contact,
    keys: sorts.map((sort) => readSortKey(contact, sort)),
  }));
  rows.sort((left, right) => {
    for (const [index, sort] of sorts.entries()) {
      const order = compareValues(left.keys[index] ?? '', right.keys[index] ?? '');
      if (order !== 0) return sort.startsWith('-') ? -order : order;
    }
    return Number(left.contact.id) - Number(right.contact.id);
  });
  return rows.map((row) => row.contact);
}
