import type { HubspotKind, HubspotObject } from './hubspot-object.ts';

export interface HubspotFilter {
  readonly propertyName: string;
  readonly operator: string;
  readonly value?: string;
  readonly highValue?: string;
  readonly values?: readonly string[];
}

type Comparable = number | string;

const isoInstant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;
const valueOperators = ['EQ', 'NEQ', 'GT', 'GTE', 'LT', 'LTE', 'CONTAINS_TOKEN', 'NOT_CONTAINS_TOKEN'];

/** A property's value as HubSpot stores it; the dates and the id come from the record itself. */
export function readProperty(object: HubspotObject, name: string, kind: HubspotKind): string | null {
  if (name === kind.changed) return object.updatedAt;
  if (name === 'createdate') return object.createdAt;
  if (name === 'hs_object_id') return object.id;
  return object.properties[name] ?? null;
}

/** Epoch milliseconds in digits, or an ISO instant; `undefined` for anything else. */
function parseInstant(value: string): number | undefined {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  const at = isoInstant.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function parseValue(name: string, value: string, kind: HubspotKind): Comparable | undefined {
  if ([kind.changed, 'createdate', ...kind.dates].includes(name)) return parseInstant(value);
  if (name === 'hs_object_id') return /^\d+$/.test(value) ? Number(value) : undefined;
  return value;
}

/** Says what HubSpot would refuse about a filter; `undefined` when it is fine. */
export function refuseFilter(filter: HubspotFilter, kind: HubspotKind): string | undefined {
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
  const bad = given.find((one) => parseValue(propertyName, one, kind) === undefined);
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

function holdsForValue(stored: Comparable, filter: HubspotFilter, kind: HubspotKind): boolean {
  const { propertyName, operator } = filter;
  const read = (value: string): Comparable => parseValue(propertyName, value, kind) ?? value;
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

/** Does the object meet the filter? An absent value meets only NOT_HAS_PROPERTY, NEQ and the NOT_ ones. */
export function matchesFilter(object: HubspotObject, filter: HubspotFilter, kind: HubspotKind): boolean {
  const { propertyName, operator } = filter;
  const text = readProperty(object, propertyName, kind);
  const isBlank = text === null || text === '';
  if (operator === 'HAS_PROPERTY') return !isBlank;
  if (operator === 'NOT_HAS_PROPERTY') return isBlank;
  if (isBlank) return operator === 'NEQ' || operator === 'NOT_IN' || operator === 'NOT_CONTAINS_TOKEN';
  return holdsForValue(parseValue(propertyName, text, kind) ?? text, filter, kind);
}

function readSortKey(object: HubspotObject, sort: string, kind: HubspotKind): Comparable {
  const name = sort.replace(/^-/, '');
  const text = readProperty(object, name, kind) ?? '';
  return parseValue(name, text, kind) ?? text;
}

/** In the order of `sorts`; objects that are level come by id. */
export function sortObjects(
  objects: readonly HubspotObject[],
  sorts: readonly string[],
  kind: HubspotKind,
): HubspotObject[] {
  const rows = objects.map((object) => ({
    object,
    keys: sorts.map((sort) => readSortKey(object, sort, kind)),
  }));
  rows.sort((left, right) => {
    for (const [index, sort] of sorts.entries()) {
      const order = compareValues(left.keys[index] ?? '', right.keys[index] ?? '');
      if (order !== 0) return sort.startsWith('-') ? -order : order;
    }
    return Number(left.object.id) - Number(right.object.id);
  });
  return rows.map((row) => row.object);
}
