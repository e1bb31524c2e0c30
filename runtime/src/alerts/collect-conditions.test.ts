import { expect, test } from 'vitest';
import type { AnyFlow } from '../flow.ts';
import type { ApiClient } from '../http/api-client.ts';
import type { HealthState } from '../http/system-health.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import { createTestFlow } from '../testing/fake-world.ts';
import { sampleRecord, take, write } from '../testing/sample-records.ts';
import { collectConditions } from './collect-conditions.ts';

const HOUR = 3_600_000;

interface Given {
  readonly state: HealthState;
  readonly system: string;
  /** Until so long after now. */
  readonly pausedMs: number;
  readonly recordWaits: boolean;
}

/** What is told of a system that has not been well for two hours. */
async function tell({ state, system, pausedMs, recordWaits }: Given): Promise<string[]> {
  const { store, clock } = createTestContext();
  const flows: readonly AnyFlow[] = [createTestFlow({})];
  if (recordWaits) await take(store, sampleRecord('r1', '1'), write('1'));
  const nowMs = clock.now();
  const health = { state, sinceMs: nowMs - 2 * HOUR, reason: '429', needsPerson: false };
  const client = { system, health, pausedUntilMs: nowMs + pausedMs } as ApiClient;
  const { list } = await collectConditions({
    store,
    flows,
    clients: [client],
    routes: [],
    startedMs: nowMs - 3 * HOUR,
    nowMs,
  });
  return list.filter(({ subject }) => subject === system).map(({ kind }) => kind);
}

const RESTED: Given = { state: 'waiting', system: 'target', pausedMs: -HOUR, recordWaits: false };

test('a target that asked for patience once, and for which nothing waits, is no outage an hour later', async () => {
  expect(await tell(RESTED)).toEqual([]);
});

test.each([
  ['it is still to be left alone', { ...RESTED, pausedMs: HOUR }],
  ['a record waits for it', { ...RESTED, recordWaits: true }],
  ['it is read, and gets calls in any case', { ...RESTED, system: 'source' }],
  ['it fails', { ...RESTED, state: 'failing' }],
] as const)(
  'somebody is told of a system that has not been usable for more than an hour where %s',
  async (_why, given) => {
    expect(await tell(given)).toEqual(['pause']);
  },
);
