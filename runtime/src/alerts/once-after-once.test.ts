import { expect, test } from 'vitest';
import { createTestContext } from '../testing/create-test-context.ts';
import { createTestService } from '../testing/create-test-service.ts';
import { rows } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';

const MINUTE = 60_000;

test('a service that is started every ten minutes and ends each time tells of an outage of more than an hour, once, and of its end', async () => {
  const context = createTestContext();
  const startMs = context.clock.now();
  const sent: { readonly atMs: number; readonly text: string }[] = [];
  let isDown = true;
  const once = async (): Promise<number> => {
    const { run, alerts } = await createTestService({
      context,
      definition: {
        alerts: {
          channels: { ops: { kind: 'slack', url: 'https://hooks.example/T000/B000/abcdefabcdef' } },
          send: [{ when: ['pause', 'auth', 'halt'], to: 'ops', rule: 'alerts.send[0]' }],
        },
      },
      answerAlerts: () => respond(200, 'ok'),
      answer(system) {
        if (system === 'source') return respond(200, { rows: rows(3) });
        return isDown ? respond(503, {}) : respond(200, { id: '1' });
      },
    });
    const { code } = await run('once');
    for (const { body = '', atMs } of alerts.requests)
      sent.push({ atMs: atMs - startMs, text: (JSON.parse(body) as { readonly text: string }).text });
    await context.clock.advance(10 * MINUTE);
    return code;
  };
  while (context.clock.now() < startMs + 5 * 60 * MINUTE) expect(await once()).toBe(1);
  expect(sent).toHaveLength(1);
  expect(sent[0]?.text).toContain('has not been usable for more than an hour');
  expect(sent[0]?.atMs).toBeGreaterThan(60 * MINUTE);
  expect(sent[0]?.atMs).toBeLessThan(90 * MINUTE);
  isDown = false;
  while (sent.length === 1) await once();
  expect(sent[1]?.text.toLowerCase()).toContain('recovered');
  expect((await context.store.counts(['f']))[0]?.states).toEqual({ delivered: 3 });
});
