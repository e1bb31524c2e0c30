import { parseExactJson } from '../exact-json.ts';
import type { CallFacts } from './decide-call.ts';
import type { WireHeaders } from './transport.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const lenientUtf8 = new TextDecoder('utf-8');

/**
 * What an answer says. An empty body is no body; a success whose body is not JSON is malformed, an error's may be
 * anything. The charset is the one that the answer declares (RFC 9110 8.3.2), else UTF-8; a byte order mark is no data.
 */
export function readAnswer(status: number, headers: WireHeaders, bytes: Buffer): CallFacts {
  // RFC 9110 15.3.7 and 15.4.5: a part of the content, or none because a copy of ours would do. We asked for neither.
  if (status === 206 || status === 304) return { kind: 'unknown', reason: 'malformed' };
  if (bytes.length === 0) return { kind: 'response', status, headers, body: undefined };
  const decoded = decodeText(bytes, headers['content-type'] ?? '');
  try {
    if (decoded === undefined) throw new SyntaxError('the charset is not known');
    const body = parseExactJson(decoded.text, decoded.isBroken);
    return { kind: 'response', status, headers, body };
  } catch {
    if (status >= 200 && status < 300) return { kind: 'unknown', reason: 'malformed' };
    return { kind: 'response', status, headers, body: undefined };
  }
}

interface Decoded {
  readonly text: string;
  /** Some bytes stood for no character. */
  readonly isBroken: boolean;
}

function decodeText(bytes: Buffer, contentType: string): Decoded | undefined {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
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

function decodeUtf8(bytes: Buffer): Decoded {
  try {
    return { text: strictUtf8.decode(bytes), isBroken: false };
  } catch {
    return { text: lenientUtf8.decode(bytes), isBroken: true };
  }
}
