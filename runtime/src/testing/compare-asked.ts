import { mediaTypeOf } from '../formats/body-format.ts';
import type { WireRequest } from '../http/transport.ts';

/**
 * Each value of a `with` of the rules where the request has it; what is sent in another form than JSON, a form or plain
 * text is left alone.
 * @param wanted the values, by the names of parameters and fields of the body
 * @param operation as the rules name it, or `POST /things/{id}`
 */
export function compareAsked(
  request: WireRequest,
  wanted: Readonly<Record<string, unknown>>,
  operation: string,
): string[] {
  return Object.entries(wanted).flatMap(([key, value]) => {
    const name = key.replace(/^(?:path|query|header|body)\./, '');
    const sent = readAsked(request, name, operation);
    if (sent === null || isStyled(sent, value, operation.includes(`{${name}}`))) return [];
    if (sent === undefined)
      return isSegment(request, value, operation) || isSpread(request, name, value)
        ? []
        : [`asked without ${name}`];
    return textOf(sent) === textOf(value) || isJoined(sent, value)
      ? []
      : [`asked with ${name} ${textOf(sent)} instead of ${textOf(value)}`];
  });
}

/** A parameter or a field of the body by its name; undefined where it is not sent, null where that cannot be told. */
export function readAsked({ url, body, headers }: WireRequest, name: string, operation: string): unknown {
  const { searchParams, pathname } = new URL(url);
  if (searchParams.has(name)) {
    const all = searchParams.getAll(name);
    return all.length === 1 ? all[0] : all;
  }
  if (headers[name.toLowerCase()] !== undefined) return headers[name.toLowerCase()];
  const cookie = (headers['cookie'] ?? '').split('; ').find((one) => one.startsWith(`${name}=`));
  if (cookie !== undefined) return decodeURIComponent(cookie.slice(name.length + 1));
  if (operation.includes(`{${name}}`)) return readSegment(pathname, name, operation);
  const type = mediaTypeOf(headers['content-type'] ?? '');
  if (type === 'application/x-www-form-urlencoded') return new URLSearchParams(body).get(name) ?? undefined;
  if (body !== undefined && !/[/+]json$/.test(type)) return null;
  try {
    return Reflect.get(JSON.parse(body ?? '{}') as object, name);
  } catch {
    return undefined;
  }
}

/** Counted from the end, for the server may have a path of its own; null where the value is only a part of a segment. */
function readSegment(pathname: string, name: string, operation: string): string | null {
  const segments = operation.split('/');
  const place = segments.indexOf(`{${name}}`);
  return place < 0 ? null : decodeURIComponent(pathname.split('/').at(place - segments.length) ?? '');
}

/** Of an operation that the rules name by its id, the path is not known here: the value is looked for in every segment. */
function isSegment({ url }: WireRequest, wanted: unknown, operation: string): boolean {
  if (operation.includes('/')) return false;
  return new URL(url).pathname.split('/').some((segment) => decodeURIComponent(segment) === textOf(wanted));
}

/** An object in a parameter, or a list in a path, has as many forms as there are styles: tests of the client see to those. */
function isStyled(sent: unknown, wanted: unknown, isInPath: boolean): boolean {
  return !isScalar(wanted) && (isInPath || (typeof sent === 'string' && !Array.isArray(wanted)));
}

/** Members of an object as parameters of their own, `filter[a]=1` or `a=1`; of what is empty nothing is sent. */
function isSpread({ url }: WireRequest, name: string, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return false;
  const members = Object.keys(wanted);
  const query = [...new URL(url).searchParams.keys()];
  return members.length === 0 || query.some((key) => key.startsWith(`${name}[`) || members.includes(key));
}

/** A list in one parameter, with a sign between its values. */
function isJoined(sent: unknown, wanted: unknown): boolean {
  return Array.isArray(wanted) && [',', ' ', '|'].some((sign) => sent === wanted.map(textOf).join(sign));
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object';
}

/** Numbers and texts of the same digits are one literal of the rules. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, member]) => `${key}:${textOf(member)}`).join(',')}}`;
}
