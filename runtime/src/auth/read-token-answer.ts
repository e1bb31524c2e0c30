import { readAskedUntil, readRetryAfter } from '../http/rate-limit-headers.ts';
import type { WireOutcome } from '../http/transport.ts';
import type { AuthFailure } from './credentials.ts';

/** Tokens as they are sealed into the store. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string | undefined;
  /** Renewed from this moment on. */
  readonly renewAtMs: number;
  /** Dead from this moment on; `renewAtMs` where it is absent. */
  readonly expiresAtMs?: number;
  readonly issuedAtMs?: number;
}

export interface TokenFailure extends AuthFailure {
  /** The request may have been carried out (`unknown`), or surely was not. */
  readonly lost?: 'not-sent' | 'unknown';
}

export type TokenAnswer =
  { readonly kind: 'tokens'; readonly tokens: Tokens; readonly scope: string | undefined } | TokenFailure;

/** Renewed this long before it lapses, so that no call goes out with a token that dies on the way. */
const EARLY_MS = 60_000;
const LONGEST_MS = 365 * 86_400_000;
/** These ask for proof of possession with every call, which a header with the token alone is not (RFC 9449). */
const NOT_BEARER = /^(?:dpop|mac|pop)$/i;
/** RFC 6749 4.1.2.1 and RFC 8628 3.5: said of a moment, not of the client. */
const PASSING_ERRORS = new Set(['temporarily_unavailable', 'server_error', 'slow_down']);
const LONGEST_DESCRIPTION = 200;

/**
 * What the token endpoint said (RFC 6749 5). Pure.
 * @param previous the refresh token that was sent; it goes on to hold where the answer brings no other
 */
export function readTokenAnswer(
  outcome: WireOutcome,
  previous: string | undefined,
  nowMs: number,
): TokenAnswer {
  const failure = readFailure(outcome, nowMs, 'the token server');
  if (failure !== undefined) return failure;
  const body = readObject(outcome);
  if (body === undefined)
    return passing('the token server answered with something that is not JSON', 'unknown');
  if (typeof body['error'] === 'string') return refuse(200, body);
  const access = body['access_token'];
  if (typeof access !== 'string' || access === '')
    return passing('the token server answered without an access_token');
  const type = body['token_type'];
  if (typeof type === 'string' && NOT_BEARER.test(type))
    return lasting(`the token server gave a token of the type ${type}, which is not handled`);
  const rotated = body['refresh_token'];
  const refresh = typeof rotated === 'string' && rotated !== '' ? rotated : previous;
  const scope = typeof body['scope'] === 'string' ? body['scope'] : undefined;
  const lifetimeMs = readLifetimeMs(body['expires_in']);
  return { kind: 'tokens', tokens: { access, refresh, ...planLife(lifetimeMs, nowMs) }, scope };
}

/** @param lifetimeMs undefined where nobody said how long: then a token is used until it is refused */
export function planLife(
  lifetimeMs: number | undefined,
  nowMs: number,
): Pick<Tokens, 'renewAtMs' | 'expiresAtMs' | 'issuedAtMs'> {
  const life = Math.min(lifetimeMs ?? LONGEST_MS, LONGEST_MS);
  // A token that lives shorter than the margin is used for half of its life, not renewed for every call.
  const renewAtMs = nowMs + life - Math.min(EARLY_MS, life / 2);
  return { renewAtMs, expiresAtMs: nowMs + life, issuedAtMs: nowMs };
}

/** Vendors send a number, a text, 0 or a negative number; the last two, and what is no number, say nothing. */
function readLifetimeMs(given: unknown): number | undefined {
  const seconds = typeof given === 'string' && given.trim() === '' ? Number.NaN : Number(given ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

/**
 * Why an answer holds no token, or undefined for an answer of success. A redirect is not followed: it would take the
 * client's secret to wherever it leads.
 */
export function readFailure(outcome: WireOutcome, nowMs: number, who: string): TokenFailure | undefined {
  if (outcome.kind !== 'response') return passing(`${who} gave no answer (${outcome.detail})`, outcome.kind);
  const { status } = outcome;
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400)
    return lasting(`${who} answered ${status}: it leads to another address, and is not followed there`);
  // A refused grant stays one where the answer also says that it was the last one allowed.
  const isLimit = status === 429 || status === 503;
  const untilMs = (isLimit ? readAskedUntil : readRetryAfter)(outcome.headers, nowMs);
  if (untilMs !== undefined) return { ...passing(`${who} answered ${status}`), untilMs };
  if (status >= 500) return passing(`${who} answered ${status}`, 'unknown');
  if (status === 408 || status === 429) return passing(`${who} answered ${status}`);
  const body = readObject(outcome);
  if (typeof body?.['error'] === 'string') return refuse(status, body);
  // Without a word for it, a 401 is about the client; a page of HTML is some proxy's.
  return status === 401 || body !== undefined
    ? lasting(`${who} answered ${status}`)
    : passing(`${who} answered ${status} with something that is not JSON`);
}

function refuse(status: number, body: Readonly<Record<string, unknown>>): TokenFailure {
  const error = String(body['error']);
  const said = body['error_description'];
  const description = typeof said === 'string' ? ` (${said.slice(0, LONGEST_DESCRIPTION)})` : '';
  const reason = `the token server answered ${status} ${error}${description}`;
  return PASSING_ERRORS.has(error) ? passing(reason) : lasting(reason);
}

function passing(reason: string, lost?: 'not-sent' | 'unknown'): TokenFailure {
  return { kind: 'failed', reason, needsPerson: false, ...(lost === undefined ? {} : { lost }) };
}

function lasting(reason: string): TokenFailure {
  return { kind: 'failed', reason, needsPerson: true };
}

/** The JSON object of an answer, undefined where it is none. */
export function readObject(outcome: WireOutcome): Readonly<Record<string, unknown>> | undefined {
  if (outcome.kind !== 'response') return undefined;
  try {
    const value = JSON.parse(outcome.body.toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
