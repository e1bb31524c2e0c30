import { stringifyExactJson } from '../exact-json.ts';

/** Parameters as OpenAPI writes them (3.1, 4.8.12.4, after RFC 6570). What is written raw here is encoded member by member. */
export type ParameterValue =
  | string
  | number
  | boolean
  | readonly (string | number | boolean)[]
  | { readonly [name: string]: unknown }
  | undefined;

export interface QueryValue {
  readonly name: string;
  readonly value: ParameterValue;
  /** How a list is written: repeated (form, explode) or joined by this text; an object joined is names and values in turn. */
  readonly join?: ',' | ' ' | '|';
  /** How an object is written that is not joined: its members under their own names, `deepObject`, or as JSON. */
  readonly as?: 'members' | 'brackets' | 'json';
}

/** Names and values, neither encoded; a joined value is a list of parts between which the joint stands. */
interface Written {
  readonly name: string;
  readonly parts: readonly string[];
  readonly joint: string;
}

export function encodeQuery(values: readonly QueryValue[]): string {
  return values
    .flatMap((value) => listWritten(value))
    .map(({ name, parts, joint }) => {
      const between = joint === ',' ? ',' : encodeURIComponent(joint);
      return `${encodeURIComponent(name)}=${parts.map((part) => encodeURIComponent(part)).join(between)}`;
    })
    .join('&');
}

/** RFC 6265 4.2.1. */
export function encodeCookies(values: readonly QueryValue[]): string {
  return values
    .flatMap((value) => listWritten(value))
    .map(({ name, parts, joint }) => `${name}=${parts.map((part) => encodeURIComponent(part)).join(joint)}`)
    .join('; ');
}

function listWritten({ name, value, join, as }: QueryValue): Written[] {
  if (value === undefined) return [];
  const one = (part: unknown): Written => ({ name, parts: [String(part)], joint: '' });
  if (as === 'json') return [one(stringifyExactJson(value))];
  if (typeof value !== 'object') return [one(value)];
  if (as === 'brackets') return listBracketed(name, value);
  if (join !== undefined) return [{ name, parts: flatten(value), joint: join }];
  if (Array.isArray(value)) return value.map(one);
  return listMembers(value).map(([key, member]) => ({ name: key, parts: [member], joint: '' }));
}

function listBracketed(name: string, value: unknown): Written[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [{ name, parts: [String(value ?? '')], joint: '' }];
  return Object.entries(value).flatMap(([key, member]) => listBracketed(`${name}[${key}]`, member));
}

function listMembers(value: object): [name: string, value: string][] {
  return Object.entries(value)
    .filter(([, member]) => member !== undefined && member !== null)
    .map(([name, member]) => [
      name,
      typeof member === 'object' ? (stringifyExactJson(member) ?? '') : String(member),
    ]);
}

function flatten(value: object): string[] {
  return Array.isArray(value) ? value.map(String) : listMembers(value).flat();
}

/** A header's value (style `simple`). */
export function headerValue(value: ParameterValue, explode = false): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object') return String(value);
  if (!explode || Array.isArray(value)) return flatten(value).join(',');
  return listMembers(value)
    .map((pair) => pair.join('='))
    .join(',');
}

/**
 * One segment of a path. @throws Error where the value is empty or a dot segment, which would name another resource.
 */
export function pathSegment(name: string, value: string | number | null | undefined): string {
  const text = value === null || value === undefined ? '' : String(value);
  if (text === '' || text === '.' || text === '..')
    throw new Error(`The path parameter ${name} is "${text}", which would call another address.`);
  return encodeURIComponent(text);
}

export interface PathStyle {
  readonly style?: 'simple' | 'label' | 'matrix';
  readonly explode?: boolean;
}

/** A segment of several values, or of another style. @throws Error as `pathSegment` does, for any of the values */
export function pathValue(
  name: string,
  value: ParameterValue | null,
  { style = 'simple', explode = false }: PathStyle,
): string {
  const between = explode && style !== 'simple' ? { label: '.', matrix: ';' }[style] : ',';
  const list = (pairs: readonly string[]): string => {
    if (pairs.length === 0) pathSegment(name, undefined);
    return pairs.join(between);
  };
  const encode = (part: unknown): string => pathSegment(name, part as string);
  if (typeof value !== 'object' || value === null) return `${opening(style, name)}${encode(value)}`;
  if (Array.isArray(value)) {
    const own = style === 'matrix' && explode;
    const items = list(
      value.map((item) => (own ? `${encodeURIComponent(name)}=${encode(item)}` : encode(item))),
    );
    return `${own ? ';' : opening(style, name)}${items}`;
  }
  const members = listMembers(value);
  if (!explode)
    return `${opening(style, name)}${list(members.flatMap(([key, member]) => [encode(key), encode(member)]))}`;
  const start = { simple: '', label: '.', matrix: ';' }[style];
  return `${start}${list(members.map(([key, member]) => `${encode(key)}=${encode(member)}`))}`;
}

function opening(style: 'simple' | 'label' | 'matrix', name: string): string {
  return { simple: '', label: '.', matrix: `;${encodeURIComponent(name)}=` }[style];
}
