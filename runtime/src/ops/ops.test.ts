import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { Store } from '../store/store.ts';
import { createTestService } from '../testing/create-test-service.ts';
import type { TestService } from '../testing/create-test-service.ts';
import { rows } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';
import { sampleRecord, sampleReview } from '../testing/sample-records.ts';
import { startOpsServer } from './server.ts';

const PASS = { watermarkMs: 1_767_600_000_000, firstDone: true, open: undefined };

async function setUp(daily?: number, reserve?: number): Promise<TestService & { readonly store: Store }> {
  const limits = daily === undefined ? {} : { limits: { daily, reserve } };
  const systems = ['source', 'target'].map((name) => ({
    name,
    server: `https://${name}.example`,
    auth: { kind: 'none' } as const,
    ...limits,
  }));
  const made = await createTestService({
    definition: { systems },
    answer: (_system, { method }) =>
      method === 'GET' ? respond(200, { rows: rows(3) }) : respond(200, { id: 'x' }),
  });
  return { ...made, store: made.context.store };
}

async function park(store: Store, key = 'a'): Promise<void> {
  await store.takeIn('f', [sampleRecord(key, '1')], PASS, () => ({
    state: 'review',
    review: sampleReview(),
  }));
}

test('the server says that it lives, whether it is ready, and what became of the records', async () => {
  const { service, store } = await setUp();
  await park(store);
  const server = await startOpsServer(service, { host: '127.0.0.1', port: 0 });
  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return { status: answer.status, text: await answer.text() };
  };
  try {
    expect((await get('/livez')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(503);
    server.setReady(true);
    expect((await get('/readyz')).status).toBe(200);
    expect(JSON.parse((await get('/status')).text)).toMatchObject({
      integration: 'test',
      flows: [{ flow: 'f', takenIn: 1, states: { review: 1 }, watermark: '2026-01-05T08:00:00.000Z' }],
      pauses: [],
    });
    expect((await get('/metrics')).text).toContain('mortise_calls_total');
    expect((await get('/other')).status).toBe(404);
  } finally {
    await server.close();
  }
});

test('a port that is taken is a sentence for the operator', async () => {
  const { service } = await setUp();
  const other = createServer();
  await new Promise<void>((resolve) => {
    other.listen(0, '127.0.0.1', resolve);
  });
  const { port } = other.address() as AddressInfo;
  await expect(startOpsServer(service, { host: '127.0.0.1', port })).rejects.toThrow(`Port ${port} is taken`);
  other.close();
});

test('`once` reads, delivers and adds up', async () => {
  const { run } = await setUp();
  const { code, text } = await run('once --json');
  expect(code).toBe(0);
  expect(JSON.parse(text)).toMatchObject({
    flows: [{ takenIn: 3, states: { delivered: 3 } }],
    calls: { retries: 0, waits: 0 },
  });
  expect((await run('status')).text).toContain('taken in 3 = 3, the sum of the states');
});

test('what was counted ahead of a daily quota and not used is given back when the service closes', async () => {
  const { service, store, run } = await setUp(100);
  await run('once');
  const day = Math.floor(service.context.clock.now() / 86_400_000);
  expect(await store.addUsage('target', day, 0)).toBe(50);
  const given: number[] = [];
  const add = store.addUsage;
  Object.assign(store, {
    addUsage: (system: string, of: number, count: number) => (given.push(count), add(system, of, count)),
  });
  await service.close();
  expect(given).toEqual([-49, -47]);
});

test('a resync leaves alone what is kept of a day, and goes on the next day', async () => {
  const { context, run, transports } = await setUp(20, 17);
  const count = (): number =>
    (transports['target']?.requests ?? []).filter(({ method }) => method === 'POST').length;
  await run('once');
  await run('resync f');
  await run('once');
  // Three calls are made of each system, and no more than three may be where a backfill is to go on.
  expect(count()).toBe(3);
  await context.clock.advance(86_400_000);
  await run('once');
  expect(count()).toBe(6);
});

test('a system of which a backfill could take no call is refused at the start', async () => {
  await expect(setUp(10, 10)).rejects.toThrow('Raise SOURCE_DAILY');
});

test('a review is listed, shown, edited and decided once', async () => {
  const { store, run } = await setUp();
  await park(store);
  expect((await run('review list')).text).toContain('f/a  blank: a field is blank');
  expect((await run('review show 1')).text).toContain('"id": "a"');
  expect(await run('review edit 1 --set value=new')).toEqual({
    code: 0,
    text: 'review 1: put back into the queue',
  });
  // Whatever a second person would do now, with whatever options.
  for (const verb of ['retry', 'discard', 'edit', 'edit --set value=newer', 'retry --not-applied'])
    expect(await run(`review ${verb.replace(/^\w+/, '$& 1')}`)).toEqual({
      code: 1,
      text: 'review 1 is no longer open (edit)',
    });
  const payloads: string[] = [];
  await store.prepareQueued('f', 1, ({ payload }) => {
    payloads.push(payload);
    return { state: 'skipped' };
  });
  expect(JSON.parse(payloads[0] ?? '')).toEqual({ id: 'a', version: '1', value: 'new' });
  expect((await run('review')).text).toBe('Nothing waits for review.');
  await park(store, 'b');
  expect((await run('review list --all')).text.split('\n')).toEqual([
    '     1  closed: edit  f/a  blank: a field is blank',
    '     2  open  f/b  blank: a field is blank',
  ]);
});

test.each([
  'review discard 1',
  'review edit 1',
  'review edit 1 --set no.such.path=1',
  'review edit 1 --set __proto__=1',
  'review show 9',
  'review show x',
  'review burn 1',
  'dead retry',
  'resume',
  'status --colour',
  'review retry 1 --applied x',
  'review retry 1 --applied x --not-applied',
  'review edit --like 1 --set value=1',
  'review retry --like nothing',
  'review discard --like 1',
  'dead retry --like text',
  'backfill',
  'backfill nowhere',
  'backfill f --since yesterday',
  'backfill f --since 2026-02-30x',
  'backfill f --since 2030-01-01',
  'resync nowhere',
  'erase',
  'erase a --flow nowhere',
  'walk',
])('the command "%s" is refused with a sentence and changes nothing', async (line) => {
  const { store, run } = await setUp();
  await park(store);
  await expect(run(line)).rejects.toMatchObject({ isOperatorError: true });
  expect(await store.countOpenReviews('f')).toBe(1);
});

test('a dead letter is put back, and a halted flow goes on, once', async () => {
  const { store, run } = await setUp();
  await store.takeIn('f', [sampleRecord('a', '1')], PASS, () => ({ state: 'dead', reason: 'not kept' }));
  await store.setPause({ name: 'flow:f', kind: 'halt', untilMs: undefined, reason: 'too many', sinceMs: 0 });
  expect((await run('dead list')).text).toContain('f/a  not kept');
  expect((await run('dead retry 1')).code).toBe(0);
  expect((await run('dead retry 1')).code).toBe(1);
  expect((await run('status')).text).toContain('halt flow:f');
  expect((await run('resume f')).text).toBe('f goes on');
  expect((await run('resume f')).code).toBe(1);
});
