import { expect, test } from 'vitest';
import { createTestService } from '../../testing/create-test-service.ts';
import { rows } from '../../testing/fake-world.ts';
import { respond } from '../../testing/memory-transport.ts';
import { planFlow, renderPlan } from './plan.ts';

const PLAN = { flow: 'f', end: 'done', read: 3, write: 5, waiting: 0, states: { waiting: 2, review: 1 } };

test('a plan says what would be written, and what has waited since before', () => {
  expect(renderPlan(PLAN)).toBe('f: 3 new or changed, 5 writes would go out: 2 to write, 1 review');
  expect(renderPlan({ ...PLAN, end: 'halt', read: 0, states: {}, waiting: 1 }).split('\n')).toEqual([
    'f: 0 new or changed, 5 writes would go out (the reading did not come to its end: halt)',
    'f: 1 record waits already, and what is not replaced by a newer version goes out as it was planned, by the rules of then',
  ]);
});

test('what waits already is counted apart from what is read now', async () => {
  let count = 2;
  const { service, context, run, transports } = await createTestService({
    answer: (system) =>
      system === 'source'
        ? respond(200, { rows: rows(count) })
        : { kind: 'not-sent', detail: 'ECONNREFUSED' },
  });
  await run('once');
  count = 3;
  const before = transports['target']?.requests.length;
  expect(await context.clock.drive(planFlow(service, 'f'))).toEqual({
    flow: 'f',
    end: 'done',
    read: 1,
    write: 3,
    waiting: 2,
    states: { waiting: 1 },
  });
  expect(transports['target']?.requests).toHaveLength(before ?? 0);
});
