import { mediaTypeOf } from '../formats/body-format.ts';
import type { BodyFormat } from '../formats/body-format.ts';
import { JSON_FORMAT } from '../formats/json-format.ts';
import type { CallFacts } from './decide-call.ts';
import type { WireHeaders } from './transport.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const lenientUtf8 = new TextDecoder('utf-8');

/** An answer in bytes. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: WireHeaders;
  readonly bytes: Buffer;
}

/**
 * What an answer says. An empty body is no body; a success whose body is not of an expected format, by its own word or
 * by what it holds, is malformed; an error's may be anything. The charset is the one that the answer declares (RFC 9110
 * 8.3.2), else UTF-8; a byte order mark is no data.
 */
export function readAnswer(
  { status, headers, bytes }: WireAnswer,
  formats: readonly BodyFormat[] = [JSON_FORMAT],
): CallFacts {
  // RFC 9110 15.3.7 and 15.4.5: a part of the content, or none because a copy of ours would do. We asked for neither.
  if (status === 206 || status === 304) return { kind: 'unknown', reason: 'malformed' };
  if (bytes.length === 0) return { kind: 'response', status, headers, body: undefined };
  const isSuccess = status >= 200 && status < 300;
  const type = headers['content-type'] ?? '';
  const format = isSuccess ? chooseFormat(formats, mediaTypeOf(type)) : JSON_FORMAT;
  try {
    if (format === undefined) throw new SyntaxError(`the answer is ${type}`);
    const decoded = decodeText(bytes, findCharset(type, bytes));
    if (decoded === undefined) throw new SyntaxError('the charset is not known');
    const body = format.read(decoded.text, decoded.isBroken);
    return { kind: 'response', status, headers, body };
  } catch {
    if (isSuccess) return { kind: 'unknown', reason: 'malformed' };
    return { kind: 'response', status, headers, body: undefined };
  }
}

/** Some servers send their JSON as `text/html`: what parses as JSON is JSON, and no page to log in does. */
function chooseFormat(formats: readonly BodyFormat[], type: string): BodyFormat | undefined {
  return (
    formats.find((format) => format.accepts(type)) ?? formats.find((format) => format.accepts('text/json'))
  );
}

/** XML may say it itself (XML 1.0, 4.3.3), which counts where the header says nothing. */
function findCharset(contentType: string, bytes: Buffer): string {
  const declared = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1];
  if (declared !== undefined || bytes[0] !== 0x3c) return (declared ?? 'utf-8').toLowerCase();
  const head = bytes.subarray(0, 200).toString('latin1');
  const own = /^<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']/.exec(head)?.[1];
  return (own ?? 'utf-8').toLowerCase();
}

interface Decoded {
  readonly text: string;
  /** Some bytes stood for no character. */
  readonly isBroken: boolean;
}

function decodeText(bytes: Buffer, charset: string): Decoded | undefined {
  if (charset === 'utf-8' || charset === 'utf8') return decodeUtf8(bytes);
  // RFC 2781 4.3: under this name the mark says which byte comes first; the decoder takes it for the little one.
  const isBigEndian = charset === 'utf-16' && bytes[0] === 0xfe && bytes[1] === 0xff;
  try {
    const decoder = new TextDecoder(isBigEndian ? 'utf-16be' : charset, { fatal: true });
    return { text: decoder.decode(bytes), isBroken: false };
  } catch {
    return undefined;
  }
}

const REPLACEMENT = '\uFFFD';
const BYTE_ORDER_MARK = '\uFEFF';

function decodeUtf8(bytes: Buffer): Decoded {
  const text = bytes.toString('utf8');
  // A decoder that is strict costs more than the parsing; without a replacement nothing was replaced.
  if (!text.includes(REPLACEMENT) && !text.startsWith(BYTE_ORDER_MARK)) return { text, isBroken: false };
  try {
    return { text: strictUtf8.decode(bytes), isBroken: false };
  } catch {
    return { text: lenientUtf8.decode(bytes), isBroken: true };
  }
}
