import { createHash, createHmac } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { WireRequest } from '../http/transport.ts';
import type { HmacAuth, SignedPart } from './system-auth.ts';

/** One try with its signature: a keyed hash (RFC 2104) over the stated parts, as their bytes go out. */
export function signRequest(auth: HmacAuth, request: WireRequest, clock: Clock): WireRequest {
  const timestamp = formatTimestamp(auth.timestamp?.unit ?? 's', clock.now());
  const text = auth.parts.map((part) => readPart(part, auth, request, timestamp)).join(auth.separator);
  const signature = createHmac(auth.hash, auth.secret).update(text, 'utf8').digest(auth.encoding);
  const { header, prefix = '' } = auth.signature;
  const time = auth.timestamp === undefined ? {} : { [auth.timestamp.header.toLowerCase()]: timestamp };
  const headers = { ...request.headers, ...time, [header.toLowerCase()]: `${prefix}${signature}` };
  return { ...request, headers };
}

function readPart(part: SignedPart, auth: HmacAuth, request: WireRequest, timestamp: string): string {
  // The transport sends the address as `URL` reads it, so that is what is signed.
  const url = new URL(request.url);
  const body = request.body ?? '';
  switch (part) {
    case 'method':
      return request.method;
    case 'path':
      return url.pathname;
    case 'query':
      return url.search.slice(1);
    case 'body':
      return body;
    case 'body-hash':
      return createHash('sha256').update(body, 'utf8').digest(auth.encoding);
    case 'timestamp':
      return timestamp;
  }
}

function formatTimestamp(unit: 's' | 'ms' | 'iso', nowMs: number): string {
  if (unit === 'iso') return new Date(nowMs).toISOString();
  return String(unit === 's' ? Math.floor(nowMs / 1000) : nowMs);
}
