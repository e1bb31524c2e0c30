import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { TEST_KEY } from '../testing/create-test-client.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import { createMemoryTransport, respond } from '../testing/memory-transport.ts';
import { createAuthenticator } from './authenticator.ts';
import type { SystemAuth } from './system-auth.ts';
import { createTokenCipher } from './token-cipher.ts';

const SECRET = 'pä"ss/w+rd &=?1';
const URL_OF = { tokenUrl: 'https://id.example/token' } as const;
const RSA = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const ASSERTED = {
  kind: 'oauth2',
  grant: 'jwt_bearer',
  ...URL_OF,
  key: RSA.privateKey,
  algorithm: 'RS256',
  issuer: 'me',
} as const;

const KINDS: readonly (readonly [string, SystemAuth])[] = [
  ['bearer', { kind: 'bearer', token: SECRET }],
  ['basic', { kind: 'basic', user: 'ada', password: SECRET }],
  ['an API key in a header', { kind: 'apiKey', in: 'header', name: 'X-Key', value: SECRET }],
  ['an API key in the query', { kind: 'apiKey', in: 'query', name: 'key', value: SECRET }],
  ['an API key in a cookie', { kind: 'apiKey', in: 'cookie', name: 'key', value: SECRET }],
  [
    'client credentials',
    { kind: 'oauth2', grant: 'client_credentials', ...URL_OF, client: 'c', secret: SECRET },
  ],
  [
    'client credentials in the body',
    { kind: 'oauth2', grant: 'client_credentials', ...URL_OF, client: 'c', secret: SECRET, send: 'body' },
  ],
  [
    'a refresh token',
    { kind: 'oauth2', grant: 'refresh_token', ...URL_OF, client: 'c', secret: SECRET, refresh: `r${SECRET}` },
  ],
  ['an assertion', { ...ASSERTED, client: 'c', secret: SECRET }],
  [
    'a login',
    {
      kind: 'login',
      method: 'POST',
      path: '/login',
      send: 'form',
      fields: { password: SECRET },
      secrets: [SECRET],
      token: (body) => body.access_token,
      header: 'X-Session',
    },
  ],
];

function setUp(auth: SystemAuth) {
  const context = createTestContext();
  const transport = createMemoryTransport(context.clock, () =>
    respond(200, { access_token: 'access-token', refresh_token: 'refresh-token' }),
  );
  const { scrubber } = context;
  const cipher = createTokenCipher(TEST_KEY);
  const options = { system: 'x', server: 'https://x.example', transport, cipher, scrubber, context };
  return { context, transport, scrubber, authenticator: createAuthenticator(auth, options) };
}

test.each(KINDS)('%s: what goes out is scrubbed wherever it is quoted', async (_name, auth) => {
  const { context, transport, scrubber, authenticator } = setUp(auth);
  const result = await context.clock.drive(context.clock.busy(authenticator.get()));
  expect(result.kind).toBe('ready');
  const quoted = [
    JSON.stringify(transport.requests),
    JSON.stringify(result),
    result.kind === 'ready'
      ? new URLSearchParams(result.credentials.query.map(([name, value]): [string, string] => [name, value]))
      : '',
  ].join('\n');
  const scrubbed = scrubber.scrub(quoted);
  const pair = (user: string, secret: string): string => Buffer.from(`${user}:${secret}`).toString('base64');
  const forms = [
    SECRET,
    encodeURIComponent(SECRET),
    new URLSearchParams({ a: SECRET }).toString().slice(2),
    JSON.stringify(SECRET).slice(1, -1),
    JSON.stringify(JSON.stringify(SECRET).slice(1, -1)).slice(1, -1),
    pair('c', encodeURIComponent(SECRET)),
    pair('ada', SECRET),
    'access-token',
    'refresh-token',
  ];
  expect(forms.some((form) => quoted.includes(form))).toBe(true);
  expect(forms.filter((form) => scrubbed.includes(form))).toEqual([]);
  // Three parts of base64url: an assertion that could be sent again.
  expect(scrubbed).not.toMatch(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/);
});

test('a private key is scrubbed as a whole and line by line', () => {
  const { scrubber } = setUp(ASSERTED);
  expect(scrubber.scrub(`key: ${RSA.privateKey}`)).toBe('key: [secret]');
  const [, line = ''] = RSA.privateKey.split('\n');
  expect(scrubber.scrub(`cannot read ${line}`)).toBe('cannot read [secret]');
});

test('a key in the form of PKCS #1, as many vendors hand it out, signs too', async () => {
  const { context, transport, authenticator } = setUp({ ...ASSERTED, keyId: 'k1', subject: 'ada' });
  await context.clock.drive(context.clock.busy(authenticator.get()));
  const assertion = new URLSearchParams(transport.requests[0]?.body).get('assertion') ?? '';
  const [header = '', claims = ''] = assertion.split('.');
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  const now = Math.floor(context.clock.now() / 1000);
  expect(read(header)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k1' });
  expect(read(claims)).toMatchObject({
    iss: 'me',
    sub: 'ada',
    aud: URL_OF.tokenUrl,
    iat: now,
    exp: now + 60,
  });
});

test('a system that keeps tokens needs the key to seal them with', () => {
  const context = createTestContext();
  const transport = createMemoryTransport(context.clock, () => respond(200, {}));
  const { scrubber } = context;
  const options = { system: 'x', server: 's', transport, cipher: undefined, scrubber, context };
  expect(() => createAuthenticator(ASSERTED, options)).toThrow('MORTISE_KEY must be set');
});
