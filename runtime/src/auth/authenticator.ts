import type { RunContext } from '../run-context.ts';
import type { SystemAuth } from '../flow.ts';
import type { Scrubber } from '../log/scrub.ts';
import type { Transport } from '../http/transport.ts';
import { createOAuth2 } from './oauth2.ts';
import type { TokenCipher } from './token-cipher.ts';

/** What a call must carry so that the system knows who asks. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [string, string])[];
  /** Tells one set of credentials from the next, so that a 401 renews only what it was given for. */
  readonly generation: number;
}

export type AuthResult =
  | { readonly kind: 'ready'; readonly credentials: Credentials }
  | { readonly kind: 'failed'; readonly reason: string };

export interface Authenticator {
  get(): Promise<AuthResult>;
  /** After a 401: new credentials, or undefined where these cannot be renewed. One refresh serves all who ask. */
  renew(refused: Credentials): Promise<AuthResult | undefined>;
}

export interface AuthenticatorOptions {
  readonly system: string;
  readonly transport: Transport;
  readonly cipher: TokenCipher | undefined;
  readonly scrubber: Scrubber;
  readonly context: RunContext;
}

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
