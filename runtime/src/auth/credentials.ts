import type { Transport } from '../http/transport.ts';
import type { Scrubber } from '../log/scrub.ts';
import type { RunContext } from '../run-context.ts';
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
