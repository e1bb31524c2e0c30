import { checkClientCertificate } from './client-certificate.ts';
import type { Scrubber } from '../log/scrub.ts';
import type {
  Authenticator,
  AuthenticatorOptions,
  AuthFailure,
  AuthResult,
  Credentials,
} from './credentials.ts';
import { hideKey } from './hide-key.ts';
import { createLogin } from './login.ts';
import { createOAuth2 } from './oauth2.ts';
import { runCustomAuth } from './run-custom-auth.ts';
import { signRequest } from './sign-request.ts';
import type { MtlsAuth, SystemAuth } from './system-auth.ts';

/** @throws OperatorError where a setting can not be what it has to be */
export function createAuthenticator(auth: SystemAuth, options: AuthenticatorOptions): Authenticator {
  return hideReasons(createPlain(auth, options), options.scrubber);
}

/** Why it failed is told to people and kept in the store: in the words of a server or of a hand-written function. */
function hideReasons(authenticator: Authenticator, scrubber: Scrubber): Authenticator {
  const hide = <T extends { readonly kind: string }>(result: T | AuthFailure): T | AuthFailure =>
    'reason' in result ? { ...result, reason: scrubber.scrub(result.reason) } : result;
  const guard = (result: AuthResult): AuthResult => {
    const { sign } = result.kind === 'ready' ? result.credentials : {};
    if (result.kind !== 'ready' || sign === undefined) return hide(result);
    return {
      kind: 'ready',
      credentials: { ...result.credentials, sign: async (request) => hide(await sign(request)) },
    };
  };
  return {
    get: async () => guard(await authenticator.get()),
    async renew(refused) {
      const renewed = await authenticator.renew(refused);
      return renewed === undefined ? undefined : guard(renewed);
    },
    reload: () => authenticator.reload(),
  };
}

function createPlain(auth: SystemAuth, options: AuthenticatorOptions): Authenticator {
  const { scrubber } = options;
  const { clock } = options.context;
  switch (auth.kind) {
    case 'none':
      return createFixed({});
    case 'bearer':
      scrubber.add(auth.token);
      return createFixed({ headers: { authorization: `Bearer ${auth.token}` } });
    case 'basic': {
      scrubber.add(auth.password);
      const pair = Buffer.from(`${auth.user}:${auth.password}`).toString('base64');
      scrubber.add(pair);
      return createFixed({ headers: { authorization: `Basic ${pair}` } });
    }
    case 'apiKey':
      scrubber.add(auth.value);
      return createFixed(placeKey(auth));
    case 'oauth2':
      return createOAuth2(auth, options);
    case 'login':
      return createLogin(auth, options);
    case 'hmac':
      scrubber.add(auth.secret);
      return createFixed({
        sign: (request) => Promise.resolve({ kind: 'signed', request: signRequest(auth, request, clock) }),
      });
    case 'mtls':
      hideCertificate(auth, options);
      return createFixed({});
    case 'custom':
      for (const secret of auth.secrets) scrubber.add(secret);
      return createFixed({ sign: (request) => runCustomAuth(auth, request, clock) });
  }
}

function placeKey({
  in: place,
  name,
  value,
}: Extract<SystemAuth, { readonly kind: 'apiKey' }>): Partial<Credentials> {
  if (place === 'query') return { query: [[name, value]] };
  return { headers: place === 'cookie' ? { cookie: `${name}=${value}` } : { [name.toLowerCase()]: value } };
}

function hideCertificate(auth: MtlsAuth, { system, scrubber }: AuthenticatorOptions): void {
  hideKey(auth.key, scrubber);
  if (auth.passphrase !== undefined) scrubber.add(auth.passphrase);
  checkClientCertificate(system, auth);
}

function createFixed(given: Partial<Credentials>): Authenticator {
  const credentials: Credentials = { headers: {}, query: [], generation: 0, ...given };
  return {
    get: () => Promise.resolve({ kind: 'ready', credentials }),
    renew: () => Promise.resolve(undefined),
    reload: () => undefined,
  };
}
