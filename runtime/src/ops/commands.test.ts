import { expect, test } from 'vitest';
import type { AnyFlow } from '../flow.ts';
import { createTestService } from '../testing/create-test-service.ts';
import type { TestService, TestServiceOptions } from '../testing/create-test-service.ts';
import { createTestFlow, rows } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';
import {
  claimOne,
  sampleIntent,
  sampleRecord,
  sampleReview,
  take,
  toReview,
} from '../testing/sample-records.ts';

const LATER = Date.UTC(2030, 0, 1);

function setUp(options: Partial<TestServiceOptions> = {}): Promise<TestService> {
  return createTestService({
    answer: (_system, { method }) =>
      method === 'GET' ? respond(200, { rows: rows(3) }) : respond(200, { id: 'x' }),
    ...options,
  });
}

const writesOf = ({ transports }: TestService): number =>
  (transports['target']?.requests ?? []).filter(({ method }) => method === 'POST').length;

test('a backfill is asked for by one command, done by `once`, and seen in `status`', async () => {
  const { run, ...made } = await setUp();
  await run('once');
  const asked = await run('backfill f --since 2026-01-01');
  expect(asked.code).toBe(0);
  expect(asked.text.split('\n')).toEqual([
    'A backfill of f is asked for.',
    '  reads    everything again that changed since 2026-01-01T00:00:00.000Z',
    '  writes   what differs from what was last delivered, by the source or by changed rules; nothing else',
    '  behind   what is new, which is read and delivered first',
    'A running service begins within seconds; without one, the next "run" or "once" does it. Follow it with: status',
  ]);
  expect(await run('backfill f')).toMatchObject({
    code: 1,
    text: expect.stringContaining('is not over yet'),
  });
  expect((await run('status')).text).toContain('backfill f from 2026-01-01T00:00:00.000Z waiting');
  expect((await run('once')).code).toBe(0);
  expect((await run('status')).text).toMatch(/backfill f from \S+ done since \S+; judged 3, to write 0/);
  expect(writesOf({ run, ...made })).toBe(3);
});

test('a running service takes up what a command asks for', async () => {
  const made = await setUp();
  const { service, context, run } = made;
  const running = Promise.all(service.runners.map((runner) => runner.run()));
  await context.clock.advance(5000);
  expect(JSON.parse((await run('resync f --json')).text)).toMatchObject({ kind: 'resync', state: 'waiting' });
  await context.clock.advance(10_000);
  expect(writesOf(made)).toBe(6);
  expect(JSON.parse((await run('status --json')).text)).toMatchObject({
    backfills: [{ kind: 'resync', state: 'done', judged: 3, writes: 3, askedBy: 'ada' }],
  });
  context.stop();
  await context.clock.drive(running);
});

test('a backfill is cancelled once', async () => {
  const { run } = await setUp();
  await run('backfill f');
  expect((await run('backfill f --cancel')).text).toContain('The backfill of f is cancelled');
  expect((await run('backfill f --cancel')).code).toBe(1);
});

const [TARGET] = createTestFlow({}).targets;

test.each([
  [{ targets: [{ ...TARGET, mode: 'create' }] }, 'creates objects and never writes to them again'],
  [{ later: { changed: 'ignore', left: 'ignore' } }, 'later.changed: ignore'],
  [{ targets: [{ ...TARGET, tier: 1, addsPerWrite: true }] }, 'makes an object with each write'],
  [{ targets: [{ ...TARGET, tier: 3 }] }, 'leaves it as it is where it finds one'],
] as const)('a resync that could not write again says why: %#', async (flow, why) => {
  const { run, context } = await setUp({ flow: flow as Partial<AnyFlow> });
  await expect(run('resync f')).rejects.toThrow(why);
  expect(await context.store.listBackfills()).toEqual([]);
});

test('a resync of what is looked up before it is created changes what is there', async () => {
  const update = {
    tier: 0 as const,
    map: TARGET.map,
    request: (item: unknown, _row: unknown, _scope: unknown, id: string) => ({
      operation: 'PATCH /objects/{id}',
      method: 'PATCH',
      path: `/objects/${id}`,
      body: item,
    }),
  };
  const target = { ...createTestFlow({ tier: 3 }).targets[0], mode: 'create' as const, update };
  const made = await setUp({
    flow: { targets: [target] },
    answer: (system, { method }) =>
      method === 'GET'
        ? respond(200, system === 'source' ? { rows: rows(3) } : { found: [] })
        : respond(200, { id: 'x' }),
  });
  await made.run('once');
  expect((await made.run('resync f')).code).toBe(0);
  await made.run('once');
  const changes = made.transports['target']?.requests.filter(({ method }) => method === 'PATCH') ?? [];
  expect(changes).toHaveLength(3);
  expect(writesOf(made)).toBe(3);
});

test('a record is erased, comes again in vain, and comes again once it is forgotten', async () => {
  const made = await setUp();
  const { run, context } = made;
  await run('once');
  const erased = await run('erase r1');
  expect(erased.code).toBe(0);
  expect(erased.text).toContain('Erased: 1 version of the record, with everything that hung on it (f).');
  expect(erased.text).not.toContain('r1');
  expect((await run('erase r1')).text).toContain('It was erased before (f)');
  expect((await run('erase nobody')).code).toBe(1);
  await run('backfill f');
  await run('once');
  expect(writesOf(made)).toBe(3);
  expect((await run('status')).text).toMatch(/erased +1/);
  expect(JSON.parse((await run('erase r1 --forget --json')).text)).toMatchObject({
    kind: 'erased',
    lifted: 1,
  });
  await run('backfill f');
  await run('once');
  expect(writesOf(made)).toBe(4);
  const [counts] = await context.store.counts(['f']);
  expect(counts).toMatchObject({ takenIn: 4, states: { delivered: 3, erased: 1 } });
});

test('nothing is erased while a write of the record is open, and the way out is named', async () => {
  const { run, context } = await setUp();
  const { store } = context;
  await take(store, sampleRecord('a', '1'), () => ({ state: 'waiting', intent: sampleIntent('a') }));
  const intent = await claimOne(store, LATER);
  expect((await run('erase a')).text).toContain('is under way. Try again in a minute');
  await store.settle(intent, { kind: 'refused', unresolved: true, review: sampleReview() }, LATER);
  expect(await run('erase a')).toMatchObject({ code: 1, text: expect.stringContaining('review show 1') });
});

test('what is like a review is put back or discarded with it, each with its own line in the audit', async () => {
  const { run, context } = await setUp();
  for (let at = 0; at < 250; at += 1)
    await take(context.store, sampleRecord(`k${at}`, '1'), toReview(at % 2 === 0 ? 'even' : 'odd'));
  expect((await run('review retry --like 1')).text).toBe(
    '125 of 125 reviews: put back into the queue, behind what is new',
  );
  expect(JSON.parse((await run('review discard --like f:odd --reason tested --json')).text)).toEqual({
    fingerprint: 'f:odd',
    found: 125,
    done: 125,
    left: [],
  });
  expect((await context.store.counts(['f']))[0]?.states).toEqual({ queued: 125, discarded: 125 });
  const closed = await context.store.listReviews({ state: 'closed', limit: 1000 });
  expect(new Set(closed.map(({ resolution }) => resolution))).toEqual(
    new Set(['retry', 'discarded: tested']),
  );
});

test('of many that are alike, those whose writes may have been applied stay for a decision of their own', async () => {
  const { run, context } = await setUp({ tier: 5 });
  const { store } = context;
  await take(store, sampleRecord('a', '1'), toReview('x'));
  const intent = { ...sampleIntent('b'), target: 'object' };
  await take(store, sampleRecord('b', '1'), () => ({ state: 'waiting', intent }));
  const [claimed] = await store.claimIntents('f', 'object', LATER, 1);
  if (claimed === undefined) throw new Error('Nothing is to be written.');
  await store.settle(claimed, { kind: 'refused', unresolved: true, review: sampleReview('x') }, LATER);
  const end = await run('review retry --like f:x');
  expect(end.code).toBe(1);
  expect(end.text).toContain('1 must be decided one by one, such as: review show 2');
  expect((await run('review show 2')).text).toContain('of unknown outcome');
  await expect(run('review retry 2')).rejects.toThrow('--applied <id of the object> or --not-applied');
  expect((await run('review retry 2 --applied t-b')).code).toBe(0);
  expect((await store.findReview(2))?.resolution).toBe('retry; the write was applied as t-b');
});

test('dead letters are put back together, all of them or those whose reason fits', async () => {
  const { run, context } = await setUp();
  for (const [at, reason] of ['Quota used', 'quota gone', 'other'].entries())
    await take(context.store, sampleRecord(`k${at}`, '1'), () => ({ state: 'dead', reason }));
  expect((await run('dead retry --all --like quota')).text).toBe(
    '2 dead letters: put back into the queue, behind what is new',
  );
  expect(await run('dead retry --all --flow g')).toEqual({
    code: 1,
    text: 'There are no such dead letters.',
  });
  expect(JSON.parse((await run('dead retry --all --json')).text)).toEqual({ found: 1, done: 1 });
  expect((await run('dead list')).text).toBe('There are no dead letters.');
});

test('the status says what is paused until when and why, what is wrong, what is late and what is blocked', async () => {
  const { run, context, service } = await setUp();
  const { store, clock } = context;
  const nowMs = clock.now();
  const pause = { kind: 'pause', sinceMs: nowMs - 60_000 } as const;
  await store.setPause({ ...pause, name: 'system:target', untilMs: nowMs + 60_000, reason: '429' });
  await store.setPause({ ...pause, name: 'system:source', untilMs: nowMs - 1, reason: 'over' });
  await store.setPause({
    name: 'flow:f',
    kind: 'halt',
    untilMs: undefined,
    reason: 'too many',
    sinceMs: nowMs,
  });
  await take(store, sampleRecord('a', '1'), () => ({
    state: 'waiting',
    intent: { ...sampleIntent('a'), target: 'object' },
  }));
  await claimOne(store, nowMs, 'object');
  await take(store, sampleRecord('a', '2'), toReview());
  await service.alerts.look();
  const { text } = await run('status');
  expect(text).toContain(
    'system target paused until 2026-01-05T09:01:00.000Z, since 2026-01-05T08:59:00.000Z: 429',
  );
  expect(text).not.toContain('over');
  expect(text).toContain(
    'last read to its end 2026-01-05T09:00:00.000Z; the oldest record waits since 2026-01-05T09:00:00.000Z',
  );
  expect(text).toContain('1 key waits behind an older version:\n  f/a since');
  expect(text).toContain('behind a write under way');
  expect(text).toContain('alert halt f since');
  expect(JSON.parse((await run('status --json')).text)).toMatchObject({
    systems: [
      { system: 'source', state: 'not paused' },
      { system: 'target', state: 'paused', reason: '429', pausedUntil: '2026-01-05T09:01:00.000Z' },
    ],
    incidents: [{ kind: 'halt', subject: 'f', message: expect.stringContaining('too many') as string }],
    blocked: { count: 1, oldest: [{ flow: 'f', key: 'a', behind: 'sending' }] },
    pauses: [{ name: 'flow:f' }, { name: 'system:target' }],
  });
});

test('a command says how it is used', async () => {
  const { run } = await setUp();
  expect((await run('erase --help')).text).toContain('Usage: erase <key> [--flow <flow>] [--forget]');
  expect((await run('help')).text).toContain('--json and --no-json choose');
});
