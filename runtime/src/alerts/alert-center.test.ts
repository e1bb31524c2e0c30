import { expect, test } from 'vitest';
import { createTestContext } from '../testing/create-test-context.ts';
import type { TestContext } from '../testing/create-test-context.ts';
import { sampleRecord, sampleReview, take } from '../testing/sample-records.ts';
import { createVirtualClock } from '../testing/virtual-clock.ts';
import type { AlertCenter } from './alert-center.ts';
import { createAlertCenter } from './alert-center.ts';
import type { AlertDelivery } from './channel.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;

/** A center with two routes to one channel, and a halted flow for each of them to tell. */
async function setUp(answer: () => AlertDelivery, context: TestContext = createTestContext()) {
  const sentMs: number[] = [];
  const channel = {
    name: 'ops',
    send: () => {
      sentMs.push(context.clock.now());
      return Promise.resolve(answer());
    },
    close: () => Promise.resolve(),
  };
  const create = (): AlertCenter =>
    createAlertCenter({
      options: {
        channels: { ops: { kind: 'slack', url: 'https://slack.example/T0' } },
        send: [
          { when: ['halt'], to: 'ops', flow: 'a', everyMs: 10 * MINUTE, rule: 'alerts.send[0]' },
          { when: ['halt'], to: 'ops', flow: 'b', everyMs: 10 * MINUTE, rule: 'alerts.send[1]' },
        ],
      },
      channels: new Map([['ops', channel]]),
      flows: [],
      clients: [],
      context,
    });
  const halt = (flow: string): Promise<void> =>
    context.store.setPause({
      name: `flow:${flow}`,
      kind: 'halt',
      untilMs: undefined,
      reason: 'it refuses',
      sinceMs: context.clock.now(),
    });
  await halt('a');
  const look = async (center: AlertCenter, minutes: number): Promise<void> => {
    for (let minute = 0; minute < minutes; minute += 1) {
      await context.clock.drive(center.look());
      await context.clock.advance(MINUTE);
    }
  };
  return { context, sentMs, create, halt, look };
}

test('a channel is left alone for as long as it asks, by every route that leads to it and after a restart', async () => {
  let answer: AlertDelivery = { kind: 'failed', detail: 'answered 429' };
  const { context, sentMs, create, halt, look } = await setUp(() => answer);
  const startMs = context.clock.now();
  answer = { kind: 'failed', detail: 'answered 429', untilMs: startMs + 90 * MINUTE };
  await look(create(), 30);
  await halt('b');
  await look(create(), 59);
  expect(sentMs).toEqual([startMs]);
  answer = { kind: 'sent' };
  await look(create(), 5);
  expect(sentMs).toEqual([startMs, startMs + 90 * MINUTE, startMs + 90 * MINUTE]);
});

test('a channel that takes nothing is counted in the metrics until it takes a message', async () => {
  let answer: AlertDelivery = { kind: 'failed', detail: 'answered 500' };
  const { context, create, look } = await setUp(() => answer);
  const center = create();
  const failures = async (): Promise<number | undefined> =>
    (await context.metrics.channelFailures.get()).values.find(({ labels }) => labels.channel === 'ops')
      ?.value;
  await look(center, 3);
  expect(await failures()).toBeGreaterThanOrEqual(2);
  answer = { kind: 'sent' };
  await look(center, 60);
  expect(await failures()).toBe(0);
});

test('a channel that asks to be left alone for years is tried once a day', async () => {
  const { context, sentMs, create, look } = await setUp(() => ({
    kind: 'failed',
    detail: 'answered 429',
    untilMs: Number.MAX_SAFE_INTEGER,
  }));
  const startMs = context.clock.now();
  await look(create(), 50 * 60);
  expect(sentMs).toEqual([startMs, startMs + 24 * HOUR, startMs + 48 * HOUR]);
});

test('a clock that is put back by days delays no alert by more than an hour', async () => {
  const virtual = createVirtualClock();
  let shiftMs = 0;
  const context = createTestContext({ clock: { ...virtual, now: () => virtual.now() + shiftMs } });
  let answer: AlertDelivery = { kind: 'failed', detail: 'ECONNREFUSED' };
  const { sentMs, create, halt, look } = await setUp(() => answer, context);
  const center = create();
  await look(center, 20);
  answer = { kind: 'sent' };
  shiftMs = -72 * HOUR;
  const tries = sentMs.length;
  await look(center, 61);
  expect(sentMs.length).toBe(tries + 1);
  shiftMs = -144 * HOUR;
  await context.store.clearPause('flow:a', 'a person', context.clock.now());
  await halt('b');
  await look(center, 11);
  expect(sentMs.length).toBe(tries + 3);
});

test('what a record is quoted with is gone once it is erased, also while a message about it is under way', async () => {
  let onSend = (): Promise<unknown> => Promise.resolve();
  let answer: AlertDelivery = { kind: 'sent' };
  const context = createTestContext();
  const { store } = context;
  const sent: string[] = [];
  const center = createAlertCenter({
    options: {
      channels: { ops: { kind: 'slack', url: 'https://slack.example/T0' } },
      send: [{ when: ['review'], to: 'ops', rule: 'alerts.send[0]' }],
    },
    channels: new Map([
      [
        'ops',
        {
          name: 'ops',
          async send(message) {
            sent.push(JSON.stringify(message.incidents.map(({ phase, message: text }) => [phase, text])));
            await onSend();
            return answer;
          },
          close: () => Promise.resolve(),
        },
      ],
    ]),
    flows: [],
    clients: [],
    context,
  });
  const park = (key: string, reason: string): Promise<unknown> =>
    take(store, sampleRecord(key, '1'), () => ({ state: 'review', reason, review: sampleReview(reason) }));
  const erase = (key: string): Promise<unknown> =>
    store.erase({ key, forget: true, actor: 'ada' }, context.clock.now());
  const remembered = async (): Promise<string> => (await store.readMeta('alerts')) ?? '';

  await park('a', 'no name for Ada Lovelace');
  await context.clock.drive(center.look());
  expect(await remembered()).toContain('Lovelace');
  // It was told, and that it is over cannot be told yet.
  await erase('a');
  answer = { kind: 'failed', detail: 'answered 500' };
  await context.clock.advance(2 * MINUTE);
  await context.clock.drive(center.look());
  expect(sent).toHaveLength(2);
  expect(await remembered()).toContain('erased');
  expect(await remembered()).not.toContain('Lovelace');
  expect(JSON.stringify(center.incidents)).not.toContain('Lovelace');

  await park('b', 'no name for Grace Hopper');
  onSend = () => erase('b');
  await context.clock.advance(2 * HOUR);
  await context.clock.drive(center.look());
  expect(sent.at(-1)).toContain('Hopper');
  expect(await remembered()).not.toContain('Hopper');
  await context.clock.advance(2 * HOUR);
  await context.clock.drive(center.look());
  expect(await remembered()).not.toMatch(/Hopper|Lovelace/);
});

test('a flow that is resumed and halts again is told again at once', async () => {
  const { context, sentMs, create, halt, look } = await setUp(() => ({ kind: 'sent' }));
  const center = create();
  await look(center, 30);
  expect(sentMs).toHaveLength(1);
  await context.store.clearPause('flow:a', 'ada', context.clock.now());
  await context.clock.advance(1000);
  await halt('a');
  await look(center, 30);
  expect(sentMs).toHaveLength(2);
  await look(create(), 60);
  expect(sentMs).toHaveLength(2);
});
