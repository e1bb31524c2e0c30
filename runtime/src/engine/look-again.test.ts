import { expect, test } from 'vitest';
import type { AnyFind, AnyFlow, Scope } from '../flow.ts';
import { createTestService } from '../testing/create-test-service.ts';
import { createTestFlow, rows } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';

const HOUR = 3_600_000;

interface Tagged {
  readonly tag: { readonly etag: string };
}

const tag: AnyFind = {
  name: 'tag',
  system: 'target',
  take: 'one',
  request: () => ({ operation: 'GET /objects/{id}', method: 'GET', path: '/objects/1' }),
  records: (body: unknown) => [body],
  pages: { kind: 'none' },
  none: 'review',
  many: 'review',
  shape: { etag: 'string' },
  rule: 'flows.f.find.tag',
};

/** A target that takes only what was made of its present version, which a look-up tells. */
async function createGuarded(
  change: Partial<AnyFind>,
  changesAtFirst: boolean,
  { losesFirst = false }: { readonly losesFirst?: boolean } = {},
) {
  const base = createTestFlow({ tier: 0 });
  const [target] = base.targets;
  const guarded = {
    ...target,
    request: (body: unknown, _row: unknown, { found }: Scope<Tagged>) => ({
      operation: 'PUT /objects/{id}',
      method: 'PUT',
      path: '/objects/1',
      headers: { 'if-match': found.tag.etag },
      body,
    }),
  };
  const flow = { ...base, find: [{ ...tag, ...change }], targets: [guarded] } as unknown as AnyFlow;
  const written: string[] = [];
  let lookUps = 0;
  let version = 1;
  const made = await createTestService({
    definition: { flows: [flow] },
    answer(system, { method, headers }) {
      if (system === 'source') return respond(200, { rows: rows(1) });
      if (method === 'GET') {
        const told = `v${version}`;
        // It changes as soon as it has been looked up.
        if (lookUps === 0 || !changesAtFirst) version += 1;
        lookUps += 1;
        return respond(200, { etag: told });
      }
      written.push(String(headers['if-match']));
      if (losesFirst && written.length === 1) return { kind: 'unknown', reason: 'cut', detail: '' };
      return headers['if-match'] === `v${version}` ? respond(200, { id: '1' }) : respond(412, {});
    },
  });
  return { ...made, written, lookUps: () => lookUps };
}

async function run(change: Partial<AnyFind>, changesAtFirst: boolean, forMs: number) {
  const { service, context, written, lookUps } = await createGuarded(change, changesAtFirst);
  const running = Promise.all(service.runners.map((runner) => runner.run()));
  await context.clock.advance(forMs);
  const [counts] = await context.store.counts(['f']);
  const dead = await context.store.listDead({ limit: 10 });
  context.stop();
  await context.clock.drive(running);
  return { states: counts?.states, dead: dead.map(({ reason }) => reason), written, lookUps: lookUps() };
}

test.each([
  ['', {}],
  [', also where the answer of a look-up may be used again', { cacheMs: 48 * HOUR }],
])('where the object changed between look-up and write, it is looked up again%s', async (_how, change) => {
  expect(await run(change, true, HOUR)).toEqual({
    states: { delivered: 1 },
    dead: [],
    written: ['v1', 'v2'],
    lookUps: 2,
  });
});

test('where it is changed before each write, the record is a dead letter after a day, and not many calls', async () => {
  const { states, dead, written, lookUps } = await run({}, false, 48 * HOUR);
  expect(states).toEqual({ dead: 1 });
  expect(dead).toEqual(['not taken for 24 hours: 412']);
  expect(lookUps).toBe(written.length);
  expect(written.length).toBeGreaterThan(24);
  expect(written.length).toBeLessThan(60);
});

test('where an answer was lost before it, a 412 may be of our own making: a person looks, and nothing is left out', async () => {
  const { service, context } = await createGuarded({}, true, { losesFirst: true });
  const running = Promise.all(service.runners.map((runner) => runner.run()));
  await context.clock.advance(HOUR);
  const [counts] = await context.store.counts(['f']);
  expect(counts?.states).toEqual({ review: 1 });
  const [review] = await context.store.listReviews({ state: 'open', limit: 1 });
  expect(review).toMatchObject({ reason: 'unknown outcome', unresolved: { target: 'object' } });
  expect(review?.message).toContain('412');
  context.stop();
  await context.clock.drive(running);
});
