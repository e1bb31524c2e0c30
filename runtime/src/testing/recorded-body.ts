import querystring from 'node:querystring';
import { stringifyExactJson } from '../exact-json.ts';
import type { System } from '../flow.ts';
import type { BodyFormat } from '../formats/body-format.ts';
import { readAnswer } from '../http/read-answer.ts';
import { findHeader, readBody } from '../recording/recording.ts';
import type { Recording, RecordedHeader } from '../recording/recording.ts';
import { decodeBody } from '../recording/redact-body.ts';

/** An answer as it is on the wire: the bytes that were recorded, or what the service's own format makes of data. */
export interface AnswerBytes {
  readonly bytes: Buffer;
  readonly headers: readonly RecordedHeader[];
}

export function writeAnswer(system: System, { operation, response }: Recording): AnswerBytes {
  const { body, headers } = response;
  const recorded = readBody(body);
  if (recorded !== undefined) return { bytes: recorded, headers };
  return writeData(system, operation, body !== undefined && 'data' in body ? body.data : undefined, headers);
}

/** Data in the format that the service expects of this operation. */
export function writeData(
  system: System,
  { method, path }: Recording['operation'],
  data: unknown,
  headers: readonly RecordedHeader[],
): AnswerBytes {
  const [format] = system.answers?.[`${method} ${path}`] ?? [];
  if (format === undefined || typeof data === 'string')
    return {
      bytes: Buffer.from(format === undefined ? (stringifyExactJson(data) ?? '') : String(data)),
      headers,
    };
  const { text, contentType } = format.write(data);
  const others = headers.filter(([name]) => name.toLowerCase() !== 'content-type');
  return { bytes: Buffer.from(text), headers: [...others, ['content-type', contentType]] };
}

/** What an answer says to the service; undefined where it says nothing that can be read. */
export function readAnswerData(system: System, recording: Recording): unknown {
  const { bytes, headers } = writeAnswer(system, recording);
  const decoded = decodeBody(bytes, findHeader(headers, 'content-encoding'));
  const { method, path } = recording.operation;
  if (decoded === undefined) return undefined;
  const answer = { status: recording.response.status, headers: flattenHeaders(headers), bytes: decoded };
  const facts = readAnswer(answer, system.answers?.[`${method} ${path}`]);
  return facts.kind === 'response' ? facts.body : undefined;
}

/** As a transport hands them on: names in lower case, what is repeated joined. */
export function flattenHeaders(headers: readonly RecordedHeader[]): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [given, value] of headers) {
    const name = given.toLowerCase();
    flat[name] = flat[name] === undefined ? value : `${flat[name]}, ${value}`;
  }
  return flat;
}

/** What nock hands on of a body, so that it can be compared with `expectedBody`; it has parsed JSON and forms. */
export function sentBody(body: unknown, format: BodyFormat | undefined): unknown {
  if (typeof body === 'string' && format !== undefined) return readText(body, format);
  return format?.type.includes('json') === true && isLines(format) ? [body] : body;
}

/** What the rules make of a record, as `sentBody` gives the body that says so: the order of the fields means nothing. */
export function expectedBody(item: unknown, format: BodyFormat | undefined): unknown {
  if (format === undefined) return item;
  const { text } = format.write(item);
  return format.type === 'application/x-www-form-urlencoded'
    ? { ...querystring.parse(text) }
    : readText(text, format);
}

/** A body as it was sent, read as its format says: nothing of it is lost, unlike with nock. */
export function readSent(text: string | undefined, format: BodyFormat | undefined): unknown {
  if (text === undefined) return undefined;
  if (format === undefined) return JSON.parse(text);
  return format.type === 'application/x-www-form-urlencoded'
    ? { ...querystring.parse(text) }
    : readText(text, format);
}

function isLines({ type }: BodyFormat): boolean {
  return /ndjson|jsonl|lines/.test(type);
}

export function readText(text: string, format: BodyFormat): unknown {
  if (format.type !== 'multipart/form-data') return format.read(text, false);
  const [boundary = ''] = text.split('\r\n');
  return text.split(boundary).toSorted();
}
