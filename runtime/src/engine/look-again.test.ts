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
  {
    losesFirst = false,
    change: given = {},
  }: { readonly losesFirst?: boolean; readonly change?: Partial<AnyFlow> } = {},
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
  const flow = { ...base, find: [{ ...tag, ...change }], targets: [guarded], ...given } as unknown as AnyFlow;
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

async function runLosing(change: Partial<AnyFlow>) {
  const { service, context, written } = await createGuarded({}, true, { losesFirst: true, change });
  const running = Promise.all(service.runners.map((runner) => runner.run()));
  await context.clock.advance(HOUR);
  const [counts] = await context.store.counts(['f']);
  const reviews = await context.store.listReviews({ state: 'open', limit: 10 });
  context.stop();
  await context.clock.drive(running);
  return { states: counts?.states, reasons: reviews.map(({ reason }) => reason), written };
}

test('where an answer was lost before it, a 412 may be of our own making: it is written anew all the same', async () => {
  expect(await runLosing({})).toMatchObject({ states: { delivered: 1 }, reasons: [] });
});

test.each(['skip', 'fail'] as const)(
  'where its own write may have made a condition fail, nothing is left out in silence (%s)',
  async (otherwise) => {
    const rule = {
      when: (_row: unknown, { found }: Scope<Tagged>) => found.tag.etag === 'v1',
      otherwise,
      rule: 'flows.f.keep[0]',
      needs: 1,
    };
    const end = await runLosing({ keep: [rule] } as unknown as Partial<AnyFlow>);
    expect(end).toMatchObject({ states: { review: 1 }, reasons: ['may have been applied'] });
  },
);
