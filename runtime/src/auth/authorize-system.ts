import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { startCallbackServer } from './callback-server.ts';
import type { AuthenticatorOptions } from './credentials.ts';
import { seedOf } from './oauth2.ts';
import { requestToken } from './request-token.ts';
import type { AuthorizationCodeAuth } from './system-auth.ts';
import { createTokenVault } from './token-vault.ts';

export type AuthorizeResult =
  { readonly kind: 'stored' } | { readonly kind: 'failed'; readonly reason: string };

/** Registered at the vendor where the rules name no other. */
const DEFAULT_REDIRECT = 'http://127.0.0.1:8976/callback';
const LONGEST_MS = 10 * 60_000;

/**
 * The login of a person: RFC 6749 4.1 with PKCE (RFC 7636, S256) on a loopback address (RFC 8252). The tokens are sealed
 * into the store, where a running service finds them.
 * @param tell shows the person where to log in
 * @throws OperatorError where nothing can listen for the browser, or there is no key to seal tokens with
 */
export async function authorizeSystem(
  auth: AuthorizationCodeAuth,
  options: Omit<AuthenticatorOptions, 'server'>,
  tell: (url: string) => void,
): Promise<AuthorizeResult> {
  const vault = createTokenVault(seedOf(auth), options);
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(24).toString('base64url');
  for (const secret of [auth.secret, verifier]) if (secret !== undefined) options.scrubber.add(secret);
  const server = await startCallbackServer(auth.redirect ?? DEFAULT_REDIRECT, (parameters) =>
    isSame(parameters.get('state') ?? '', state),
  );
  const { redirectUri } = server;
  try {
    tell(describeLogin(auth, redirectUri, state, verifier));
    const answer = await waitFor(server.answer, options.context);
    if (answer === undefined) return fail('nobody came back from the login');
    const code = answer.get('code');
    if (code === null) return fail(describeError(answer));
    options.scrubber.add(code);
    const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
    const given = await requestToken(auth, { ...grant, code_verifier: verifier }, options);
    if (given.kind === 'failed') return fail(given.reason);
    // A running service may store a refreshed token in between; the person's is newer than whatever stands there.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const { generation } = await vault.read();
      if ((await vault.write(given.tokens, generation)) !== undefined) return { kind: 'stored' };
    }
    return fail('another process keeps changing the stored token');
  } finally {
    await server.close();
  }
}

/** Parameters that the address has of its own stay: some vendors want more than the RFC. */
function describeLogin(
  auth: AuthorizationCodeAuth,
  redirectUri: string,
  state: string,
  verifier: string,
): string {
  const url = new URL(auth.authorizeUrl);
  const wanted = {
    response_type: 'code',
    client_id: auth.client,
    redirect_uri: redirectUri,
    ...(auth.scopes === undefined || auth.scopes.length === 0 ? {} : { scope: auth.scopes.join(' ') }),
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(wanted)) url.searchParams.set(name, value);
  return url.href;
}

async function waitFor(
  answer: Promise<URLSearchParams>,
  { clock, signal }: AuthenticatorOptions['context'],
): Promise<URLSearchParams | undefined> {
  const done = new AbortController();
  const stop = (): void => done.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const late = clock.sleep(LONGEST_MS, done.signal).then(() => undefined);
    return await Promise.race([answer, late]);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

/** RFC 6749 4.1.2.1. */
function describeError(answer: URLSearchParams): string {
  const description = answer.get('error_description');
  const error = answer.get('error') ?? 'the login came back without a code';
  return description === null ? error : `${error} (${description})`;
}

function fail(reason: string): AuthorizeResult {
  return { kind: 'failed', reason };
}

function isSame(left: string, right: string): boolean {
  const [given, wanted] = [Buffer.from(left), Buffer.from(right)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
