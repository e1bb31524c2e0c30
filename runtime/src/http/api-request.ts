import { stringifyExactJson } from '../exact-json.ts';
/** A call of one operation, as generated code describes it: values in their places, nothing encoded yet but the path. */
export interface ApiRequest {
  /** `POST /Contacts`: for logs, metrics and documents. */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly query?: readonly QueryValue[];
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

export interface QueryValue {
  readonly name: string;
  readonly value: string | number | boolean | readonly (string | number | boolean)[] | undefined;
  /** How a list is written: repeated (form, explode) or joined by this text. */
  readonly join?: ',' | ' ' | '|';
}

/** The bytes of a request that do not change from one try to the next. */
export interface FrozenRequest {
  readonly operation: string;
  readonly method: string;
  /** Path and query, relative to the system's server. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export function freezeRequest(request: ApiRequest): FrozenRequest {
  const headers: Record<string, string> = { accept: 'application/json' };
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (value !== undefined) headers[name.toLowerCase()] = checkHeader(name, value);
  }
  const body = request.body === undefined ? undefined : stringifyExactJson(request.body);
  if (body !== undefined) headers['content-type'] = 'application/json';
  const query = encodeQuery(request.query ?? []);
  return {
    operation: request.operation,
    method: request.method,
    target: query === '' ? request.path : `${request.path}?${query}`,
    headers,
    body,
  };
}

/** Lines in a header value would let data write headers of its own. */
function checkHeader(name: string, value: string): string {
  if (/[\r\n\0]/.test(value)) throw new Error(`The value of the header ${name} holds a line break.`);
  return value;
}

function encodeQuery(values: readonly QueryValue[]): string {
  const parts: string[] = [];
  for (const { name, value, join } of values) {
    if (value === undefined) continue;
    const list = Array.isArray(value) ? value : [value];
    if (join === undefined)
      for (const item of list) parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(String(item))}`);
    else
      parts.push(
        `${encodeURIComponent(name)}=${list.map((item) => encodeURIComponent(String(item))).join(join === ',' ? ',' : encodeURIComponent(join))}`,
      );
  }
  return parts.join('&');
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
