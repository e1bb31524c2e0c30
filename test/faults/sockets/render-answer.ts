import { STATUS_CODES } from 'node:http';
import type { WireAnswer } from '../fault.ts';

export type WireResponse = Extract<WireAnswer, { readonly kind: 'response' }>;

/** An answer as HTTP/1.1 (RFC 9112), whole and honest; the connection is kept. */
export function renderAnswer(answer: WireResponse): Buffer {
  const hasBody = answer.status !== 204 && answer.status !== 304;
  const length = hasBody ? [`content-length: ${answer.body.length}`] : [];
  return Buffer.concat([renderHead(answer, length), hasBody ? answer.body : Buffer.alloc(0)]);
}

/** The status line and the headers, with those lines beside that say how the body ends. */
export function renderHead({ status, headers }: WireResponse, framing: readonly string[]): Buffer {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...framing,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
