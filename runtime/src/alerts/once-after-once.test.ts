import { expect, test } from 'vitest';
import type { AnyFlow } from '../flow.ts';
import type { WireOutcome, WireRequest } from '../http/transport.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import { createTestService } from '../testing/create-test-service.ts';
import { at, createTestFlow, rows } from '../testing/fake-world.ts';
import type { Row } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A service that is started every ten minutes and ends each time. */
function createCron(
  answer: (system: string, request: WireRequest) => WireOutcome,
  flow: Partial<AnyFlow> = {},
) {
  const context = createTestContext();
  const startMs = context.clock.now();
  const sent: { readonly atMs: number; readonly text: string }[] = [];
  const once = async (): Promise<number> => {
    const { run, alerts } = await createTestService({
      context,
      flow,
      definition: {
        alerts: {
          channels: { ops: { kind: 'slack', url: 'https://hooks.example/T000/B000/abcdefabcdef' } },
          send: [{ when: ['pause', 'auth', 'halt'], to: 'ops', rule: 'alerts.send[0]' }],
        },
      },
      answerAlerts: () => respond(200, 'ok'),
      answer,
    });
    const { code } = await run('once');
    for (const { body = '', atMs } of alerts.requests)
      sent.push({ atMs: atMs - startMs, text: (JSON.parse(body) as { readonly text: string }).text });
    await context.clock.advance(10 * MINUTE);
    return code;
  };
  const runFor = async (ms: number): Promise<void> => {
    const untilMs = context.clock.now() + ms;
    while (context.clock.now() < untilMs) await once();
  };
  const states = async () => (await context.store.counts(['f']))[0]?.states;
  return { sent, once, runFor, states };
}

test('an outage of more than an hour is told once, and its end', async () => {
  let isDown = true;
  const { sent, once, runFor, states } = createCron((system) => {
    if (system === 'source') return respond(200, { rows: rows(3) });
    return isDown ? respond(503, {}) : respond(200, { id: '1' });
  });
  expect(await once()).toBe(1);
  await runFor(5 * HOUR);
  expect(sent).toHaveLength(1);
  expect(sent[0]?.text).toContain('has not been usable for more than an hour');
  expect(sent[0]?.atMs).toBeGreaterThan(HOUR);
  expect(sent[0]?.atMs).toBeLessThan(1.5 * HOUR);
  isDown = false;
  while (sent.length === 1) await once();
  expect(sent[1]?.text.toLowerCase()).toContain('recovered');
  expect(await states()).toEqual({ delivered: 3 });
});

test('a system that takes some records at each start and then asks for patience is no outage', async () => {
  let calls = 0;
  const { sent, runFor, states } = createCron((system) => {
    if (system === 'source') return respond(200, { rows: rows(200) });
    calls += 1;
    return calls % 8 < 5 ? respond(200, { id: '1' }) : respond(429, {}, { 'retry-after': '300' });
  });
  await runFor(3 * HOUR);
  expect((await states())?.['delivered']).toBeGreaterThan(50);
  expect((await states())?.['waiting']).toBeGreaterThan(0);
  expect(sent).toEqual([]);
});

test('an outage is over where nothing waits for the system any more and nobody calls it', async () => {
  let list: readonly Row[] = rows(1);
  const keep = [{ when: (row: Row) => row.name !== 'gone', otherwise: 'skip', rule: 'flows.f.keep[0]' }];
  const { sent, runFor, states } = createCron(
    (system) => (system === 'source' ? respond(200, { rows: list }) : respond(503, {})),
    { keep } as unknown as Partial<AnyFlow>,
  );
  await runFor(2 * HOUR);
  expect(sent).toHaveLength(1);
  list = [{ id: 'r0', name: 'gone', at: at(99) }];
  await runFor(48 * HOUR);
  expect(await states()).toEqual({ skipped: 1, superseded: 1 });
  expect(sent.map(({ text }) => /RECOVERED|STILL|NEW/.exec(text)?.[0])).toEqual(['NEW', 'RECOVERED']);
});

test('an outage of the writes alone is told where the same system answers when it is read', async () => {
  let isDown = true;
  const [target] = createTestFlow({ tier: 2 }).targets;
  const { sent, runFor, states } = createCron(
    (_system, { method }) => {
      if (method === 'GET') return respond(200, { rows: rows(3) });
      return isDown ? respond(503, {}) : respond(200, { id: '1' });
    },
    { targets: [{ ...target, system: 'source' }] },
  );
  await runFor(3 * HOUR);
  expect(sent).toHaveLength(1);
  expect(sent[0]?.text).toContain('has not been usable for more than an hour');
  isDown = false;
  await runFor(2 * HOUR);
  expect(sent.map(({ text }) => /RECOVERED|STILL|NEW/.exec(text)?.[0])).toEqual(['NEW', 'RECOVERED']);
  expect(await states()).toEqual({ delivered: 3 });
});
