import type { Authenticator, AuthenticatorOptions } from './credentials.ts';
import { hideKey } from './hide-key.ts';
import type { TokenAnswer, Tokens } from './read-token-answer.ts';
import { requestToken } from './request-token.ts';
import { signAssertion } from './sign-assertion.ts';
import type { OAuth2Auth } from './system-auth.ts';
import { createTokenKeeper } from './token-keeper.ts';

/**
 * OAuth 2 by client credentials, a rotating refresh token, a login of a person, or an assertion (RFC 6749 4.1, 4.4 and 6,
 * RFC 7523).
 * @throws OperatorError where there is no key to seal tokens with
 */
export function createOAuth2(auth: OAuth2Auth, options: AuthenticatorOptions): Authenticator {
  for (const secret of [auth.secret, auth.grant === 'refresh_token' ? auth.refresh : undefined])
    if (secret !== undefined) options.scrubber.add(secret);
  if (auth.grant === 'jwt_bearer') hideKey(auth.key, options.scrubber);
  return createTokenKeeper(
    {
      seed: seedOf(auth),
      obtain: (held) => obtain(auth, held, options),
      present: (access) => ({ authorization: `Bearer ${access}` }),
    },
    options,
  );
}

/** What is stored holds until this changes: the seed that the rules give, or who asks for what. */
export function seedOf(auth: OAuth2Auth): string {
  if (auth.grant === 'refresh_token') return auth.refresh;
  const who = auth.grant === 'jwt_bearer' ? [auth.issuer, auth.subject] : [auth.client];
  return JSON.stringify([auth.grant, auth.tokenUrl, ...who, auth.scopes]);
}

async function obtain(
  auth: OAuth2Auth,
  held: Tokens | undefined,
  options: AuthenticatorOptions,
): Promise<TokenAnswer> {
  const { clock } = options.context;
  const startedMs = clock.now();
  const first = await tryOnce(auth, held, options);
  if (first.kind === 'tokens' || first.lost === undefined) return first;
  // A lost answer is asked for once more: at once where no token is used up by it, else while the old one is accepted.
  const graceMs = 'graceMs' in auth ? (auth.graceMs ?? 0) : 0;
  const isSafe =
    first.lost === 'not-sent' ||
    auth.grant === 'client_credentials' ||
    auth.grant === 'jwt_bearer' ||
    clock.now() - startedMs < graceMs;
  return isSafe ? tryOnce(auth, held, options) : first;
}

async function tryOnce(
  auth: OAuth2Auth,
  held: Tokens | undefined,
  options: AuthenticatorOptions,
): Promise<TokenAnswer> {
  const { system } = options;
  const grant = await describeGrant(auth, held, options);
  if (typeof grant === 'string') return { kind: 'failed', reason: grant, needsPerson: true };
  const answer = await requestToken(auth, grant, options);
  if (answer.kind === 'failed')
    return auth.grant === 'authorization_code' && answer.needsPerson
      ? { ...answer, reason: `${answer.reason}; to log in again, run: ${loginCommand(system)}` }
      : answer;
  const missing = listMissing(auth.scopes, answer.scope);
  if (missing.length > 0)
    options.context.log.warn('the token server granted less than was asked for', {
      system,
      step: 'auth',
      outcome: missing.join(' '),
    });
  return answer;
}

/** The parameters of the token request, or why there can be none. */
async function describeGrant(
  auth: OAuth2Auth,
  held: Tokens | undefined,
  { context, scrubber, system }: AuthenticatorOptions,
): Promise<Readonly<Record<string, string>> | string> {
  const scope: Record<string, string> =
    auth.scopes === undefined || auth.scopes.length === 0 ? {} : { scope: auth.scopes.join(' ') };
  switch (auth.grant) {
    case 'client_credentials':
      return { grant_type: auth.grant, ...scope };
    case 'refresh_token':
      return { grant_type: auth.grant, refresh_token: held?.refresh ?? auth.refresh, ...scope };
    case 'authorization_code':
      if (held === undefined) return `nobody has logged in yet; run: ${loginCommand(system)}`;
      if (held.refresh === undefined)
        return `the token has lapsed and came without a refresh token; to log in again, run: ${loginCommand(system)}`;
      // Without a scope it is what was granted at the login: RFC 6749 6.
      return { grant_type: 'refresh_token', refresh_token: held.refresh };
    case 'jwt_bearer': {
      const assertion = await signAssertion(auth, context.clock.now());
      if (assertion.kind === 'failed') return `the assertion cannot be signed: ${assertion.reason}`;
      scrubber.addPassing(assertion.text, system);
      return {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: assertion.text,
        ...scope,
      };
    }
  }
}

export function loginCommand(system: string): string {
  return `node src/main.ts auth ${system}`;
}

/** RFC 6749 5.1: an answer without a scope grants what was asked for. */
function listMissing(wanted: readonly string[] | undefined, granted: string | undefined): string[] {
  if (granted === undefined) return [];
  const given = new Set(granted.split(/[\s,]+/));
  return (wanted ?? []).filter((scope) => !given.has(scope));
}
