import { expect, test } from 'vitest';
import { createTestClient } from '../testing/create-test-client.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import { createMemoryTransport, respond } from '../testing/memory-transport.ts';
import type { CallAction } from './decide-call.ts';

const MINUTE = 60_000;

async function callOnce(action: CallAction, headers: Readonly<Record<string, string>> = {}) {
  const context = createTestContext();
  const transport = createMemoryTransport(context.clock, () => respond(423, undefined, headers));
  const client = createTestClient(context, transport);
  const startedMs = context.clock.now();
  const request = { operation: 'GET /x', method: 'GET', target: '/x', headers: {}, body: undefined };
  const rules = [{ on: [[423, 423]] as const, do: action, afterMs: 5 * MINUTE, rule: 'calls[0]' }];
  const outcome = await context.clock.drive(client.call(request, { role: 'read', flow: 'f', rules }));
  return { outcome, pausedMs: client.pausedUntilMs - startedMs, calls: transport.requests.length };
}

test.each(['pause', 'wait'] as const)('%s lasts as long as the rule says', async (action) => {
  const { outcome, pausedMs, calls } = await callOnce(action);
  expect(outcome.kind).toBe('wait');
  expect(pausedMs).toBe(5 * MINUTE);
  expect(calls).toBe(1);
});

test('a time that the server names goes before that of the rule', async () => {
  const { pausedMs } = await callOnce('pause', { 'retry-after': '600' });
  expect(pausedMs).toBeGreaterThanOrEqual(10 * MINUTE);
  expect(pausedMs).toBeLessThan(11 * MINUTE);
});
