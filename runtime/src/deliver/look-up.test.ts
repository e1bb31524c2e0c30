import { expect, test } from 'vitest';
import type { AnyFlow, PageCursor, Paging } from '../flow.ts';
import { createTestFlow, createWorld, rows } from '../testing/fake-world.ts';
import type { World } from '../testing/fake-world.ts';
import { isSameObject } from './same-object.ts';
import { respond } from '../testing/memory-transport.ts';

type Hit = { readonly id: number; readonly ref?: unknown };
type Hits = { readonly found: readonly Hit[]; readonly next?: string | undefined };
type Page = { readonly found?: Hits['found']; readonly status?: number };

/** At tier 3, where the target lists what fits in these pages, one after the other. */
async function run(
  pages: readonly Page[],
  paging?: Paging<Hits>,
  same: readonly string[] = [],
): Promise<World> {
  const base = createTestFlow({ tier: 3 });
  const [target] = base.targets;
  const { lookUp } = target;
  if (lookUp === undefined) throw new Error('At tier 3 something is looked up.');
  const flow: AnyFlow = {
    ...base,
    targets: [
      {
        ...target,
        lookUp: {
          ...lookUp,
          request: (sent: unknown, page: PageCursor) => {
            const asked = lookUp.request(sent, page);
            return { ...asked, query: [...(asked.query ?? []), { name: 'after', value: page.cursor }] };
          },
          same,
          ...(paging === undefined ? {} : { pages: paging }),
        },
      },
    ],
  };
  const world = createWorld(() => respond(200, { rows: rows(1) }), { flow });
  world.target.fault = (request) => {
    if (request.method !== 'GET') return undefined;
    const at = Number(new URL(request.url).searchParams.get('after') ?? 0);
    const { found = [], status = 200 } = pages[at] ?? {};
    return respond(status, { found, ...(at + 1 < pages.length ? { next: String(at + 1) } : {}) });
  };
  await world.once();
  return world;
}

const BY_CURSOR: Paging<Hits> = { kind: 'cursor', next: (body) => body.next };

function countCalls({ target }: World, method: string): number {
  return target.transport.requests.filter((request) => request.method === method).length;
}

test.each<[string, readonly Page[], number, number, Readonly<Record<string, number>>]>([
  ['on the second page is adopted', [{}, { found: [{ id: 7 }] }], 2, 0, { delivered: 1 }],
  [
    'twice, on two pages, is for a person',
    [{ found: [{ id: 7 }] }, { found: [{ id: 8 }] }],
    2,
    0,
    { review: 1 },
  ],
  ['twice on the first page asks for no other', [{ found: [{ id: 7 }, { id: 8 }] }, {}], 1, 0, { review: 1 }],
  ['on no page is created', [{}, {}, {}], 3, 1, { delivered: 1 }],
  [
    'before a page that is not there counts',
    [{ found: [{ id: 7 }] }, { status: 404 }],
    2,
    0,
    { delivered: 1 },
  ],
])('an object that stands %s', async (_name, pages, gets, posts, states) => {
  const world = await run(pages, BY_CURSOR);
  expect(await world.states()).toEqual(states);
  expect([countCalls(world, 'GET'), countCalls(world, 'POST')]).toEqual([gets, posts]);
});

test('pages that go in a circle are for a person, and nothing is created', async () => {
  const world = await run([{}, {}], { kind: 'cursor', next: () => 'same' });
  expect(await world.states()).toEqual({ review: 1 });
  expect(countCalls(world, 'POST')).toBe(0);
});

test('a page that cannot be had says nothing of the object, and nothing is created', async () => {
  const world = await run([{}, { status: 500 }], BY_CURSOR);
  expect(await world.states()).toEqual({ waiting: 1 });
  expect(countCalls(world, 'POST')).toBe(0);
});

test('where one answer holds everything, one is asked for', async () => {
  const world = await run([{ found: [{ id: 7 }] }, { found: [{ id: 8 }] }]);
  expect(await world.states()).toEqual({ delivered: 1 });
  expect(countCalls(world, 'GET')).toBe(1);
});

const BY_REF = ['ref'];

test.each<[string, readonly Page[], number, Readonly<Record<string, number>>]>([
  [
    'of another record is not adopted, and nothing is created',
    [{ found: [{ id: 7, ref: 'r01' }] }],
    0,
    { review: 1 },
  ],
  [
    'beside others is adopted',
    [
      {
        found: [
          { id: 7, ref: 'r01' },
          { id: 8, ref: 'r0' },
        ],
      },
    ],
    0,
    { delivered: 1 },
  ],
  [
    'behind two others, on the next page, is adopted',
    [
      {
        found: [
          { id: 6, ref: 'r00' },
          { id: 7, ref: 'r01' },
        ],
      },
      { found: [{ id: 8, ref: 'r0' }] },
    ],
    0,
    { delivered: 1 },
  ],
  ['in other letters is adopted', [{ found: [{ id: 7, ref: ' R-0 ' }] }], 0, { delivered: 1 }],
  ['that does not show the field is adopted', [{ found: [{ id: 7, ref: null }] }], 0, { delivered: 1 }],
  [
    'twice is for a person',
    [
      {
        found: [
          { id: 7, ref: 'r0' },
          { id: 8, ref: 'R0' },
        ],
      },
    ],
    0,
    { review: 1 },
  ],
  ['nowhere is created', [{}], 1, { delivered: 1 }],
])('an object %s', async (_name, pages, posts, states) => {
  const world = await run(pages, BY_CURSOR, BY_REF);
  expect(await world.states()).toEqual(states);
  expect(countCalls(world, 'POST')).toBe(posts);
});

test.each([
  ['7', 7, true],
  [7, '7.0', true],
  ['007', '7', false],
  ['10', '1', false],
  ['ada@example.com', 'Ada@Example.com', true],
  ['joada@example.com', 'ada@example.com', false],
  ['–', '—', false],
  [true, true, true],
  [{}, 'x', true],
])('of %s and %s, one object: %s', (is, wanted, expected) => {
  expect(isSameObject({ a: { b: is } }, { a: { b: wanted } }, ['a.b'])).toBe(expected);
});

/** Both records are looked up by the same text. */
function alike(tier: 3 | 4, lagMs: number): World {
  const base = createTestFlow({ tier, lookUp: true });
  const [target] = base.targets;
  const { lookUp } = target;
  if (lookUp === undefined) throw new Error('Something is looked up.');
  const lags = lagMs === 0 ? {} : { settleMs: lagMs + 10_000 };
  const map = (row: { readonly name: string }) => ({ ref: 'same', name: row.name });
  const flow: AnyFlow = { ...base, targets: [{ ...target, map, lookUp: { ...lookUp, ...lags } }] };
  const world = createWorld(() => respond(200, { rows: rows(2) }), { flow });
  const madeMs: number[] = [];
  world.target.fault = ({ method }) => {
    const { clock } = world.context;
    if (method === 'POST') madeMs.push(clock.now());
    const shown = madeMs.filter((made) => clock.now() - made >= lagMs).map((_, index) => ({ id: index }));
    return method === 'GET' ? respond(200, { found: shown }) : respond(200, { id: madeMs.length - 1 });
  };
  return world;
}

test.each([
  [3, 0],
  [4, 20_000],
] as const)('at tier %i, of two records that are looked up alike one is created', async (tier, lagMs) => {
  const world = alike(tier, lagMs);
  await world.once();
  expect(countCalls(world, 'POST')).toBe(1);
  expect(await world.states()).toEqual({ delivered: 1, review: 1 });
  const [review] = await world.context.store.listReviews({ state: 'open', limit: 1 });
  expect(review?.reason).toBe('linked elsewhere');
});
