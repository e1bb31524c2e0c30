import { createHash } from 'node:crypto';
import { operatorError } from '../errors.ts';
import type { OAuth2Auth } from '../flow.ts';
import type { StoredToken } from '../store/store.ts';
import type { Authenticator, AuthenticatorOptions, AuthResult } from './credentials.ts';

interface Tokens {
  readonly access: string;
  readonly refresh: string | undefined;
  /** Renewed from this moment on. */
  readonly renewAtMs: number;
}

interface Held extends Tokens {
  readonly generation: number;
}

/** Renewed this long before it lapses, so that no call goes out with a token that dies on the way. */
const EARLY_MS = 60_000;
const TOKEN_TIMEOUT_MS = 20_000;
const DEFAULT_LIFETIME_S = 300;

/**
 * OAuth 2 by client credentials or by a rotating refresh token (RFC 6749 4.4 and 6). A new token is stored, sealed,
 * before anyone uses it; one refresh serves all callers; a token that another process stored meanwhile is taken over.
 */
export function createOAuth2(auth: OAuth2Auth, options: AuthenticatorOptions): Authenticator {
  const { cipher } = options;
  if (cipher === undefined)
    throw operatorError(
      `The system "${options.system}" keeps tokens, so MORTISE_KEY must be set. Make one with: openssl rand -base64 32`,
    );
  for (const secret of [auth.secret, auth.refresh ?? '']) options.scrubber.add(secret);
  const seedHash = createHash('sha256')
    .update(auth.refresh ?? auth.client)
    .digest('hex');
  const { store, clock } = options.context;
  let held: Held | undefined;
  let refreshing: Promise<AuthResult> | undefined;

  const open = (stored: StoredToken | undefined): Held | undefined => {
    if (stored === undefined || stored.seedHash !== seedHash) return undefined;
    const tokens = JSON.parse(cipher.open(stored.sealed)) as Tokens;
    remember(tokens);
    return { ...tokens, generation: stored.generation };
  };
  const readStored = async (): Promise<Held | undefined> => open(await store.readToken(options.system));
  const remember = (tokens: Tokens): void => {
    options.scrubber.add(tokens.access);
    if (tokens.refresh !== undefined) options.scrubber.add(tokens.refresh);
  };
  const pickFresh = (tokens: Held | undefined, refused: number | undefined): Held | undefined =>
    tokens !== undefined && tokens.generation !== refused && tokens.renewAtMs > clock.now()
      ? tokens
      : undefined;

  const refresh = async (refused: number | undefined): Promise<AuthResult> => {
    // Another process may have renewed it already; its token is newer than the one that was refused.
    const stored = await store.readToken(options.system);
    held = open(stored);
    const newer = pickFresh(held, refused);
    if (newer !== undefined) return ready(newer);
    const answer = await askForToken(auth, held?.refresh ?? auth.refresh, options);
    if (answer.kind === 'failed') {
      const again = pickFresh(await readStored(), refused);
      if (again !== undefined && again.generation !== held?.generation) {
        held = again;
        return ready(again);
      }
      return answer;
    }
    const generation = (stored?.generation ?? 0) + 1;
    remember(answer.tokens);
    const written = await store.writeToken(
      options.system,
      { sealed: cipher.seal(JSON.stringify(answer.tokens)), seedHash, generation },
      stored?.generation ?? 0,
    );
    if (!written) {
      held = await readStored();
      return held === undefined
        ? { kind: 'failed', reason: 'another process changed the stored token' }
        : ready(held);
    }
    held = { ...answer.tokens, generation };
    options.context.log.info('token refreshed', { system: options.system, step: 'auth' });
    return ready(held);
  };
  const single = (refused: number | undefined): Promise<AuthResult> => {
    refreshing ??= refresh(refused).finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  };
  return {
    async get() {
      held ??= await readStored();
      const fresh = pickFresh(held, undefined);
      return fresh === undefined ? single(undefined) : ready(fresh);
    },
    async renew(credentials) {
      const fresh = pickFresh(held, credentials.generation);
      return fresh === undefined ? single(credentials.generation) : ready(fresh);
    },
  };
}

function ready(tokens: Held): AuthResult {
  const headers = { authorization: `Bearer ${tokens.access}` };
  return { kind: 'ready', credentials: { headers, query: [], generation: tokens.generation } };
}

type TokenAnswer =
  { readonly kind: 'tokens'; readonly tokens: Tokens } | { readonly kind: 'failed'; readonly reason: string };

/** A lost answer to a refresh is asked for once more, while the vendor still accepts the old token. */
async function askForToken(
  auth: OAuth2Auth,
  refreshToken: string | undefined,
  options: AuthenticatorOptions,
): Promise<TokenAnswer> {
  const { clock } = options.context;
  const startedMs = clock.now();
  const first = await tryForToken(auth, refreshToken, options);
  if (first.kind !== 'failed' || first.lost === undefined) return first;
  const isSafe =
    first.lost === 'not-sent' ||
    auth.grant === 'client_credentials' ||
    clock.now() - startedMs < (auth.graceMs ?? 0);
  return isSafe ? tryForToken(auth, refreshToken, options) : first;
}

async function tryForToken(
  auth: OAuth2Auth,
  refreshToken: string | undefined,
  options: AuthenticatorOptions,
): Promise<TokenAnswer & { readonly lost?: 'not-sent' | 'unknown' }> {
  const form = new URLSearchParams({ grant_type: auth.grant });
  if (auth.grant === 'refresh_token') form.set('refresh_token', refreshToken ?? '');
  if (auth.scopes !== undefined && auth.scopes.length > 0) form.set('scope', auth.scopes.join(' '));
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  };
  if (auth.send === 'body') {
    form.set('client_id', auth.client);
    form.set('client_secret', auth.secret);
  } else {
    // RFC 6749 2.3.1: both parts are form-encoded before they are joined.
    const pair = `${encodeURIComponent(auth.client)}:${encodeURIComponent(auth.secret)}`;
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  const outcome = await options.transport.send({
    method: 'POST',
    url: auth.tokenUrl,
    headers,
    body: form.toString(),
    timeoutMs: TOKEN_TIMEOUT_MS,
    maxBytes: 1_000_000,
  });
  if (outcome.kind !== 'response')
    return {
      kind: 'failed',
      reason: `the token server gave no answer (${outcome.detail})`,
      lost: outcome.kind,
    };
  if (outcome.status >= 500)
    return { kind: 'failed', reason: `the token server answered ${outcome.status}`, lost: 'unknown' };
  const body = parseObject(outcome.body.toString('utf8'));
  if (outcome.status !== 200)
    return {
      kind: 'failed',
      reason: `the token server answered ${outcome.status} ${String(body['error'] ?? '')}`,
    };
  const access = body['access_token'];
  if (typeof access !== 'string' || access === '')
    return { kind: 'failed', reason: 'the token server answered without an access_token' };
  const given = Number(body['expires_in'] ?? DEFAULT_LIFETIME_S);
  const lifetimeMs = (Number.isFinite(given) ? given : DEFAULT_LIFETIME_S) * 1000;
  const rotated = body['refresh_token'];
  const refresh = typeof rotated === 'string' && rotated !== '' ? rotated : refreshToken;
  // A token that lives shorter than the margin is used for half of its life, not renewed for every call.
  const renewAtMs = options.context.clock.now() + lifetimeMs - Math.min(EARLY_MS, lifetimeMs / 2);
  return { kind: 'tokens', tokens: { access, refresh, renewAtMs } };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
