import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SystemAuth } from '../../runtime/src/auth/system-auth.ts';
import { createSqliteStore } from '../../runtime/src/store/sqlite-store.ts';
import type { WireOutcome, WireRequest } from '../../runtime/src/http/transport.ts';
import { createTestContext } from '../../runtime/src/testing/create-test-context.ts';
import { createTestService } from '../../runtime/src/testing/create-test-service.ts';
import type { TestService } from '../../runtime/src/testing/create-test-service.ts';
import { createTestFlow, rows } from '../../runtime/src/testing/fake-world.ts';
import { respond } from '../../runtime/src/testing/memory-transport.ts';
import { createVirtualClock } from '../../runtime/src/testing/virtual-clock.ts';
import { ECHOES, makeCanary } from './canary-forms.ts';

export const KEY = 'c0ffee5eed'.repeat(7).slice(0, 64);
const ACCESS = makeCanary('access');
const ROTATED = makeCanary('rotated');
const SESSION = makeCanary('session');

/** One way to be known to a system, and the secrets that belong to it. */
export interface AuthCase {
  readonly name: string;
  readonly auth: SystemAuth;
  readonly secrets: readonly (readonly [name: string, secret: string])[];
}

const oauth = { kind: 'oauth2', tokenUrl: 'https://target.example/token', client: 'client' } as const;
const tokens = [
  ['access', ACCESS],
  ['rotated', ROTATED],
] as const;

export const AUTH_CASES: readonly AuthCase[] = [
  one('bearer', (token) => ({ kind: 'bearer', token })),
  one('key in a header', (value) => ({ kind: 'apiKey', in: 'header', name: 'X-Key', value })),
  one('key in the query', (value) => ({ kind: 'apiKey', in: 'query', name: 'key', value })),
  one('key in a cookie', (value) => ({ kind: 'apiKey', in: 'cookie', name: 'session', value })),
  one('basic', (password) => ({ kind: 'basic', user: 'ada', password })),
  one('hmac', (secret) => ({
    kind: 'hmac',
    secret,
    hash: 'sha256',
    encoding: 'hex',
    parts: ['method', 'path', 'body'],
    separator: '\n',
    signature: { header: 'X-Signature' },
  })),
  one('custom', (secret) => ({
    kind: 'custom',
    secrets: [secret],
    authenticate: () => ({ headers: { 'x-custom': secret } }),
  })),
  {
    name: 'login',
    auth: {
      kind: 'login',
      method: 'POST',
      path: '/session',
      send: 'json',
      fields: { user: 'ada', password: makeCanary('password') },
      secrets: [makeCanary('password')],
      token: (body) => body.token,
      header: 'X-Session',
    },
    secrets: [
      ['password', makeCanary('password')],
      ['session', SESSION],
    ],
  },
  {
    name: 'client credentials',
    auth: { ...oauth, grant: 'client_credentials', secret: makeCanary('client') },
    secrets: [['client', makeCanary('client')], ...tokens],
  },
  {
    name: 'refresh token',
    auth: {
      ...oauth,
      grant: 'refresh_token',
      secret: makeCanary('client'),
      refresh: makeCanary('seed'),
      send: 'body',
    },
    secrets: [['client', makeCanary('client')], ['seed', makeCanary('seed')], ...tokens],
  },
];

function one(name: string, make: (secret: string) => SystemAuth): AuthCase {
  const secret = makeCanary(name.replaceAll(' ', '-'));
  return { name, auth: make(secret), secrets: [[name, secret]] };
}

export const STATIC: readonly (readonly [string, string])[] = [
  ['a header of the system', makeCanary('header')],
  ['the secret of a webhook', makeCanary('webhook')],
  ['the address of a channel', makeCanary('hook-path')],
  ['the password of the mail server', makeCanary('smtp')],
  ['the key of the store', KEY],
];

export interface CanaryWorld {
  readonly made: TestService;
  /** Everything that could hold a secret, by where it stands. */
  readSinks(): Promise<ReadonlyMap<string, string>>;
  /** What the commands have printed. */
  readonly printed: string[];
  remove(): Promise<void>;
}

/** A service whose target gives back what it was sent, in one encoding after the other, in every kind of failure. */
export async function createCanaryWorld(given: AuthCase): Promise<CanaryWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-canaries-'));
  const clock = createVirtualClock();
  const context = createTestContext({
    clock,
    level: 'debug',
    store: createSqliteStore(join(folder, 'store.sqlite'), clock),
  });
  const base = createTestFlow({ tier: 2 });
  const slack = `https://hooks.example/${encodeURIComponent(makeCanary('hook-path'))}`;
  const made = await createTestService({
    context,
    key: KEY,
    answer: createAnswers(),
    answerAlerts: (request) => respond(500, `${request.url} ${JSON.stringify(request.headers)}`),
    definition: {
      systems: [
        { name: 'source', server: 'https://source.example', auth: { kind: 'none' } },
        {
          name: 'target',
          server: 'https://target.example',
          auth: given.auth,
          headers: { 'x-tenant-secret': makeCanary('header') },
        },
      ],
      flows: [base],
      alerts: {
        channels: {
          ops: { kind: 'slack', url: slack },
          hook: { kind: 'webhook', url: 'https://hook.example/in', secret: makeCanary('webhook') },
          mail: {
            kind: 'email',
            to: 'desk@example.com',
            smtp: `smtp://ada:${encodeURIComponent(makeCanary('smtp'))}@127.0.0.1:1/`,
          },
        },
        send: ['ops', 'hook', 'mail'].map((to) => ({
          when: ['review', 'dead-letter', 'halt', 'pause', 'auth', 'channel'] as const,
          to,
          rule: `alerts.${to}`,
        })),
      },
    },
  });
  const printed: string[] = [];
  return {
    made,
    printed,
    async readSinks() {
      const bodies = made.alerts.requests.map(({ body }) => body ?? '');
      const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('latin1'));
      const utf8 = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('utf8'));
      return new Map([
        ['the log', context.lines.join('\n')],
        ['the alerts', bodies.join('\n')],
        ['the answers of the commands', printed.join('\n')],
        ['/metrics', await context.metrics.registry.metrics()],
        ['the store and its write-ahead log', [...files, ...utf8].join('\n')],
      ]);
    },
    async remove() {
      context.stop();
      await clock.drive(made.service.close());
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Each answer quotes the whole request. What goes wrong, and in which encoding it is quoted, goes round. */
function createAnswers(): (system: string, request: WireRequest) => WireOutcome {
  const encodings = Object.values(ECHOES);
  let [calls, issued] = [0, 0];
  return (system, request) => {
    if (system === 'source') return respond(200, { rows: rows(40) });
    const { pathname } = new URL(request.url);
    if (pathname === '/token') {
      issued += 1;
      // The first refresh fails, and quotes the credentials.
      if (issued === 1) return respond(503, quote(request, encodings[1]));
      return respond(200, { access_token: ACCESS, refresh_token: ROTATED, expires_in: 60 });
    }
    if (pathname === '/session') return respond(200, { token: SESSION });
    calls += 1;
    const encode = encodings[calls % encodings.length];
    const text = quote(request, encode);
    const failures: readonly (() => WireOutcome)[] = [
      () => respond(400, text),
      () => respond(422, JSON.stringify({ message: text })),
      () => respond(500, text),
      () =>
        respond(401, text, { 'www-authenticate': `Bearer error_description="${encodeURIComponent(text)}"` }),
      () => respond(302, text, { location: `https://elsewhere.example/?${encodeURIComponent(text)}` }),
      () => ({ kind: 'not-sent', detail: `connect to ${request.url} ${text}` }),
      () => ({ kind: 'unknown', reason: 'cut', detail: `ECONNRESET ${request.url} ${text}` }),
      () => respond(409, text),
      () => respond(200, { id: `made ${calls}` }),
      () => respond(404, text),
      () => respond(200, `not JSON: ${text}`),
    ];
    return (failures[calls % failures.length] as () => WireOutcome)();
  };
}

function quote(request: WireRequest, encode = (text: string): string => text): string {
  const { search } = new URL(request.url);
  // Values by themselves, as an error message would quote them: a header's whole line is another text.
  const values = [
    ...Object.values(request.headers).map((value) => value.replace(/^(?:Bearer|Basic) /, '')),
    ...new URLSearchParams(search).values(),
    ...(request.headers['content-type']?.includes('urlencoded') === true
      ? new URLSearchParams(request.body).values()
      : []),
  ];
  return `${request.url} ${values.map(encode).join(' ')} ${encode(request.body ?? '')}`;
}
