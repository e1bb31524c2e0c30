import type { Transport, WireOutcome, WireRequest } from '../http/transport.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What a fake server does with one request; it may take (virtual) time. */
export type Answerer = (request: WireRequest, index: number) => WireOutcome | Promise<WireOutcome>;

export interface MemoryTransport extends Transport {
  readonly requests: readonly (WireRequest & { readonly atMs: number })[];
}

/** A transport without a network. Every request is kept, with the moment at which it came. */
export function createMemoryTransport(clock: VirtualClock, answer: Answerer): MemoryTransport {
  const requests: (WireRequest & { readonly atMs: number })[] = [];
  return {
    requests,
    send(request) {
      requests.push({ ...request, atMs: clock.now() });
      return Promise.resolve(answer(request, requests.length - 1));
    },
    close: () => Promise.resolve(),
  };
}

export function respond(
  status: number,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): WireOutcome {
  const bytes =
    body === undefined
      ? Buffer.alloc(0)
      : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    kind: 'response',
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: bytes,
  };
}
