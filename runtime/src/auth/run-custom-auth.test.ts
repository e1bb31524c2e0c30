import { expect, test } from 'vitest';
import type { CallOptions } from '../http/call-outcome.ts';
import { createTestClient } from '../testing/create-test-client.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import { createMemoryTransport, respond } from '../testing/memory-transport.ts';
import type { CustomAuthAnswer, CustomAuthRequest } from './custom-auth.ts';

const REQUEST = { operation: 'GET /x', method: 'GET', target: '/x?a=1', headers: {}, body: undefined };
const OPTIONS: CallOptions = { role: 'read', flow: 'f' };

function setUp(authenticate: (request: CustomAuthRequest) => CustomAuthAnswer | Promise<CustomAuthAnswer>) {
  const context = createTestContext();
  const transport = createMemoryTransport(context.clock, () => respond(200, {}));
  const auth = { kind: 'custom', secrets: ['custom-secret'], authenticate } as const;
  const client = createTestClient(context, transport, { auth });
  return { context, transport, call: () => context.clock.drive(client.call(REQUEST, OPTIONS)) };
}

test('a hand-written function sees the call as it will be sent, and adds headers and parameters', async () => {
  const seen: unknown[] = [];
  const { transport, call, context } = setUp(({ clock, ...request }) => {
    seen.push({ ...request, nowMs: clock.now() });
    return { headers: { 'X-Key': 'k' }, query: { sig: 'a b' } };
  });
  const startMs = context.clock.now();
  expect((await call()).kind).toBe('ok');
  expect(seen).toEqual([
    {
      method: 'GET',
      url: 'https://target.example/api/x?a=1',
      headers: {},
      body: undefined,
      nowMs: startMs,
    },
  ]);
  expect(transport.requests).toMatchObject([
    { url: 'https://target.example/api/x?a=1&sig=a+b', headers: { 'x-key': 'k' } },
  ]);
});

test.each([
  ['that throws', () => Promise.reject(new Error('custom/auth-target.ts is not written yet'))],
  ['that never answers', () => new Promise<CustomAuthAnswer>(() => undefined)],
])('a function %s pauses the system with one message, and nothing goes out', async (_name, authenticate) => {
  const { context, transport, call } = setUp(authenticate);
  expect((await call()).kind).toBe('wait');
  expect((await call()).kind).toBe('wait');
  expect(transport.requests).toEqual([]);
  expect(context.lines).toHaveLength(1);
  expect(context.lines[0]).toContain('the function in custom/');
});

test('what a function does to the headers that it is given is gone at the next try', async () => {
  const context = createTestContext();
  const transport = createMemoryTransport(context.clock, (_request, index) =>
    index === 0 ? respond(500, {}) : respond(200, {}),
  );
  const seen: unknown[] = [];
  const authenticate = ({ headers }: CustomAuthRequest): CustomAuthAnswer => {
    seen.push({ ...headers });
    Object.assign(headers, { 'x-signature': `of try ${seen.length}` });
    return { headers };
  };
  const client = createTestClient(context, transport, {
    auth: { kind: 'custom', secrets: ['custom-secret'], authenticate },
  });
  expect((await context.clock.drive(client.call(REQUEST, OPTIONS))).kind).toBe('ok');
  expect(seen).toEqual([{}, {}]);
  expect(REQUEST.headers).toEqual({});
});
