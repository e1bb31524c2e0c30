import { expect, test } from 'vitest';
import type { System } from '../flow.ts';
import { createTestClient } from '../testing/create-test-client.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import { createMemoryTransport, respond } from '../testing/memory-transport.ts';
import type { Answerer } from '../testing/memory-transport.ts';
import type { CallOptions, CallOutcome } from './call-outcome.ts';
import type { WriteTier } from './decide-call.ts';
import type { WireOutcome } from './transport.ts';

const REQUEST = {
  operation: 'POST /x',
  method: 'POST',
  target: '/x?a=1',
  headers: { accept: 'application/json' },
  body: '{"a":1}',
};
const CUT: WireOutcome = { kind: 'unknown', reason: 'cut', detail: 'cut' };
const REFUSED: WireOutcome = { kind: 'not-sent', detail: 'refused' };

function setUp(answer: Answerer, system: Partial<System> = {}) {
  const context = createTestContext();
  const transport = createMemoryTransport(context.clock, answer);
  const client = createTestClient(context, transport, system);
  const start = context.clock.now();
  const call = (options: Partial<CallOptions> = {}): Promise<CallOutcome> =>
    client.call(REQUEST, { role: 'read', flow: 'f', ...options });
  const times = (): number[] => transport.requests.map((request) => request.atMs - start);
  return {
    context,
    transport,
    client,
    call,
    times,
    drive: <T>(work: Promise<T>) => context.clock.drive(work),
    start,
  };
}

function inTurn(...answers: readonly WireOutcome[]): Answerer {
  return (_request, index) => answers[Math.min(index, answers.length - 1)] as WireOutcome;
}

test('a success gives its body, and its headers', async () => {
  const { call, transport } = setUp(() => respond(200, { a: 1 }, { date: 'Mon, 05 Jan 2026 09:00:01 GMT' }));
  expect(await call()).toMatchObject({
    kind: 'ok',
    status: 200,
    body: { a: 1 },
    headers: { date: 'Mon, 05 Jan 2026 09:00:01 GMT' },
  });
  expect(transport.requests).toMatchObject([
    {
      method: 'POST',
      url: 'https://target.example/api/x?a=1',
      body: '{"a":1}',
      headers: { authorization: 'Bearer bearer-token' },
    },
  ]);
});

test('an API key in the query joins the query that is there', async () => {
  const { call, transport } = setUp(() => respond(204), {
    auth: { kind: 'apiKey', in: 'query', name: 'key', value: 'a b&c' },
  });
  await call();
  expect(transport.requests[0]?.url).toBe('https://target.example/api/x?a=1&key=a+b%26c');
});

test.each(['7', '2.5', 'Mon, 05 Jan 2026 09:00:07 GMT', String(Date.UTC(2026, 0, 5, 9, 0, 7) / 1000)])(
  'a Retry-After of %s is never undercut, by nobody',
  async (header) => {
    const { call, times, drive } = setUp(
      inTurn(respond(429, undefined, { 'retry-after': header }), respond(200, {})),
    );
    const others = (async () => {
      await Promise.resolve();
      return call();
    })();
    expect((await drive(Promise.all([call(), others]))).map((outcome) => outcome.kind)).toEqual(['ok', 'ok']);
    const wanted = header === '2.5' ? 2500 : 7000;
    expect(
      times()
        .filter((at) => at > 0)
        .every((at) => at >= wanted && at <= wanted + 250),
    ).toBe(true);
    expect(times().filter((at) => at > 0)).not.toEqual([]);
  },
);

test('a long Retry-After is a schedule, not a sleep', async () => {
  const { call, times, drive, start, context } = setUp(() =>
    respond(429, undefined, { 'retry-after': '3600' }),
  );
  const outcome = await drive(call());
  expect(outcome).toMatchObject({ kind: 'wait' });
  expect((outcome as { untilMs: number }).untilMs).toBeGreaterThanOrEqual(start + 3_600_000);
  expect(context.clock.now()).toBe(start);
  expect(await drive(call())).toMatchObject({ kind: 'wait' });
  expect(times()).toHaveLength(1);
});

test('a Retry-After on an error that is retried, or on a blind write, is not undercut either', async () => {
  const first = setUp(inTurn(respond(500, undefined, { 'retry-after': '9' }), respond(200, {})));
  expect(await first.drive(first.call())).toMatchObject({ kind: 'ok' });
  expect(first.times()[1]).toBeGreaterThanOrEqual(9000);
  const second = setUp(inTurn(respond(429, undefined, { 'retry-after': '9' }), respond(200, {})));
  expect(await second.drive(second.call({ role: 'write', tier: 5 }))).toMatchObject({ kind: 'unknown' });
  expect(second.client.pausedUntilMs).toBeGreaterThanOrEqual(second.start + 9000);
});

test.each(['0', '-1', 'soon', 'Mon, 05 Jan 2020 09:00:00 GMT'])(
  'a Retry-After of %s is no reason to hammer',
  async (header) => {
    const { call, times, drive } = setUp(() => respond(429, undefined, { 'retry-after': header }));
    expect(await drive(call())).toMatchObject({ kind: 'wait' });
    const seen = times();
    expect(seen.length).toBeLessThanOrEqual(3);
    for (const [index, at] of seen.entries())
      expect(at - (seen[index - 1] ?? -500)).toBeGreaterThanOrEqual(500);
  },
);

test.each([0, 1, 2] as const)('a write of tier %i is repeated with the same bytes', async (tier) => {
  const { call, transport, drive } = setUp(inTurn(CUT, respond(502), respond(200, {})));
  expect(await drive(call({ role: 'write', tier }))).toMatchObject({ kind: 'ok' });
  expect(
    new Set(
      transport.requests.map(({ url, method, body, headers }) =>
        JSON.stringify([url, method, body, headers]),
      ),
    ).size,
  ).toBe(1);
  expect(transport.requests).toHaveLength(3);
});

test.each([3, 5] as const)(
  'a write of tier %i that may have been applied is never repeated blindly',
  async (tier) => {
    for (const answer of [
      CUT,
      respond(500),
      respond(408),
      respond(200, '<html>'),
      { ...CUT, reason: 'timeout' } as const,
    ]) {
      const { call, transport, drive } = setUp(() => answer);
      expect(await drive(call({ role: 'write', tier }))).toMatchObject({ kind: 'unknown' });
      expect(transport.requests).toHaveLength(1);
    }
  },
);

test('what was surely not sent is repeated at every tier, and then deferred as not applied', async () => {
  for (const tier of [0, 1, 2, 3, 5] as const satisfies readonly WriteTier[]) {
    const { call, transport, drive } = setUp(() => REFUSED);
    expect(await drive(call({ role: 'write', tier }))).toEqual({
      kind: 'defer',
      reason: 'not-sent',
      uncertain: false,
    });
    expect(transport.requests).toHaveLength(3);
  }
});

test.each([
  ['not sent', REFUSED, 'defer'],
  ['asked to wait', respond(429, undefined, { 'retry-after': '600' }), 'wait'],
  ['refused for its credentials', respond(401), 'wait'],
])(
  'once a try may have been applied, a later one that was %s does not say otherwise',
  async (_name, later, kind) => {
    const { call, drive } = setUp(inTurn(CUT, later));
    expect(await drive(call({ role: 'write', tier: 2 }))).toMatchObject({ kind, uncertain: true });
  },
);

test('a success that cannot be read is unknown for a write and tried again for a read', async () => {
  const written = setUp(() => respond(200, '{"cut'));
  expect(await written.drive(written.call({ role: 'write', tier: 2 }))).toEqual({
    kind: 'unknown',
    reason: 'malformed',
  });
  const read = setUp(inTurn(respond(200, '<html>'), respond(200, [])));
  expect(await read.drive(read.call())).toMatchObject({ kind: 'ok', body: [] });
});

test('an error whose body is no JSON is still an error', async () => {
  const { call } = setUp(() => respond(422, '<h1>no</h1>'));
  expect(await call({ role: 'write', tier: 2 })).toMatchObject({
    kind: 'refused',
    action: 'review',
    status: 422,
    message: '422',
  });
});

test('a 409 under an idempotency key concerns its record alone and stays uncertain', async () => {
  const { call, client, drive } = setUp(() => respond(409));
  expect(await drive(call({ role: 'write', tier: 1 }))).toEqual({
    kind: 'defer',
    reason: '409',
    uncertain: true,
  });
  expect(client.pausedUntilMs).toBe(0);
});
