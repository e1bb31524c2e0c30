import { expect, test } from 'vitest';
import type { ServiceDefinition } from '../engine/create-service.ts';
import type { AnyFind } from '../flow.ts';
import { createTestService } from '../testing/create-test-service.ts';
import { at, createTestFlow, rows } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';
import { readStatus } from './read-status.ts';

const MINUTE = 60_000;
const A_DAY = { 'retry-after': '86400' };

const OWNER = {
  name: 'owner',
  system: 'owners',
  take: 'one',
  request: () => ({ operation: 'GET /owners', method: 'GET', path: '/owners' }),
  records: (body: { readonly owners: readonly unknown[] }) => body.owners,
  pages: { kind: 'none' },
  none: 'review',
  many: 'review',
  shape: {},
  rule: 'flows.f.find.owner',
} as const;

function systemsOf(...names: readonly string[]): ServiceDefinition['systems'] {
  return names.map((name) => ({ name, server: `https://${name}.example`, auth: { kind: 'none' } }));
}

test.each(['source', 'owners'])(
  'a person who lifts the pause of "%s" after ten minutes does not wait out the day that it asked for',
  async (paused) => {
    let asked = 0;
    const made = await createTestService({
      definition: {
        systems: systemsOf('source', 'target', 'owners'),
        flows: [{ ...createTestFlow({}), find: [OWNER as unknown as AnyFind] }],
      },
      answer: (system) => {
        if (system === paused) asked += 1;
        if (system === paused && asked === 1) return respond(429, {}, A_DAY);
        if (system === 'source') return respond(200, { rows: rows(1) });
        return respond(200, system === 'owners' ? { owners: [{ id: 1 }] } : { id: 'x' });
      },
    });
    const { context, service } = made;
    const running = Promise.all([...service.runners.map((runner) => runner.run()), service.watch()]);
    await context.clock.advance(10 * MINUTE);
    expect(asked).toBe(1);
    expect((await made.run(`resume ${paused}`)).text).toBe(`${paused} goes on`);
    await context.clock.advance(6 * MINUTE);
    context.stop();
    await context.clock.drive(running);

    expect(made.transports['target']?.requests).toHaveLength(1);
  },
);

test('what an answer quotes of a secret is in no review, no halt, no alert and no status', async () => {
  const SECRET = 'sk_live_0123456789abcdef';
  const base = createTestFlow({
    read: {
      pages: { kind: 'next-url', next: (body: { readonly next: string }) => body.next } as never,
      changes: { lookbackMs: 0, settleMs: 0, first: 'all' },
    },
  });
  const [target] = base.targets;
  const made = await createTestService({
    definition: {
      systems: ['source', 'target'].map((name) => ({
        name,
        server: `https://${name}.example`,
        auth: { kind: 'apiKey', in: 'query', name: 'api_key', value: SECRET },
      })),
      flows: [
        {
          ...base,
          targets: [{ ...target, calls: [{ on: [[207, 207]], do: 'review', rule: 'flows.f.calls[0]' }] }],
        },
      ],
    },
    answer: (system, request) =>
      system === 'source'
        ? respond(200, {
            rows: [{ id: 'r0', name: 'n', at: at(1) }],
            next: `https://source.example/rows?api_key=${SECRET}&page=2`,
          })
        : respond(207, { echo: request.url }),
  });
  await made.run('once');
  const { store } = made.context;
  const kept = JSON.stringify([
    await store.listReviews({ state: 'open', limit: 5 }),
    await store.listPauses(),
    await store.readMeta('alerts'),
    await readStatus(made.service),
  ]);

  expect(made.transports['target']?.requests[0]?.url).toContain(SECRET);
  expect(kept).toContain('refused 207');
  expect(kept).toContain('the same page cursor twice');
  expect(kept).not.toContain(SECRET);
});
