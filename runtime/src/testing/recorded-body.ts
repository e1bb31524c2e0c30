import querystring from 'node:querystring';
import type { System } from '../flow.ts';
import type { BodyFormat } from '../formats/body-format.ts';
import type { Exchange } from './exchange.ts';

/** An answer as it is on the wire. A recording that is made up holds data; a real one of another format than JSON holds text. */
export function writeAnswer(
  system: System,
  { operation, response }: Exchange,
): { readonly text: string; readonly headers: Readonly<Record<string, string>> } {
  const { body, headers } = response;
  const [format] = system.answers?.[`${operation.method} ${operation.path}`] ?? [];
  if (format === undefined) return { text: JSON.stringify(body), headers };
  if (typeof body === 'string') return { text: body, headers };
  const { text, contentType } = format.write(body);
  return { text, headers: { ...headers, 'content-type': contentType } };
}

/** What nock hands on of a body, so that it can be compared with `expectedBody`; it has parsed JSON and forms. */
export function sentBody(body: unknown, format: BodyFormat | undefined): unknown {
  if (typeof body === 'string' && format !== undefined) return readBody(body, format);
  return format?.type.includes('json') === true && isLines(format) ? [body] : body;
}

/** What the rules make of a record, as `sentBody` gives the body that says so: the order of the fields means nothing. */
export function expectedBody(item: unknown, format: BodyFormat | undefined): unknown {
  if (format === undefined) return item;
  const { text } = format.write(item);
  return format.type === 'application/x-www-form-urlencoded'
    ? { ...querystring.parse(text) }
    : readBody(text, format);
}

function isLines({ type }: BodyFormat): boolean {
  return /ndjson|jsonl|lines/.test(type);
}

export function readBody(text: string, format: BodyFormat): unknown {
  if (format.type !== 'multipart/form-data') return format.read(text, false);
  const [boundary = ''] = text.split('\r\n');
  return text.split(boundary).toSorted();
}
