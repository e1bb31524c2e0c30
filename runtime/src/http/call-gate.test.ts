import { expect, test } from 'vitest';
import { createSeededRandom } from '../testing/seeded-random.ts';
import { createVirtualClock } from '../testing/virtual-clock.ts';
import { createCallGate } from './call-gate.ts';
import type { Admission, CallGate, DailyQuota } from './call-gate.ts';
import type { Lane } from './lane.ts';

const NO_QUOTA: DailyQuota = { used: () => 0, add: () => undefined };
const LONG = 1_000_000;

function setUp(limits: Parameters<typeof createCallGate>[0], quota = NO_QUOTA) {
  const clock = createVirtualClock(0);
  const stop = new AbortController();
  const gate = createCallGate(limits, clock, quota);
  const enter = (operation = 'GET /a', maxWaitMs = LONG): Promise<Admission> =>
    gate.enter(operation, maxWaitMs, stop.signal);
  return { clock, stop, gate, enter };
}

function leave(admission: Admission): void {
  if (admission.kind !== 'go') throw new Error('It was not let in.');
  admission.release();
}

test('no more calls are inside than may be at the same time, and each one gets its turn', async () => {
  const { clock, enter } = setUp({ concurrency: 3 });
  const random = createSeededRandom(7);
  let inside = 0;
  let most = 0;
  const one = async (): Promise<void> => {
    const admission = await enter();
    inside += 1;
    most = Math.max(most, inside);
    await clock.sleep(1 + Math.floor(random() * 50));
    inside -= 1;
    leave(admission);
  };
  await clock.drive(Promise.all(Array.from({ length: 100 }, one)));
  expect([most, inside]).toEqual([3, 0]);
});

test('in no span of a rate are there more calls than it allows, also for a narrower pool', async () => {
  const { clock, enter } = setUp({
    rate: { count: 5, perMs: 1000 },
    pools: [{ for: 'POST */search', count: 2, perMs: 1000 }],
    concurrency: 50,
  });
  const times: { readonly at: number; readonly search: boolean }[] = [];
  const one = async (_: unknown, index: number): Promise<void> => {
    const search = index % 3 === 0;
    leave(await enter(search ? 'POST /contacts/search' : 'GET /contacts'));
    times.push({ at: clock.now(), search });
  };
  await clock.drive(Promise.all(Array.from({ length: 60 }, one)));
  expect(times).toHaveLength(60);
  const narrow = times.filter((entry) => entry.search);
  for (const [list, count] of [
    [times, 5],
    [narrow, 2],
  ] as const)
    for (const [index, { at }] of list.entries())
      expect(at - (list[index - count]?.at ?? -1000)).toBeGreaterThanOrEqual(1000);
});

test('nobody passes before a pause has ended, even one that grew meanwhile', async () => {
  const { clock, gate, enter } = setUp({});
  gate.pauseUntil(1000);
  gate.pauseUntil(500);
  const entering = enter().then(() => clock.now());
  await clock.advance(900);
  gate.pauseUntil(3000);
  expect(await clock.drive(entering)).toBe(3000);
  expect(gate.pausedUntilMs).toBe(3000);
});

test('a call that would wait too long is told when to come back', async () => {
  const { clock, gate, enter } = setUp({});
  gate.pauseUntil(60_000);
  expect(await enter('GET /a', 20_000)).toEqual({ kind: 'later', untilMs: 60_000 });
  expect(clock.now()).toBe(0);
});

test('a call that waits for a place gives up in time, and the place goes to the next', async () => {
  const { clock, enter } = setUp({ concurrency: 1 });
  const first = await enter();
  const impatient = enter('GET /a', 5000);
  const patient = enter();
  expect(await clock.drive(impatient)).toEqual({ kind: 'later', untilMs: 6000 });
  expect(clock.now()).toBe(5000);
  leave(first);
  expect((await clock.drive(patient)).kind).toBe('go');
});

test('a call that is handed a place and does not take it hands it on', async () => {
  const { clock, gate, enter } = setUp({ concurrency: 1 });
  const first = await enter();
  const outcomes = Promise.all([enter('GET /a', 2000), enter('GET /a', 3000), enter()]);
  await clock.advance(1000);
  gate.pauseUntil(10_000);
  leave(first);
  const [one, two, three] = await clock.drive(outcomes);
  expect([one.kind, two.kind, three.kind]).toEqual(['later', 'later', 'go']);
  expect(clock.now()).toBe(10_000);
});

test('the quota of a day holds until midnight UTC', async () => {
  let used = 0;
  const { clock, enter } = setUp(
    { daily: 2 },
    { used: (now) => (now < 86_400_000 ? used : 0), add: () => void (used += 1) },
  );
  leave(await enter());
  leave(await enter());
  expect(await enter('GET /a', 20_000)).toEqual({ kind: 'later', untilMs: 86_400_000 });
  leave(await clock.drive(enter('GET /a', 86_400_000)));
  expect(clock.now()).toBe(86_400_000);
});

test('what is kept of a day is there for what is new and for what is sent again, and for no backfill', async () => {
  let used = 0;
  const { clock, gate, stop } = setUp(
    { daily: 4, reserve: 2 },
    { used: (now) => (now < 86_400_000 ? used : 0), add: () => void (used += 1) },
  );
  const enter = async (lane: Lane): Promise<number | 'go'> => {
    const admission = await gate.enter('GET /a', 20_000, stop.signal, lane);
    if (admission.kind === 'later') return admission.untilMs;
    leave(admission);
    return 'go';
  };
  const ends = [];
  for (const lane of ['backfill', 'backfill', 'backfill', 'live', 'retry', 'live'] as const)
    ends.push(await clock.drive(enter(lane)));
  expect(ends).toEqual(['go', 'go', 86_400_000, 'go', 'go', 86_400_000]);
});

test('when the service stops, everyone who waits is let go and nobody is let in', async () => {
  const { clock, stop, gate, enter } = setUp({ concurrency: 2, rate: { count: 3, perMs: 60_000 } });
  const inside = await Promise.all([enter(), enter()]);
  const waiting = Array.from({ length: 10 }, () => enter());
  const others: CallGate = gate;
  await clock.advance(10);
  stop.abort();
  const ends = await clock.drive(Promise.all(waiting));
  expect(new Set(ends.map((end) => end.kind))).toEqual(new Set(['later']));
  for (const admission of inside) leave(admission);
  expect((await others.enter('GET /a', LONG, stop.signal)).kind).toBe('later');
  expect(clock.now()).toBe(10);
});
