import type { Clock } from '../clock.ts';
import type { WireRequest } from '../http/transport.ts';
import type { SignResult } from './credentials.ts';
import type { CustomAuthAnswer } from './custom-auth.ts';
import type { SystemAuth } from './system-auth.ts';

type CustomAuth = Extract<SystemAuth, { readonly kind: 'custom' }>;

/** A call holds a place in the queue of its system while it is signed. */
const LONGEST_MS = 20_000;

/** Asks the hand-written function; what it throws pauses the system, for without it no call is accepted. */
export async function runCustomAuth(
  auth: CustomAuth,
  request: WireRequest,
  clock: Clock,
): Promise<SignResult> {
  const { method, url, headers, body } = request;
  const done = new AbortController();
  try {
    const answer = await Promise.race([
      Promise.resolve(auth.authenticate({ method, url, headers, body, clock })),
      clock.sleep(LONGEST_MS, done.signal),
    ]);
    if (answer === undefined) return fail(`the function in custom/ gave nothing within ${LONGEST_MS} ms`);
    return { kind: 'signed', request: addAnswer(request, answer) };
  } catch (error) {
    return fail(`the function in custom/ failed: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    done.abort();
  }
}

function addAnswer(request: WireRequest, { headers = {}, query = {} }: CustomAuthAnswer): WireRequest {
  const added = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const extra = new URLSearchParams(query).toString();
  const url = extra === '' ? request.url : `${request.url}${request.url.includes('?') ? '&' : '?'}${extra}`;
  return { ...request, url, headers: { ...request.headers, ...Object.fromEntries(added) } };
}

function fail(reason: string): SignResult {
  return { kind: 'failed', reason, needsPerson: true };
}
