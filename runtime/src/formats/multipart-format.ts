import { hash as digest } from 'node:crypto';
import { stringifyExactJson } from '../exact-json.ts';
import type { BodyFormat } from './body-format.ts';
import { writeScalar } from './wire-shape.ts';

/** The media type of a property's part, where the description gives one. */
export type PartTypes = Readonly<Record<string, string>>;

/**
 * `multipart/form-data` (RFC 7578) of text. The boundary comes from what is sent, so that the same body is the same bytes
 * each time; a part cannot hold it, for it would have to hold its own digest.
 */
export function multipartFormat(types: PartTypes = {}): BodyFormat {
  return {
    type: 'multipart/form-data',
    write(value) {
      const parts = Object.entries(value as object).flatMap(([name, part]) =>
        listParts(name, part, Object.hasOwn(types, name) ? types[name] : undefined),
      );
      const boundary = `mortise-${digest('sha256', parts.join('\n'), 'hex').slice(0, 32)}`;
      const text = [...parts.map((part) => `--${boundary}\r\n${part}\r\n`), `--${boundary}--\r\n`].join('');
      return { text, contentType: `multipart/form-data; boundary=${boundary}` };
    },
    read() {
      throw new SyntaxError('an answer in parts is not read');
    },
    accepts: () => false,
  };
}

/** A list is one part for each of its members (RFC 7578, 4.3); an object is a part of JSON. */
function listParts(name: string, value: unknown, type: string | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => listParts(name, item, type));
  if (typeof value !== 'object') return [writePart(name, writeScalar(value, name), type)];
  return [writePart(name, stringifyExactJson(value) ?? '', type ?? 'application/json')];
}

function writePart(name: string, text: string, type: string | undefined): string {
  const escaped = name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
  const headers = [
    `content-disposition: form-data; name="${escaped}"`,
    ...(type === undefined ? [] : [`content-type: ${type}`]),
  ];
  return `${headers.join('\r\n')}\r\n\r\n${text}`;
}
