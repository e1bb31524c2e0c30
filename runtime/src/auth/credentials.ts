import type { Transport, WireRequest } from '../http/transport.ts';
import type { Scrubber } from '../log/scrub.ts';
import type { RunContext } from '../run-context.ts';
import type { TokenCipher } from './token-cipher.ts';

/** What a call must carry so that the system knows who asks. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [string, string])[];
  /** Tells one set of credentials from the next, so that a 401 renews only what it was given for. */
  readonly generation: number;
  /** Asked once for each try, with exactly what will be sent. */
  readonly sign?: (request: WireRequest) => Promise<SignResult>;
}

export type SignResult = { readonly kind: 'signed'; readonly request: WireRequest } | AuthFailure;

export interface AuthFailure {
  readonly kind: 'failed';
  readonly reason: string;
  /** Waiting does not help: a credential is missing, refused or withdrawn. Otherwise the failure is expected to pass. */
  readonly needsPerson: boolean;
  /** The token server wants no further request before this moment, in milliseconds since 1970. */
  readonly untilMs?: number;
}

export type AuthResult = { readonly kind: 'ready'; readonly credentials: Credentials } | AuthFailure;

export interface Authenticator {
  get(): Promise<AuthResult>;
  /**
   * After a 401: credentials to try again with, or undefined where there are no others. One refresh serves all who ask,
   * and what a refresh has just brought is not refreshed again: it is given back after a while in which the vendor's
   * servers learn of it. How often one call asks is the caller's to limit.
   */
  renew(refused: Credentials): Promise<AuthResult | undefined>;
  /** A person says that something has changed: what is stored is read again, and no earlier refusal counts. */
  reload(): void;
}

export interface AuthenticatorOptions {
  readonly system: string;
  /** Base URL of the system, without a slash at its end. */
  readonly server: string;
  readonly transport: Transport;
  readonly cipher: TokenCipher | undefined;
  readonly scrubber: Scrubber;
  readonly context: RunContext;
}
