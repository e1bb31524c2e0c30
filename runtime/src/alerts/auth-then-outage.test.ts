import { expect, test } from 'vitest';
import { createTestService } from '../testing/create-test-service.ts';
import { rows } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';

const HOUR = 3_600_000;

test('a system that is down after it refused the credentials is told as both, and neither is over before it answers well', async () => {
  let status = 401;
  const { service, alerts, context } = await createTestService({
    definition: {
      alerts: {
        channels: { ops: { kind: 'slack', url: 'https://hooks.example/T000/B000/abcdefabcdef' } },
        send: [{ when: ['auth', 'pause'], to: 'ops', rule: 'alerts.send[0]' }],
      },
    },
    answerAlerts: () => respond(200, 'ok'),
    answer: (system) =>
      system === 'source' ? respond(200, { rows: rows(1) }) : respond(status, { id: 'made' }),
  });
  const { clock } = context;
  const running = Promise.all([...service.runners.map((runner) => runner.run()), service.watch()]);
  const told = (): readonly string[] =>
    alerts.requests.flatMap(({ body = '' }) => {
      const { text } = JSON.parse(body) as { readonly text: string };
      return text.match(/(?:NEW|RECOVERED) (?:auth|pause)/g) ?? [];
    });
  await clock.advance(2 * HOUR);
  expect(told()).toEqual(['NEW auth']);
  status = 500;
  await clock.advance(2 * HOUR);
  expect(told()).toEqual(['NEW auth', 'NEW pause']);
  status = 401;
  await clock.advance(2 * HOUR);
  expect(told()).toEqual(['NEW auth', 'NEW pause', 'RECOVERED pause']);
  status = 200;
  await clock.advance(2 * HOUR);
  expect(told()).toEqual(['NEW auth', 'NEW pause', 'RECOVERED pause', 'RECOVERED auth']);
  context.stop();
  await clock.drive(running);
});
