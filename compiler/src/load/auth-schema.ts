import { z } from 'zod';
import { SIGNED_PARTS } from '../model/auth-input.ts';
import { key, section } from './document-key.ts';
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

const kind = key(
  z.literal('oauth2'),
  'OAuth 2 (RFC 6749). Tokens are stored encrypted, and renewed once for all callers.',
);
const tokenUrl = key(address, 'Where tokens come from.');
const client = key(setting, 'The client’s id.');
const secret = key(setting, 'The client’s secret.');
const GRANT = {
  client_credentials:
    'kind: oauth2\ngrant: client_credentials\ntokenUrl: $CRM_TOKEN_URL\nclient: $CRM_CLIENT\nsecret: $CRM_SECRET',
  refresh_token:
    'kind: oauth2\ngrant: refresh_token\ntokenUrl: $CRM_TOKEN_URL\nclient: $CRM_CLIENT\nsecret: $CRM_SECRET\nrefresh: $CRM_REFRESH',
  authorization_code:
    'kind: oauth2\ngrant: authorization_code\nauthorizeUrl: https://id.example.com/authorize\ntokenUrl: https://id.example.com/token\nclient: $CRM_CLIENT',
  jwt_bearer:
    'kind: oauth2\ngrant: jwt_bearer\ntokenUrl: $CRM_TOKEN_URL\nkey: $CRM_KEY\nalg: RS256\nissuer: $CRM_ISSUER',
};

function describeScopes(example: string): { readonly scopes: z.ZodType; readonly send: z.ZodType } {
  return {
    scopes: key(scopes.optional(), 'The scopes that are asked for.', `${example}\nscopes: [contacts.read]`, {
      otherwise: 'those that the client has',
    }),
    send: key(
      send.optional(),
      'How the client’s id and secret travel: `basic` (a header) or `body`.',
      `${example}\nsend: body`,
      { otherwise: 'basic' },
    ),
  };
}

function describeGrace(example: string): z.ZodType {
  return key(
    duration.optional(),
    'How long a refresh token can be used once more after its first use: then an answer that was lost is asked for again, once.',
    `${example}\ngrace: 30m`,
    { otherwise: 'not at all: a person logs in again' },
  );
}

const oauth2 = z.discriminatedUnion('grant', [
  section(
    z.strictObject({
      kind,
      grant: key(z.literal('client_credentials'), 'The service itself is the client (RFC 6749 4.4).'),
      tokenUrl,
      client,
      secret,
      ...describeScopes(GRANT.client_credentials),
    }),
    'systems.*.auth(oauth2 client_credentials)',
    'A token for the service itself.',
    GRANT.client_credentials,
  ),
  section(
    z.strictObject({
      kind,
      grant: key(
        z.literal('refresh_token'),
        'A person has agreed once; the token renews itself (RFC 6749 6).',
      ),
      tokenUrl,
      client,
      secret,
      refresh: key(
        setting,
        'The first refresh token: a seed, used while the store has none, or when it is changed.',
      ),
      grace: describeGrace(GRANT.refresh_token),
      ...describeScopes(GRANT.refresh_token),
    }),
    'systems.*.auth(oauth2 refresh_token)',
    'A refresh token that changes with each use is stored before it is used.',
    GRANT.refresh_token,
  ),
  section(
    z.strictObject({
      kind,
      grant: key(
        z.literal('authorization_code'),
        'A person runs `auth <system>` once and agrees in a browser (with PKCE, RFC 7636).',
      ),
      authorizeUrl: key(address, 'Where the person agrees.'),
      tokenUrl,
      client,
      secret: key(
        setting.optional(),
        'The client’s secret.',
        `${GRANT.authorization_code}\nsecret: $CRM_SECRET`,
        {
          otherwise: 'none: a public client',
        },
      ),
      redirect: key(
        z
          .string()
          .regex(
            /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):[1-9][0-9]{0,4}\/[^\s?#]*$/,
            'The browser comes back to the machine on which the command runs: http://127.0.0.1:8976/callback.',
          )
          .optional(),
        'The address that is registered with the vendor.',
        `${GRANT.authorization_code}\nredirect: http://127.0.0.1:8976/callback`,
        { otherwise: 'a free port on this machine' },
      ),
      grace: describeGrace(GRANT.authorization_code),
      ...describeScopes(GRANT.authorization_code),
    }),
    'systems.*.auth(oauth2 authorization_code)',
    'A person agrees once, in a browser.',
    GRANT.authorization_code,
  ),
  section(
    z.strictObject({
      kind,
      grant: key(z.literal('jwt_bearer'), 'A signed statement is exchanged for a token (RFC 7523).'),
      tokenUrl,
      key: key(setting, 'The private key, PEM or JWK.'),
      alg: key(z.enum(ALGORITHMS), 'The algorithm of the signature.'),
      keyId: key(setting.optional(), 'The key’s id, `kid`.', `${GRANT.jwt_bearer}\nkeyId: $CRM_KEY_ID`, {
        otherwise: 'not sent',
      }),
      issuer: key(setting, 'Who states it, `iss`.'),
      subject: key(setting.optional(), 'For whom, `sub`.', `${GRANT.jwt_bearer}\nsubject: $CRM_USER`, {
        otherwise: 'the issuer',
      }),
      audience: key(
        setting.optional(),
        'To whom, `aud`.',
        `${GRANT.jwt_bearer}\naudience: https://id.example.com`,
        {
          otherwise: '`tokenUrl`',
        },
      ),
      client: key(setting.optional(), 'The client’s id.', `${GRANT.jwt_bearer}\nclient: $CRM_CLIENT`, {
        otherwise: 'not sent',
      }),
      secret: key(
        setting.optional(),
        'The client’s secret.',
        `${GRANT.jwt_bearer}\nclient: $CRM_CLIENT\nsecret: $CRM_SECRET`,
        {
          otherwise: 'not sent',
        },
      ),
      ...describeScopes(GRANT.jwt_bearer),
    }),
    'systems.*.auth(oauth2 jwt_bearer)',
    'A signed statement is exchanged for a token.',
    GRANT.jwt_bearer,
  ),
]);

const field = z.union([
  z.string().regex(/^(?!=)/, 'No record is at hand at a login, so nothing can be computed here.'),
  z.number(),
  z.boolean(),
]);

const LOGIN =
  'kind: login\ncall: POST /login\nbody: { user: $CRM_USER, password: $CRM_PASSWORD }\ntake: token\nheader: x-session';
const login = section(
  z
    .strictObject({
      kind: key(z.literal('login'), 'A call gives a token.'),
      call: key(z.string(), 'An operation of the description, or `POST /path`.'),
      body: key(z.record(z.string(), field).optional(), 'What is sent, as JSON.', LOGIN, {
        otherwise: '`form`, or nothing',
      }),
      form: key(
        z.record(z.string(), field).optional(),
        'What is sent, as a form.',
        'kind: login\ncall: POST /login\nform: { user: $CRM_USER, password: $CRM_PASSWORD }\ntake: token\nheader: x-session',
        { otherwise: '`body`, or nothing' },
      ),
      take: key(z.string(), 'The path of the token in the answer.'),
      header: key(headerName, 'The header that carries it.'),
      prefix: key(oneLine.optional(), 'What stands before it.', `${LOGIN}\nprefix: "Session "`, {
        otherwise: 'nothing',
      }),
      lasts: key(duration.optional(), 'How long it is good.', `${LOGIN}\nlasts: 1h`, {
        otherwise: 'until it is refused',
      }),
    })
    .refine(({ body, form }) => body === undefined || form === undefined, {
      path: ['form'],
      message: 'A login sends a body (JSON) or a form, not both.',
    }),
  'systems.*.auth(login)',
  'A login for a token.',
  LOGIN,
);

const HMAC =
  "kind: hmac\nsecret: $CRM_SECRET\nhash: sha256\nencoding: hex\nparts: [timestamp, method, path, body]\nseparator: '.'\nsignature: { header: x-signature }\ntimestamp: { header: x-time, unit: s }";
const hmac = section(
  z
    .strictObject({
      kind: key(z.literal('hmac'), 'Each request is signed.'),
      secret: key(setting, 'What it is signed with.'),
      hash: key(z.enum(['sha256', 'sha512']), 'The hash of the HMAC (RFC 2104).'),
      encoding: key(z.enum(['hex', 'base64']), 'How the signature is written.'),
      parts: key(
        z.array(z.enum(SIGNED_PARTS)).min(1, 'Nothing is named here, so nothing would be signed.'),
        'What is signed, in order: `method`, `path`, `query`, `body`, `body-hash`, `timestamp`.',
      ),
      separator: key(z.string(), 'What stands between the parts.'),
      signature: key(
        z.strictObject({ header: headerName, prefix: oneLine.optional() }),
        'The header that carries the signature, and what stands before it.',
      ),
      timestamp: key(
        z.strictObject({ header: headerName, unit: z.enum(['s', 'ms', 'iso']) }).optional(),
        'The header that carries the time, and its unit.',
        HMAC,
        { otherwise: 'no time is sent' },
      ),
    })
    .refine(({ parts, timestamp }) => timestamp !== undefined || !parts.includes('timestamp'), {
      path: ['parts'],
      message: 'The time is signed, and no "timestamp" says in which header it is sent.',
    })
    .refine(({ parts, timestamp }) => timestamp === undefined || parts.includes('timestamp'), {
      path: ['timestamp'],
      message: 'The time is sent and is not one of "parts", so that anybody could change it.',
    }),
  'systems.*.auth(hmac)',
  'A signature over stated parts of each request.',
  HMAC,
);

const MTLS = 'kind: mtls\ncertificate: $CRM_CERTIFICATE\nkey: $CRM_KEY';

/** The key `auth` of a system. */
export const authSchema = z.discriminatedUnion('kind', [
  section(
    z.strictObject({
      kind: key(z.literal('none'), 'No credentials.'),
      because: key(because, 'Why.', 'kind: none\nbecause: It is inside the same network.', {
        otherwise: 'not said',
      }),
    }),
    'systems.*.auth(none)',
    'No credentials.',
    'kind: none',
  ),
  section(
    z.strictObject({
      kind: key(z.literal('bearer'), 'A token in the header Authorization (RFC 6750).'),
      token: key(setting, 'The token.'),
    }),
    'systems.*.auth(bearer)',
    'A token that does not change.',
    'kind: bearer\ntoken: $CRM_TOKEN',
  ),
  section(
    z.strictObject({
      kind: key(z.literal('apiKey'), 'A key in a header, the query or a cookie.'),
      in: key(z.enum(['header', 'query', 'cookie']), 'Where it goes.'),
      name: key(z.string(), 'What it is called there.'),
      value: key(setting, 'The key.'),
    }),
    'systems.*.auth(apiKey)',
    'A key that does not change.',
    'kind: apiKey\nin: header\nname: x-api-key\nvalue: $CRM_KEY',
  ),
  section(
    z.strictObject({
      kind: key(z.literal('basic'), 'User and password in the header Authorization (RFC 7617).'),
      user: key(setting, 'The user.'),
      password: key(setting, 'The password.'),
    }),
    'systems.*.auth(basic)',
    'User and password.',
    'kind: basic\nuser: $CRM_USER\npassword: $CRM_PASSWORD',
  ),
  oauth2,
  login,
  hmac,
  section(
    z.strictObject({
      kind: key(z.literal('mtls'), 'The client shows a certificate.'),
      certificate: key(setting, 'The certificate, PEM; mostly from `<NAME>_FILE`.'),
      key: key(setting, 'Its private key, PEM.'),
      passphrase: key(
        setting.optional(),
        'What the key is encrypted with.',
        `${MTLS}\npassphrase: $CRM_PASSPHRASE`,
        {
          otherwise: 'it is not encrypted',
        },
      ),
      ca: key(setting.optional(), 'Who has signed the server’s certificate, PEM.', `${MTLS}\nca: $CRM_CA`, {
        otherwise: 'one of those that Node.js knows',
      }),
    }),
    'systems.*.auth(mtls)',
    'A client certificate.',
    MTLS,
  ),
  section(
    z.strictObject({
      kind: key(
        z.literal('custom'),
        'A function in `custom/auth-<system>.ts`, which `gen` writes once as a stub.',
      ),
      settings: key(
        z
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
        'What the function is given, by name.',
        'kind: custom\nsettings: { keyId: $CRM_KEY_ID }',
        { otherwise: 'nothing' },
      ),
      because: key(because, 'Why.', 'kind: custom\nbecause: The vendor has a scheme of its own.', {
        otherwise: 'not said',
      }),
    }),
    'systems.*.auth(custom)',
    'Credentials by a function of your own.',
    'kind: custom',
  ),
]);
