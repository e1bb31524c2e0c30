import type { RecordedHeader } from './recording.ts';
import type { ReplaceNamed } from './field-kind.ts';
import { redactUrl } from './redact-target.ts';

/** What these hold is the protocol's; every other header is looked at like a field. */
const PROTOCOL: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-ranges',
  'age',
  'allow',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'expires',
  'idempotency-key',
  'keep-alive',
  'last-modified',
  'pragma',
  'retry-after',
  'server',
  'strict-transport-security',
  'te',
  'trailer',
  'transfer-encoding',
  'user-agent',
  'vary',
]);
const LIMITS = /^(?:x-)?rate-?limit|^x-.*(?:limit|remaining|reset)/;
const ADDRESS = /https?:\/\/[^\s<>",;]+/g;
/** RFC 9110 11.4, 11.6: the scheme says how, what follows it says who. */
const CREDENTIALS = /^(?:proxy-)?authorization$/;

export function redactHeaders(headers: readonly RecordedHeader[], replace: ReplaceNamed): RecordedHeader[] {
  return headers.map(([name, value]) => [name, redactValue(name.toLowerCase(), value, replace)]);
}

function redactValue(name: string, value: string, replace: ReplaceNamed): string {
  if (PROTOCOL.has(name)) return value;
  if (LIMITS.test(name) && /^[\d\s.,;:=wW"a-z-]*$/.test(value)) return value;
  if (CREDENTIALS.test(name)) {
    const [, scheme = '', rest = value] = /^([\w-]+\s+)(.+)$/s.exec(value) ?? [];
    return `${scheme}${replace(rest, name) ?? rest}`;
  }
  if (name === 'link' || name === 'location' || name === 'content-location')
    return value.replaceAll(ADDRESS, (address) => replace(address, name) ?? redactUrl(address, replace));
  if (name === 'cookie' || name === 'set-cookie') {
    const [, cookie = '', rest = value] = /^([^=;]*=)(.*)$/s.exec(value) ?? [];
    return `${cookie}${replace(rest, name) ?? rest}`;
  }
  return replace(value, name) ?? value;
}
