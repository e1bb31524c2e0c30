import type { SystemAuth } from '../flow.ts';
import type { Authenticator, AuthenticatorOptions, Credentials } from './credentials.ts';
import { createOAuth2 } from './oauth2.ts';

export function createAuthenticator(auth: SystemAuth, options: AuthenticatorOptions): Authenticator {
  switch (auth.kind) {
    case 'none':
      return createFixed({});
    case 'bearer':
      options.scrubber.add(auth.token);
      return createFixed({ headers: { authorization: `Bearer ${auth.token}` } });
    case 'basic': {
      options.scrubber.add(auth.password);
      const pair = Buffer.from(`${auth.user}:${auth.password}`).toString('base64');
      options.scrubber.add(pair);
      return createFixed({ headers: { authorization: `Basic ${pair}` } });
    }
    case 'apiKey':
      options.scrubber.add(auth.value);
      if (auth.in === 'query') return createFixed({ query: [[auth.name, auth.value]] });
      return createFixed({
        headers:
          auth.in === 'cookie'
            ? { cookie: `${auth.name}=${auth.value}` }
            : { [auth.name.toLowerCase()]: auth.value },
      });
    case 'oauth2':
      return createOAuth2(auth, options);
  }
}

function createFixed(given: Partial<Credentials>): Authenticator {
  const credentials: Credentials = { headers: {}, query: [], generation: 0, ...given };
  return {
    get: () => Promise.resolve({ kind: 'ready', credentials }),
    renew: () => Promise.resolve(undefined),
  };
}
