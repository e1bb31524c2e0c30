import type { LooseJson } from '../json.ts';
import type { CustomAuthAnswer, CustomAuthRequest } from './custom-auth.ts';

/** How a system learns who calls it: section 8.5. */
export type SystemAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  | {
      readonly kind: 'apiKey';
      readonly in: 'header' | 'query' | 'cookie';
      readonly name: string;
      readonly value: string;
    }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | OAuth2Auth
  | LoginAuth
  | HmacAuth
  | MtlsAuth
  | {
      readonly kind: 'custom';
      /** What must stand in no log. */
      readonly secrets: readonly string[];
      readonly authenticate: (request: CustomAuthRequest) => CustomAuthAnswer | Promise<CustomAuthAnswer>;
    };

export type OAuth2Auth = ClientCredentialsAuth | RefreshTokenAuth | AuthorizationCodeAuth | JwtBearerAuth;

interface OAuth2Client {
  readonly kind: 'oauth2';
  readonly tokenUrl: string;
  readonly client: string;
  readonly scopes?: readonly string[];
  /** Where the client's credentials stand: RFC 6749 2.3.1. */
  readonly send?: 'basic' | 'body';
}

/** RFC 6749 4.4. */
export interface ClientCredentialsAuth extends OAuth2Client {
  readonly grant: 'client_credentials';
  readonly secret: string;
}

/** RFC 6749 6. */
export interface RefreshTokenAuth extends OAuth2Client {
  readonly grant: 'refresh_token';
  readonly secret: string;
  /** Seed of the rotating refresh token: used only while the store has none, or when it changed. */
  readonly refresh: string;
  /** How long the vendor accepts the previous refresh token after a rotation, in milliseconds. */
  readonly graceMs?: number;
}

/** RFC 6749 4.1 with PKCE (RFC 7636): a person logs in once, by the command `auth <system>`. */
export interface AuthorizationCodeAuth extends OAuth2Client {
  readonly grant: 'authorization_code';
  readonly authorizeUrl: string;
  /** Absent for a public client. */
  readonly secret?: string;
  /** The loopback address to which the browser comes back, as it is registered at the vendor. */
  readonly redirect?: string;
  /** How long the vendor accepts the previous refresh token after a rotation, in milliseconds. */
  readonly graceMs?: number;
}

/** RFC 7523 2.1. */
export interface JwtBearerAuth extends Omit<OAuth2Client, 'client'> {
  readonly grant: 'jwt_bearer';
  /** Only where the vendor wants the client's credentials beside the assertion. */
  readonly client?: string;
  readonly secret?: string;
  /** Private key in PEM, or the shared secret of an HS algorithm. */
  readonly key: string;
  readonly algorithm: string;
  readonly keyId?: string;
  readonly issuer: string;
  readonly subject?: string;
  /** The token endpoint where it is absent. */
  readonly audience?: string;
}

/** A call that gives a token, which the other calls then carry. */
export interface LoginAuth {
  readonly kind: 'login';
  readonly method: string;
  /** Relative to the system's server. */
  readonly path: string;
  readonly send: 'json' | 'form';
  readonly fields: Readonly<Record<string, string | number | boolean>>;
  /** What of `fields` must stand in no log. */
  readonly secrets: readonly string[];
  readonly token: (body: LooseJson) => unknown;
  readonly header: string;
  /** Before the token, with its blank: `Bearer `. */
  readonly prefix?: string;
  /** How long a token is good, in milliseconds; until it is refused where this is absent. */
  readonly lastsMs?: number;
}

export type SignedPart = 'method' | 'path' | 'query' | 'body' | 'body-hash' | 'timestamp';

/** Each call carries a keyed hash (RFC 2104) of stated parts of it. */
export interface HmacAuth {
  readonly kind: 'hmac';
  readonly secret: string;
  readonly hash: 'sha256' | 'sha512';
  readonly encoding: 'hex' | 'base64';
  readonly parts: readonly SignedPart[];
  readonly separator: string;
  readonly signature: { readonly header: string; readonly prefix?: string };
  readonly timestamp?: { readonly header: string; readonly unit: 's' | 'ms' | 'iso' };
}

/** The client's certificate, shown when a connection is made (RFC 8446 4.4.2). All in PEM. */
export interface MtlsAuth {
  readonly kind: 'mtls';
  readonly certificate: string;
  readonly key: string;
  readonly passphrase?: string;
  /** Who signed the server's certificate, where that is nobody whom Node knows. */
  readonly ca?: string;
}
