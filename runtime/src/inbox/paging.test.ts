import { expect, test } from 'vitest';
import type { WireOutcome } from '../http/transport.ts';
import { at, createWorld, rows, serveRows } from '../testing/fake-world.ts';
import type { ReadOptions, Row, World } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';
import { readNextLink } from './advance-page.ts';

const COUNTED: ReadOptions = {
  pages: { kind: 'cursor', next: (body: { next?: string }) => body.next, depth: 50 },
};
const TRUE_CURSOR: ReadOptions = { pages: { kind: 'cursor', next: (body: { next?: string }) => body.next } };

/** A cursor that is an offset in disguise. */
function byOffset(url: URL, matching: readonly Row[], size: number): WireOutcome {
  const from = Number(url.searchParams.get('cursor') ?? 0);
  return respond(200, {
    rows: matching.slice(from, from + size),
    ...(from + size < matching.length ? { next: String(from + size) } : {}),
  });
}

async function keys(world: World): Promise<number> {
  return Object.values(await world.states()).reduce((sum, count) => sum + count, 0);
}

test('an edit during the pass that shifts the rows loses nothing', async () => {
  let list = rows(60);
  let asked = 0;
  const serve = serveRows(() => list, 10, byOffset);
  const world = createWorld(
    (request) => {
      asked += 1;
      // The first rows move to the end after each page, so that every later one moves up.
      if (asked > 1 && asked < 5)
        list = list.map((row) =>
          row.id === `r${asked}` ? { ...row, name: 'edited', at: at(1000 + asked) } : row,
        );
      return serve(request);
    },
    { read: COUNTED },
  );
  expect((await world.once()).kind).toBe('done');
  expect(world.target.objects).toHaveLength(60);
  expect(world.target.objects.filter((entry) => entry.name === 'edited')).toHaveLength(3);
});

test.each(['page', 'offset'] as const)('paging by %s ends at an empty or a short page', async (kind) => {
  for (const until of ['empty', 'short'] as const) {
    const pages = { kind, start: kind === 'page' ? 1 : 0, size: 10, until } as const;
    const page = (url: URL, matching: readonly Row[], size: number): WireOutcome => {
      const number = Number(url.searchParams.get('number'));
      const from = kind === 'page' ? (number - 1) * size : number;
      return respond(200, { rows: matching.slice(from, from + size) });
    };
    for (const changes of [undefined, { lookbackMs: 0, settleMs: 0, first: 'all' }]) {
      const world = createWorld(
        serveRows(() => rows(40), 10, page),
        { read: { pages, ...(changes === undefined ? {} : { changes }) } },
      );
      expect((await world.once()).kind).toBe('done');
      expect(await keys(world)).toBe(40);
    }
  }
});

test('links are followed on the same server only, also relative ones', async () => {
  const follow = async (next: string, kind: 'link' | 'next-url' = 'link') => {
    const pages =
      kind === 'link'
        ? ({ kind } as const)
        : ({ kind, next: (body: { next?: string }) => body.next } as const);
    const world = createWorld(
      (request) =>
        request.url.includes('page=2')
          ? respond(200, { rows: rows(3) })
          : respond(
              200,
              { rows: rows(2), next },
              { link: `<https://x.example/1>; rel="prev", <${next}>; rel="next"` },
            ),
      { read: { pages } },
    );
    const end = await world.once();
    return {
      end,
      urls: world.source.requests.map((request) => request.url).slice(1),
      halts: (await world.context.store.listPauses()).length,
    };
  };
  for (const kind of ['link', 'next-url'] as const) {
    expect(await follow('https://source.example/v1/rows?page=2', kind)).toMatchObject({
      end: { kind: 'done' },
      urls: ['https://source.example/v1/rows?page=2'],
    });
    expect(await follow('?page=2', kind)).toMatchObject({
      end: { kind: 'done' },
      urls: ['https://source.example/v1/rows?page=2'],
    });
    expect(await follow('/v1/rows?page=2', kind)).toMatchObject({ end: { kind: 'done' } });
    for (const foreign of [
      'https://evil.example/v1/rows?page=2',
      '//evil.example/v1/rows?page=2',
      'http://source.example/v1/rows?page=2',
      'https://source.example.evil.example/v1?page=2',
      'https://a@source.example/v1/rows?page=2',
      '/v2/rows?page=2',
    ])
      expect(await follow(foreign, kind)).toMatchObject({ end: { kind: 'halt' }, urls: [], halts: 1 });
  }
});

test.each([
  ['<a>; rel=next', 'a'],
  ['<a>; rel="prev first", <b?c,d>; title="x, y"; rel="NEXT last"', 'b?c,d'],
  ['<a>; rel="nextpage"', undefined],
  [undefined, undefined],
])('of the link header %s, the next page is %s', (header, next) => {
  expect(readNextLink(header)).toBe(next);
});

test.each([
  ['the same', () => 'again'],
  ['a circle', (index: number) => ['b', 'c', 'a', 'b'][index] ?? 'b'],
] as const)('a cursor that comes again (%s) halts the flow', async (_name, next) => {
  const world = createWorld((_request, index) => respond(200, { rows: rows(2), next: next(index) }), {
    read: TRUE_CURSOR,
  });
  expect(await world.once()).toMatchObject({ kind: 'halt', rule: 'flows.f.from.pages' });
  expect(world.source.requests.length).toBeLessThan(6);
});
