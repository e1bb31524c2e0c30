import { expect, test } from 'vitest';
import type { System } from '../flow.ts';
import { createTestClient } from '../testing/create-test-client.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import { createMemoryTransport, respond } from '../testing/memory-transport.ts';
import type { Answerer } from '../testing/memory-transport.ts';
import type { CallOptions, CallOutcome } from './call-outcome.ts';
import type { WireOutcome } from './transport.ts';

const REQUEST = {
  operation: 'POST /x',
  method: 'POST',
  target: '/x?a=1',
  headers: { accept: 'application/json' },
  body: '{"a":1}',
};
const CUT: WireOutcome = { kind: 'unknown', reason: 'cut', detail: 'cut' };

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

test('credentials that cannot be renewed pause the system, which is said once', async () => {
  const { call, client, context, transport, drive, start } = setUp(() => respond(401));
  const outcomes = await drive(
    Promise.all(Array.from({ length: 5 }, () => call({ role: 'write', tier: 5 }))),
  );
  expect(new Set(outcomes.map((outcome) => outcome.kind))).toEqual(new Set(['wait']));
  expect(client.pausedUntilMs).toBe(start + 60_000);
  expect(context.lines.filter((line) => line.includes('credentials are refused'))).toHaveLength(1);
  expect(transport.requests).toHaveLength(5);
});

test('a system that fails again and again is left alone, for longer each time, until it answers', async () => {
  let up = false;
  const { call, client, context, transport, drive } = setUp(() => (up ? respond(200, {}) : CUT));
  await drive(call());
  expect(client.isFailing).toBe(false);
  const opened: number[] = [];
  for (let round = 0; round < 40; round += 1) {
    const before = transport.requests.length;
    const outcome = await drive(call());
    if (outcome.kind === 'wait') opened.push(client.pausedUntilMs - context.clock.now());
    expect(transport.requests.length - before).toBeLessThanOrEqual(3);
    await context.clock.advance(Math.max(0, client.pausedUntilMs - context.clock.now()));
  }
  expect(client.isFailing).toBe(true);
  expect(Math.max(...opened)).toBeGreaterThan(150_000);
  expect(Math.max(...opened)).toBeLessThanOrEqual(300_000);
  up = true;
  expect(await drive(call())).toMatchObject({ kind: 'ok' });
  expect(client.isFailing).toBe(false);
  up = false;
  expect((await drive(call())).kind).toBe('defer');
});

test('a 503 without a time opens the breaker too', async () => {
  const { call, client, drive } = setUp(() => respond(503));
  for (let round = 0; round < 3; round += 1) await drive(call());
  expect(client.isFailing).toBe(true);
});

test('a call ends soon after the service is asked to stop', async () => {
  const { call, context, drive, start } = setUp(() => respond(500));
  const calling = call();
  await context.clock.advance(1);
  context.stop();
  expect((await drive(calling)).kind).toMatch(/defer|wait/);
  expect(context.clock.now() - start).toBeLessThan(100);
});
