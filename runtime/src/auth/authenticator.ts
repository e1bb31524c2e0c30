import { checkClientCertificate } from './client-certificate.ts';
import type { Authenticator, AuthenticatorOptions, Credentials } from './credentials.ts';
import { hideKey } from './hide-key.ts';
import { createLogin } from './login.ts';
import { createOAuth2 } from './oauth2.ts';
import { runCustomAuth } from './run-custom-auth.ts';
import { signRequest } from './sign-request.ts';
import type { MtlsAuth, SystemAuth } from './system-auth.ts';

/** @throws OperatorError where a setting can not be what it has to be */
export function createAuthenticator(auth: SystemAuth, options: AuthenticatorOptions): Authenticator {
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
  };
}
