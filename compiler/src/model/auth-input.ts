/** How a system learns who calls it, as the rules say it. */
export type AuthInput =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  | {
      readonly kind: 'apiKey';
      readonly in: 'header' | 'query' | 'cookie';
      readonly name: string;
      readonly value: string;
    }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | OAuth2Input
  | LoginInput
  | HmacInput
  | MtlsInput
  | CustomAuthInput;

export const OAUTH2_GRANTS = [
  'client_credentials',
  'refresh_token',
  'authorization_code',
  'jwt_bearer',
] as const;

export interface OAuth2Input {
  readonly kind: 'oauth2';
  readonly grant: (typeof OAUTH2_GRANTS)[number];
  readonly authorizeUrl?: string | undefined;
  readonly tokenUrl: string;
  readonly client?: string | undefined;
  readonly secret?: string | undefined;
  readonly refresh?: string | undefined;
  readonly redirect?: string | undefined;
  readonly grace?: string | undefined;
  readonly key?: string | undefined;
  readonly alg?: string | undefined;
  readonly keyId?: string | undefined;
  readonly issuer?: string | undefined;
  readonly subject?: string | undefined;
  readonly audience?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly send?: 'basic' | 'body' | undefined;
}

export interface LoginInput {
  readonly kind: 'login';
  readonly call: string;
  readonly body?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly form?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** Path of the token in the answer. */
  readonly take: string;
  readonly header: string;
  readonly prefix?: string | undefined;
  readonly lasts?: string | undefined;
}

export const SIGNED_PARTS = ['method', 'path', 'query', 'body', 'body-hash', 'timestamp'] as const;

export interface HmacInput {
  readonly kind: 'hmac';
  readonly secret: string;
  readonly hash: 'sha256' | 'sha512';
  readonly encoding: 'hex' | 'base64';
  readonly parts: readonly (typeof SIGNED_PARTS)[number][];
  readonly separator: string;
  readonly signature: { readonly header: string; readonly prefix?: string | undefined };
  readonly timestamp?: { readonly header: string; readonly unit: 's' | 'ms' | 'iso' } | undefined;
}

export interface MtlsInput {
  readonly kind: 'mtls';
  readonly certificate: string;
  readonly key: string;
  readonly passphrase?: string | undefined;
  readonly ca?: string | undefined;
}

export interface CustomAuthInput {
  readonly kind: 'custom';
  readonly settings?: Readonly<Record<string, string>> | undefined;
}
