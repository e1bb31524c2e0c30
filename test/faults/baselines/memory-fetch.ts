import type { WireAnswer } from '../fault.ts';
import type { FaultWorld } from '../fault-world.ts';
import type { FetchAnswer, FetchInit, FetchLike } from './fetch-client.ts';
import type { RunClock } from './run-clock.ts';

const MOST_REDIRECTS = 20;
const TIMEOUT_MS = 30_000;

/** What the global `fetch` would make of the answers of a world, as far as the standard says it. */
export function createMemoryFetch(world: FaultWorld, clock: RunClock): FetchLike {
  const send = async (url: string, init: FetchInit, hop: number): Promise<FetchAnswer> => {
    const request = {
      method: init.method ?? 'GET',
      url,
      headers: lowerCase(init.headers ?? {}),
      body: init.body,
    };
    const wire = world.exchange(request, clock.now());
    if (wire.kind === 'timeout') clock.pass(TIMEOUT_MS);
    if (wire.kind !== 'response') throw new TypeError(`fetch failed: ${wire.kind}`);
    const next = findRedirect(wire, url, init);
    if (next === undefined) return toAnswer(wire);
    if (hop === MOST_REDIRECTS) throw new TypeError('fetch failed: redirect count exceeded');
    return send(next.url, next.init, hop + 1);
  };
  return (url, init = {}) => send(url, init, 0);
}

type WireResponse = Extract<WireAnswer, { readonly kind: 'response' }>;

function toAnswer({ status, body }: WireResponse): FetchAnswer {
  const text = new TextDecoder().decode(body);
  return {
    ok: status >= 200 && status < 300,
    status,
    json: () => Promise.resolve(text).then((read) => JSON.parse(read) as unknown),
  };
}

/** Fetch standard, HTTP-redirect fetch: everywhere, and only `Authorization` stays behind at another origin. */
function findRedirect(
  { status, headers }: WireResponse,
  from: string,
  init: FetchInit,
): { readonly url: string; readonly init: FetchInit } | undefined {
  const location = lowerCase(headers)['location'];
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status)) return undefined;
  const url = new URL(location, from);
  const isSame = url.origin === new URL(from).origin;
  const kept = Object.entries(init.headers ?? {}).filter(
    ([name]) => isSame || name.toLowerCase() !== 'authorization',
  );
  const turnsToGet = status === 303 || (status <= 302 && init.method === 'POST');
  const headersNext = Object.fromEntries(kept);
  return {
    url: url.href,
    init: turnsToGet ? { headers: headersNext } : { ...init, headers: headersNext },
  };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
