import { JSON_FORMAT } from '../formats/json-format.ts';
import type { BodyFormat } from '../formats/body-format.ts';
import { encodeCookies, encodeQuery } from './parameter-style.ts';
import type { QueryValue } from './parameter-style.ts';

/** A call of one operation, as generated code describes it: values in their places, nothing encoded yet but the path. */
export interface ApiRequest {
  /** `POST /Contacts`: for logs, metrics and documents. */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly query?: readonly QueryValue[];
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly cookies?: readonly QueryValue[];
  readonly body?: unknown;
  /** How the body is written; as JSON where it is left out. */
  readonly format?: BodyFormat;
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
  for (const name in request.headers) {
    const value = request.headers[name];
    if (value !== undefined) headers[name.toLowerCase()] = checkHeader(name, value);
  }
  const cookies = request.cookies === undefined ? '' : encodeCookies(request.cookies);
  if (cookies !== '') headers['cookie'] = checkHeader('cookie', cookies);
  const body = request.body === undefined ? undefined : (request.format ?? JSON_FORMAT).write(request.body);
  if (body !== undefined) headers['content-type'] = body.contentType;
  const query = request.query === undefined ? '' : encodeQuery(request.query);
  return {
    operation: request.operation,
    method: request.method,
    target: query === '' ? request.path : `${request.path}?${query}`,
    headers,
    body: body?.text,
  };
}

/** Lines in a header value would let data write headers of its own. */
function checkHeader(name: string, value: string): string {
  if (/[\r\n\0]/.test(value)) throw new Error(`The value of the header ${name} holds a line break.`);
  return value;
}
