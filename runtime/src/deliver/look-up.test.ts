import { expect, test } from 'vitest';
import type { AnyFlow, PageCursor, Paging } from '../flow.ts';
import { createTestFlow, createWorld, rows } from '../testing/fake-world.ts';
import type { World } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';

type Hits = { readonly found: readonly { readonly id: number }[]; readonly next?: string | undefined };
type Page = { readonly found?: Hits['found']; readonly status?: number };

/** At tier 3, where the target lists what fits in these pages, one after the other. */
async function run(pages: readonly Page[], paging?: Paging<Hits>): Promise<World> {
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
