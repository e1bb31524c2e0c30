import { expect, test } from 'vitest';
import type { CallOptions } from '../http/call-outcome.ts';
import type { WireOutcome, WireRequest } from '../http/transport.ts';
import { createTestClient } from '../testing/create-test-client.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import { createMemoryTransport, respond } from '../testing/memory-transport.ts';
import type { SystemAuth } from './system-auth.ts';

const TOKEN_URL = 'https://id.example/token';
const AUTH: SystemAuth = {
  kind: 'oauth2',
  grant: 'refresh_token',
  tokenUrl: TOKEN_URL,
  client: 'client',
  secret: 'client-secret',
  refresh: 'seed-token',
};
const REQUEST = { operation: 'GET /x', method: 'GET', target: '/x', headers: {}, body: undefined };
const OPTIONS: CallOptions = { role: 'read', flow: 'f' };

/** An API whose tokens a test judges, and a token server that numbers them. */
function setUp(
  judge: (token: string, ageMs: number) => number,
  answerToken: (index: number, nowMs: number) => WireOutcome | undefined = () => undefined,
) {
  const context = createTestContext({ level: 'debug' });
  const issued: number[] = [];
  let asked = 0;
  const transport = createMemoryTransport(context.clock, (request: WireRequest) => {
    if (request.url !== TOKEN_URL) {
      const token = request.headers['authorization']?.slice('Bearer '.length) ?? '';
      const ageMs = context.clock.now() - (issued[Number(token.split('-')[1])] ?? 0);
      return respond(judge(token, ageMs), {});
    }
    const other = answerToken(asked++, context.clock.now());
    if (other !== undefined) return other;
    issued.push(context.clock.now());
    const number = issued.length - 1;
    return respond(200, {
      access_token: `access-${number}`,
      refresh_token: `refresh-${number}`,
      expires_in: 1800,
    });
  });
  const client = createTestClient(context, transport, { auth: AUTH });
  return {
    context,
    transport,
    call: () => context.clock.drive(client.call(REQUEST, OPTIONS)),
    all: (count: number) =>
      context.clock.drive(Promise.all(Array.from({ length: count }, () => client.call(REQUEST, OPTIONS)))),
    refreshes: () => transport.requests.filter(({ url }) => url === TOKEN_URL).length,
    advance: (ms: number) => context.clock.advance(ms),
  };
}

test('a token that is withdrawn during a run is refreshed once for all who are refused', async () => {
  let withdrawn = '';
  const { call, all, refreshes } = setUp((token) => (token === withdrawn ? 401 : 200));
  expect((await call()).kind).toBe('ok');
  withdrawn = 'access-0';
  expect((await all(10)).map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, () => 'ok'));
  expect(refreshes()).toBe(2);
});

test('a new token that is not known everywhere yet is waited for, not refreshed again', async () => {
  const { call, all, refreshes, advance } = setUp((token, ageMs) =>
    token === 'access-0' || ageMs < 3000 ? 401 : 200,
  );
  expect((await call()).kind).toBe('ok');
  expect(refreshes()).toBe(2);
  await advance(1_800_000);
  expect((await all(5)).map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'ok'));
  expect(refreshes()).toBeLessThanOrEqual(4);
});

test('credentials that are always refused end in one pause after one refresh and one wait', async () => {
  const { context, call, all, refreshes, transport } = setUp(() => 401);
  expect(await call()).toMatchObject({ kind: 'wait', reason: 'credentials are refused (401)' });
  expect(refreshes()).toBe(2);
  expect(transport.requests).toHaveLength(5);
  await all(5);
  expect(refreshes()).toBe(2);
  expect(context.lines.filter((line) => line.includes('the system is paused'))).toHaveLength(1);
});

test('while a token still lives, a token server that is down holds nobody up', async () => {
  let isDown = false;
  const { call, refreshes, advance } = setUp(
    () => 200,
    () => (isDown ? respond(502, '<html>bad gateway</html>') : undefined),
  );
  expect((await call()).kind).toBe('ok');
  isDown = true;
  await advance(1_745_000);
  expect((await call()).kind).toBe('ok');
  expect((await call()).kind).toBe('ok');
  // One try, and then the server is left alone for a while.
  expect(refreshes()).toBe(2);
  await advance(60_000);
  expect((await call()).kind).toBe('wait');
  isDown = false;
  await advance(60_000);
  expect((await call()).kind).toBe('ok');
});

test('the token server’s Retry-After is not undercut, whoever asks', async () => {
  const { context, call, refreshes, advance, transport } = setUp(
    () => 200,
    (index) => (index === 0 ? respond(429, {}, { 'retry-after': '600' }) : undefined),
  );
  const started = context.clock.now();
  const outcome = await call();
  expect(outcome.kind === 'wait' && outcome.untilMs).toBeGreaterThanOrEqual(started + 600_000);
  await advance(300_000);
  await call();
  expect(refreshes()).toBe(1);
  await advance(301_000);
  expect((await call()).kind).toBe('ok');
  expect(transport.requests[1]?.atMs).toBeGreaterThanOrEqual(started + 600_000);
});

test('a refresh that the store did not take is stored before another is asked for', async () => {
  const { context, call, refreshes } = setUp(() => 200);
  const write = context.store.writeToken;
  Object.assign(context.store, { writeToken: () => Promise.reject(new Error('the disk is full')) });
  await expect(call()).rejects.toThrow('the disk is full');
  Object.assign(context.store, { writeToken: write });
  expect((await call()).kind).toBe('ok');
  expect(refreshes()).toBe(1);
  expect((await context.store.readToken('target'))?.generation).toBe(1);
});

test('less than the scopes that were asked for is said, and so that no token stands in the log', async () => {
  const context = createTestContext({ level: 'debug' });
  const transport = createMemoryTransport(context.clock, ({ url }) =>
    url === TOKEN_URL
      ? respond(200, { access_token: 'access-secret', refresh_token: 'refresh-secret', scope: 'read' })
      : respond(403, { error: 'insufficient_scope', token: 'access-secret' }),
  );
  const client = createTestClient(context, transport, { auth: { ...AUTH, scopes: ['read', 'write'] } });
  await context.clock.drive(client.call(REQUEST, OPTIONS));
  const text = context.lines.join('');
  expect(text).toContain('the token server granted less than was asked for');
  for (const secret of ['access-secret', 'refresh-secret', 'client-secret', 'seed-token'])
    expect(text).not.toContain(secret);
});
