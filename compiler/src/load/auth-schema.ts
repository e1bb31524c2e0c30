import { z } from 'zod';
import { SIGNED_PARTS } from '../model/auth-input.ts';
import { because, duration, setting } from './schema-parts.ts';

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'This is no header name.');
const oneLine = z.string().regex(/^[^\r\n\0]*$/, 'A header value is one line.');
const address = z
  .string()
  .regex(
    /^(?:\$[A-Z][A-Z0-9_]*|https?:\/\/\S+)$/,
    'This must be an address, like https://id.example.com/token, or $NAME.',
  );
const scopes = z.array(z.string().regex(/^\S+$/, 'A scope is one word; each has its own place in the list.'));
const send = z.enum(['basic', 'body']);

/** Asymmetric ones of RFC 7518 3.1 and RFC 8037, and those with a shared secret. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'HS256',
  'HS384',
  'HS512',
] as const;

const kind = z.literal('oauth2');
const oauth2 = z.discriminatedUnion('grant', [
  z.strictObject({
    kind,
    grant: z.literal('client_credentials'),
    tokenUrl: address,
    client: setting,
    secret: setting,
    scopes: scopes.optional(),
    send: send.optional(),
  }),
  z.strictObject({
    kind,
    grant: z.literal('refresh_token'),
    tokenUrl: address,
    client: setting,
    secret: setting,
    refresh: setting,
    grace: duration.optional(),
    scopes: scopes.optional(),
    send: send.optional(),
  }),
  z.strictObject({
    kind,
    grant: z.literal('authorization_code'),
    authorizeUrl: address,
    tokenUrl: address,
    client: setting,
    secret: setting.optional(),
    redirect: z
      .string()
      .regex(
        /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):[1-9][0-9]{0,4}\/[^\s?#]*$/,
        'The browser comes back to the machine on which the command runs: http://127.0.0.1:8976/callback.',
      )
      .optional(),
    grace: duration.optional(),
    scopes: scopes.optional(),
    send: send.optional(),
  }),
  z.strictObject({
    kind,
    grant: z.literal('jwt_bearer'),
    tokenUrl: address,
    key: setting,
    alg: z.enum(ALGORITHMS),
    keyId: setting.optional(),
    issuer: setting,
    subject: setting.optional(),
    audience: setting.optional(),
    client: setting.optional(),
    secret: setting.optional(),
    scopes: scopes.optional(),
    send: send.optional(),
  }),
]);

const field = z.union([
  z.string().regex(/^(?!=)/, 'No record is at hand at a login, so nothing can be computed here.'),
  z.number(),
  z.boolean(),
]);

const login = z
  .strictObject({
    kind: z.literal('login'),
    call: z.string(),
    body: z.record(z.string(), field).optional(),
    form: z.record(z.string(), field).optional(),
    take: z.string(),
    header: headerName,
    prefix: oneLine.optional(),
    lasts: duration.optional(),
  })
  .refine(({ body, form }) => body === undefined || form === undefined, {
    path: ['form'],
    message: 'A login sends a body (JSON) or a form, not both.',
  });

const hmac = z
  .strictObject({
    kind: z.literal('hmac'),
    secret: setting,
    hash: z.enum(['sha256', 'sha512']),
    encoding: z.enum(['hex', 'base64']),
    parts: z.array(z.enum(SIGNED_PARTS)).min(1, 'Nothing is named here, so nothing would be signed.'),
    separator: z.string(),
    signature: z.strictObject({ header: headerName, prefix: oneLine.optional() }),
    timestamp: z.strictObject({ header: headerName, unit: z.enum(['s', 'ms', 'iso']) }).optional(),
  })
  .refine(({ parts, timestamp }) => timestamp !== undefined || !parts.includes('timestamp'), {
    path: ['parts'],
    message: 'The time is signed, and no "timestamp" says in which header it is sent.',
  })
  .refine(({ parts, timestamp }) => timestamp === undefined || parts.includes('timestamp'), {
    path: ['timestamp'],
    message: 'The time is sent and is not one of "parts", so that anybody could change it.',
  });

/** The key `auth` of a system. */
export const authSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none'), because }),
  z.strictObject({ kind: z.literal('bearer'), token: setting }),
  z.strictObject({
    kind: z.literal('apiKey'),
    in: z.enum(['header', 'query', 'cookie']),
    name: z.string(),
    value: setting,
  }),
  z.strictObject({ kind: z.literal('basic'), user: setting, password: setting }),
  oauth2,
  login,
  hmac,
  z.strictObject({
    kind: z.literal('mtls'),
    certificate: setting,
    key: setting,
    passphrase: setting.optional(),
    ca: setting.optional(),
  }),
  z.strictObject({
    kind: z.literal('custom'),
    settings: z
      .record(
        z
          .string()
          .regex(
            /^[a-z][A-Za-z0-9]*$/,
            'A setting is named by letters and digits, as in keyId: the function in custom/ reads it by this name.',
          ),
        setting,
      )
      .optional(),
    because,
  }),
]);
