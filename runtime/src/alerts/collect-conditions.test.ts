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

test('records of a target or a flow that the rules no longer have are told, with what to do', async () => {
  const { store, clock } = createTestContext();
  await take(store, sampleRecord('r1', '1'), write('1'));
  await take(store, sampleRecord('r2', '1'), () => ({ state: 'queued' }));
  const [target] = createTestFlow({}).targets;
  const tellOf = async (flow: Partial<AnyFlow>): Promise<string[]> => {
    const nowMs = clock.now();
    const flows: readonly AnyFlow[] = [createTestFlow({ flow })];
    const sources = { store, flows, clients: [], routes: [], startedMs: nowMs, nowMs };
    const { list } = await collectConditions(sources);
    return list.map(({ kind, subject, count, message }) => `${kind} ${subject} ${count}: ${message}`);
  };

  expect(await tellOf({ targets: [{ ...target, name: 'contact' }] })).toEqual([]);
  expect(await tellOf({ targets: [{ ...target, name: 'person' }] })).toEqual([
    'halt f 1: the rules have no target "contact" in the flow "f" any more, and 1 record waits for it: give it its old name back until all is delivered; what was never sent can be erased',
  ]);
  expect(await tellOf({ name: 'g' })).toEqual([
    'halt f 2: the rules have no flow "f" any more, and 2 records wait for it: give it its old name back until all is delivered; what was never sent can be erased',
  ]);
});

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

test('a pause that is older than the process is told, though the process has not called the system', async () => {
  const { store, clock } = createTestContext();
  const nowMs = clock.now();
  await store.setPause({
    name: 'system:target',
    kind: 'pause',
    untilMs: nowMs + HOUR,
    reason: '429',
    sinceMs: nowMs - 2 * HOUR,
  });
  const health = { state: 'unknown', sinceMs: nowMs, reason: '', needsPerson: false };
  const client = { system: 'target', health, pausedUntilMs: nowMs + HOUR } as ApiClient;
  const sources = { store, flows: [], clients: [client], routes: [], startedMs: nowMs };

  const tellAt = async (ms: number): Promise<string[]> =>
    (await collectConditions({ ...sources, nowMs: ms })).list.map(
      ({ kind, subject }) => `${kind} ${subject}`,
    );
  expect(await tellAt(nowMs)).toEqual(['pause target']);
  expect(await tellAt(nowMs + 2 * HOUR)).toEqual([]);
});
