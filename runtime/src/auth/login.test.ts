import { expect, test } from 'vitest';
import type { CallOptions } from '../http/call-outcome.ts';
import type { WireOutcome, WireRequest } from '../http/transport.ts';
import type { Store } from '../store/store.ts';
import { createTestClient } from '../testing/create-test-client.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import { createMemoryTransport, respond } from '../testing/memory-transport.ts';
import type { LoginAuth } from './system-auth.ts';

const AUTH: LoginAuth = {
  kind: 'login',
  method: 'POST',
  path: '/session',
  send: 'json',
  fields: { user: 'ada', password: 'pass word&', remember: true },
  secrets: ['pass word&'],
  token: (body) => body.data?.token,
  header: 'X-Session',
  prefix: 'Token ',
};
const REQUEST = { operation: 'GET /x', method: 'GET', target: '/x', headers: {}, body: undefined };
const OPTIONS: CallOptions = { role: 'read', flow: 'f' };

/** A system that knows one session at a time. */
function setUp(
  given: Partial<LoginAuth> = {},
  answerLogin: () => WireOutcome | undefined = () => undefined,
  store?: Store,
) {
  const context = createTestContext(store === undefined ? {} : { store });
  let sessions = 0;
  const transport = createMemoryTransport(context.clock, (request: WireRequest) => {
    if (request.url.endsWith('/api/session')) {
      const other = answerLogin();
      if (other !== undefined) return other;
      sessions += 1;
      return respond(201, { data: { token: `session-${sessions}` } });
    }
    return respond(request.headers['x-session'] === `Token session-${sessions}` ? 200 : 401, {});
  });
  const client = createTestClient(context, transport, { auth: { ...AUTH, ...given } });
  return {
    context,
    transport,
    logins: () => transport.requests.filter(({ url }) => url.endsWith('/api/session')),
    all: (count: number) =>
      context.clock.drive(Promise.all(Array.from({ length: count }, () => client.call(REQUEST, OPTIONS)))),
    end: () => void (sessions += 1),
  };
}

test('the token of a login stands in the stated header, with the stated prefix', async () => {
  const { all, logins } = setUp();
  expect((await all(10)).every(({ kind }) => kind === 'ok')).toBe(true);
  expect(logins()).toMatchObject([
    {
      method: 'POST',
      url: 'https://target.example/api/session',
      headers: { 'content-type': 'application/json' },
      body: '{"user":"ada","password":"pass word&","remember":true}',
    },
  ]);
});

test('a login can be a form', async () => {
  const { all, logins } = setUp({ send: 'form' });
  expect((await all(1))[0]?.kind).toBe('ok');
  expect(logins()).toMatchObject([
    {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'user=ada&password=pass+word%26&remember=true',
    },
  ]);
});

test('a session that has ended is begun again once for all callers', async () => {
  const { all, logins, end } = setUp();
  await all(1);
  end();
  expect((await all(10)).every(({ kind }) => kind === 'ok')).toBe(true);
  expect(logins()).toHaveLength(2);
});

test('a session is renewed before it lapses where the rules say how long it lasts', async () => {
  const { context, all, logins } = setUp({ lastsMs: 600_000 });
  await all(1);
  await context.clock.advance(500_000);
  await all(1);
  expect(logins()).toHaveLength(1);
  await context.clock.advance(60_000);
  await all(1);
  expect(logins()).toHaveLength(2);
});

test('a second process goes on with the session that is stored, and a new password begins another', async () => {
  const first = setUp();
  await first.all(1);
  const { store } = first.context;
  const sealed = (await store.readToken('target'))?.sealed ?? '';
  expect(sealed).not.toContain('session-1');
  const second = setUp({}, undefined, store);
  second.end();
  expect((await second.all(1))[0]?.kind).toBe('ok');
  expect(second.logins()).toHaveLength(0);
  const third = setUp({ fields: { user: 'ada', password: 'another' } }, undefined, store);
  await third.all(1);
  expect(third.logins()).toHaveLength(1);
});

test.each([
  ['a refusal', respond(403, { message: 'wrong password' })],
  ['an answer without a token', respond(200, { data: {} })],
])('after %s nobody logs in again until the pause ends', async (_name, answer) => {
  const { context, all, logins } = setUp({}, () => answer);
  expect((await all(3)).every(({ kind }) => kind === 'wait')).toBe(true);
  await all(3);
  const [line = ''] = context.lines;
  expect(context.lines).toHaveLength(1);
  expect(line).toContain('authentication failed');
  expect(logins().length).toBeLessThanOrEqual(2);
});

test('a login whose answer was lost is tried once more', async () => {
  let count = 0;
  const { all, logins } = setUp({}, () => (count++ === 0 ? respond(502) : undefined));
  expect((await all(1))[0]?.kind).toBe('ok');
  expect(logins()).toHaveLength(2);
});
