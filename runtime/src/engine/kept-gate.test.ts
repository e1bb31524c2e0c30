import { expect, test } from 'vitest';
import { createCallGate } from '../http/call-gate.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import { createKeptGate } from './kept-gate.ts';

async function setUp() {
  const context = createTestContext();
  const gate = createCallGate({}, context.clock, { used: () => 0, add: () => undefined });
  const kept = await createKeptGate(gate, 'crm', context);
  let lifted = 0;
  kept.onResume(() => {
    lifted += 1;
  });
  return { kept, context, now: context.clock.now(), lifted: () => lifted };
}

test('a pause that a person lifts from another process is over at the next look, and whoever asked is told', async () => {
  const { kept, context, now, lifted } = await setUp();
  kept.pauseUntil(now + 60_000, 'it fails');
  await kept.look();
  expect([kept.pausedUntilMs, lifted()]).toEqual([now + 60_000, 0]);
  await context.store.clearPause('system:crm', 'ada', now);
  await kept.look();
  expect([kept.pausedUntilMs, lifted()]).toEqual([0, 1]);
});

test('a look at the moment at which a pause begins does not take it for lifted', async () => {
  const { kept, now, lifted } = await setUp();
  // The store takes a turn of the event loop to write it.
  kept.pauseUntil(now + 60_000, 'it fails');
  await kept.look();
  expect([kept.pausedUntilMs, lifted()]).toEqual([now + 60_000, 0]);
});

test('a pause survives a restart', async () => {
  const { kept, context, now } = await setUp();
  kept.pauseUntil(now + 60_000, 'it fails');
  await kept.look();
  const gate = createCallGate({}, context.clock, { used: () => 0, add: () => undefined });
  expect((await createKeptGate(gate, 'crm', context)).pausedUntilMs).toBe(now + 60_000);
});
