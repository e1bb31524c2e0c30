import { expect, test } from 'vitest';
import type { SystemAuth } from '../../auth/system-auth.ts';
import type { WireOutcome, WireRequest } from '../../http/transport.ts';
import { createTestService } from '../../testing/create-test-service.ts';
import type { TestService, TestServiceOptions } from '../../testing/create-test-service.ts';
import { START } from '../../testing/fake-world.ts';
import { respond } from '../../testing/memory-transport.ts';

const DATE = { date: new Date(START).toUTCString() };
const WELL = respond(200, { rows: [] }, DATE);
const TOKEN = 'a-secret-token-0815';

function setUp(
  answer: (system: string, request: WireRequest) => WireOutcome,
  given: Partial<TestServiceOptions> = {},
  auth: SystemAuth = { kind: 'bearer', token: TOKEN },
): Promise<TestService> {
  const systems = ['source', 'target'].map((name) => ({ name, server: `https://${name}.example`, auth }));
  return createTestService({ answer, ...given, definition: { systems, ...given.definition } });
}

test('a service that is well is told so, and nothing is taken in or written', async () => {
  const { run, transports, context } = await setUp(() => WELL);
  const { code, text } = await run('doctor');
  expect(text).toContain('source: it can be reached and lets f read');
  expect(text).toContain('target: https://target.example can be reached');
  expect(text).toContain('no flow reads from it, so only a write shows that they are accepted');
  expect(text).toContain('store :memory:: whole');
  expect(text).toContain('MORTISE_KEY: not set; no system keeps tokens');
  expect(text).toContain('warning  alerts alerts: the rules tell nobody of anything');
  expect(text).toContain('Nothing is wrong.');
  expect(code).toBe(0);
  expect(
    transports['target']?.requests.map(({ method, headers }) => [method, headers['authorization']]),
  ).toEqual([['GET', undefined]]);
  expect(await context.store.counts(['f'])).toMatchObject([{ takenIn: 0 }]);
});

test.each([
  [respond(401, {}, DATE), 'it does not accept the credentials (401). Check the settings of source.'],
  [respond(403, {}, DATE), 'the credentials do not allow GET /rows (403)'],
  [respond(404, {}, DATE), 'GET /rows for the flow f answers 404'],
  [respond(200, { other: 1 }, DATE), 'answers no list of records'],
  [
    { kind: 'not-sent', detail: 'getaddrinfo ENOTFOUND source.example' },
    'cannot be reached (getaddrinfo ENOTFOUND',
  ],
  [{ kind: 'unknown', reason: 'timeout', detail: '' }, 'gives no whole answer: timeout'],
] as const)(
  'what is wrong with a system is named, and it is neither paused nor asked again: %#',
  async (answer, message) => {
    const { run, context, transports } = await setUp((system) => (system === 'source' ? answer : WELL));
    const { code, text } = await run('doctor --json');
    const { ok, findings } = JSON.parse(text) as {
      readonly ok: boolean;
      readonly findings: readonly {
        readonly subject: string;
        readonly outcome: string;
        readonly message: string;
      }[];
    };
    expect([code, ok]).toEqual([1, false]);
    const wrong = findings.filter(({ outcome }) => outcome === 'wrong');
    expect(wrong).toMatchObject([{ subject: 'source', message: expect.stringContaining(message) as string }]);
    expect(text).not.toContain(TOKEN);
    expect(await context.store.listPauses()).toEqual([]);
    expect(transports['source']?.requests).toHaveLength(1);
  },
);

test('clocks that are more than a minute apart are a warning', async () => {
  for (const [seconds, isTold] of [
    [59, false],
    [-62, true],
    [75, true],
  ] as const) {
    const date = new Date(START + seconds * 1000).toUTCString();
    const { run } = await setUp(() => respond(200, { rows: [] }, { date }));
    const { code, text } = await run('doctor');
    expect(code).toBe(0);
    expect(text.includes('Set this one by NTP'), String(seconds)).toBe(isTold);
  }
  const { run } = await setUp(() => respond(200, { rows: [] }));
  expect((await run('doctor')).text).toContain('does not tell its time');
});

test('a login that is missing names the command that makes it', async () => {
  const login = {
    kind: 'oauth2',
    grant: 'authorization_code',
    tokenUrl: 'https://source.example/token',
    authorizeUrl: 'https://source.example/authorize',
    client: 'me',
  } as const;
  const { run } = await setUp(() => WELL, { key: '07'.repeat(32) }, login);
  const { code, text } = await run('doctor');
  expect(code).toBe(1);
  expect(text).toContain('it gives no credentials');
  expect(text).toContain('Log in again: auth source');
});

test('a login that succeeds is said to, and a token that was stored before is told from one that was just given', async () => {
  const login: SystemAuth = {
    kind: 'login',
    method: 'POST',
    path: '/login',
    send: 'json',
    fields: { user: 'me' },
    secrets: [],
    header: 'x-session',
    token: (answer) => (answer as { readonly token: string }).token,
  };
  const { run } = await setUp(
    (_system, { url }) => (url.endsWith('/login') ? respond(200, { token: TOKEN }, DATE) : WELL),
    { key: '07'.repeat(32) },
    login,
  );
  expect((await run('doctor')).text).toContain(
    'target: its login accepts the credentials and has just given a token; no flow reads from it, so only a write shows that the token is accepted',
  );
  expect((await run('doctor')).text).toContain('target: a token is stored that its login gave before');
});

test.each([
  ['whsec_c2VjcmV0LXNlY3JldA==', 'its secret has 13 bytes, and Standard Webhooks asks for 24 at least'],
  ['a-word', 'its secret has 6 bytes'],
  [`whsec_${Buffer.alloc(24, 7).toString('base64')}`, undefined],
  ['abcdefghijklmnopqrstuvwx', undefined],
])('a webhook secret that is too short to be safe is a warning: %#', async (secret, message) => {
  const own = { kind: 'webhook', url: 'https://own.example/alerts', secret } as const;
  const { run } = await setUp(() => WELL, {
    definition: { alerts: { channels: { own }, send: [] } },
    answerAlerts: () => respond(200),
  });
  for (const line of ['doctor', 'doctor --send-test']) {
    const { code, text } = await run(line);
    expect(code).toBe(0);
    expect(text.includes('warning  alerts own: its secret')).toBe(message !== undefined);
    expect(text).toContain(message ?? 'alerts own:');
    expect(text).not.toContain(secret);
  }
});

const ALERTS = {
  channels: { ops: { kind: 'slack', url: 'https://hooks.example/services/T0/B0/xyzxyzxyzxyz' } },
  send: [],
} as const;

test.each([
  [200, 0, 'alerts ops: took a test message'],
  [500, 1, 'alerts ops: took no message'],
])(
  'a test message goes out only when it is asked for; the channel answers %i',
  async (status, code, message) => {
    const made = await setUp(() => WELL, {
      definition: { alerts: ALERTS },
      answerAlerts: () => respond(status),
    });
    expect((await made.run('doctor')).text).toContain('alerts ops: not tried; --send-test sends a message');
    expect(made.alerts.requests).toEqual([]);
    const end = await made.run('doctor --send-test');
    expect(end).toMatchObject({ code, text: expect.stringContaining(message) });
    expect(made.alerts.requests[0]?.body).toContain('nothing is wrong');
    expect(end.text).not.toContain('xyzxyz');
  },
);

test('a store that is damaged or cannot be written is wrong, and a full disk is told before', async () => {
  const { run, context } = await setUp(() => WELL);
  const health = {
    integrity: 'ok',
    writing: 'ok',
    bytes: 1,
    logBytes: 0,
    freeBytes: 900_000_000,
    isExposed: false,
  };
  const say = async (given: Partial<typeof health>) => {
    Object.assign(context.store, { checkHealth: () => Promise.resolve({ ...health, ...given }) });
    return run('doctor');
  };
  expect(await say({})).toMatchObject({ code: 0, text: expect.stringContaining('only 900.0 MB are free') });
  expect((await say({ isExposed: true })).text).toContain(
    'other users of this machine can read what it holds',
  );
  expect(await say({ freeBytes: 9_000_000 })).toMatchObject({ code: 1 });
  expect(await say({ integrity: 'row 7 missing' })).toMatchObject({
    code: 1,
    text: expect.stringContaining('damaged: row 7 missing. Stop the service and go back to a backup.'),
  });
  expect(await say({ writing: 'disk full' })).toMatchObject({ code: 1 });
});
