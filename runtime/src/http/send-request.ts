import type { AuthFailure, Credentials } from '../auth/credentials.ts';
import type { System } from '../flow.ts';
import type { FrozenRequest } from './api-request.ts';
import type { CallFacts } from './decide-call.ts';
import { readAnswer } from './read-answer.ts';
import { toSameOriginTarget } from './same-origin.ts';
import type { Transport, WireOutcome, WireRequest } from './transport.ts';

const TRY_TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 50_000_000;
const MOST_REDIRECTS = 5;

/**
 * One request with its credentials, and what came of it. Redirects are followed by hand and only to the same origin, so
 * neither credentials nor bodies reach another (OWASP API10:2023); everything else about a 3xx is a decision.
 */
export async function sendRequest(
  request: FrozenRequest,
  credentials: Credentials,
  system: System,
  transport: Transport,
): Promise<CallFacts | AuthFailure> {
  let { target } = request;
  for (let hop = 0; ; hop += 1) {
    const plain = buildWireRequest(request, target, credentials, system);
    const signed = await credentials.sign?.(plain);
    if (signed?.kind === 'failed') return signed;
    const outcome = await transport.send(signed?.request ?? plain);
    if (outcome.kind !== 'response') return outcome;
    const next = hop < MOST_REDIRECTS ? followRedirect(outcome, request, system, target) : undefined;
    if (next === undefined) {
      const { status, headers, body: bytes } = outcome;
      return readAnswer({ status, headers, bytes }, system.answers?.[request.operation]);
    }
    target = next;
  }
}

function buildWireRequest(
  { method, headers, body }: FrozenRequest,
  target: string,
  credentials: Credentials,
  system: System,
): WireRequest {
  return {
    method,
    url: address(system.server, target, credentials),
    headers: joinHeaders(system.headers, headers, credentials.headers),
    body,
    timeoutMs: TRY_TIMEOUT_MS,
    maxBytes: MAX_BODY_BYTES,
  };
}

type Headers = Readonly<Record<string, string>>;

/**
 * The later counts; cookies of the call and of the login go out together. Always new ones: whoever signs the call is given
 * them, and the next try begins with those of the request.
 */
function joinHeaders(system: Headers | undefined, own: Headers, credentials: Headers): Headers {
  const joined = { ...system, ...own, ...credentials };
  const { cookie } = own;
  return cookie === undefined || credentials['cookie'] === undefined
    ? joined
    : { ...joined, cookie: `${cookie}; ${credentials['cookie']}` };
}

/** RFC 9110 15.4: 301, 302 and 303 may change the method, so only those that surely keep it are followed for other methods. */
function followRedirect(
  outcome: Extract<WireOutcome, { readonly kind: 'response' }>,
  request: FrozenRequest,
  system: System,
  from: string,
): string | undefined {
  const { status, headers } = outcome;
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const keepsMethod = status === 307 || status === 308 || (isRead && status >= 301 && status <= 303);
  const location = headers['location'];
  if (!keepsMethod || location === undefined) return undefined;
  return toSameOriginTarget(location, system.server, from);
}

function address(server: string, target: string, credentials: Credentials): string {
  const url = `${server}${target}`;
  if (credentials.query.length === 0) return url;
  return `${url}${target.includes('?') ? '&' : '?'}${new URLSearchParams(credentials.query.map(([name, value]): [string, string] => [name, value])).toString()}`;
}
