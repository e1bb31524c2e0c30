import { expect, test } from 'vitest';
import type { System } from '../../flow.ts';
import type { CallSlice } from '../../recording/slice.ts';
import { listSliceChanges, summarizeSlice } from '../../recording/slice.ts';
import type { Exchange } from '../exchange.ts';
import { checkRequest } from './check-request.ts';
import { findLies } from './find-lies.ts';
import { listVariants } from './list-variants.ts';

const system: System = { name: 's', server: 'https://s.example', auth: { kind: 'none' } };

const call: CallSlice = {
  role: 'read',
  system: 's',
  operation: { method: 'POST', path: '/rows' },
  records: 'rows',
  statuses: ['200', '4XX'],
  answers: ['application/json'],
  answer: {
    rows: { types: ['array'], required: true },
    'rows[]': { types: ['object'], required: true },
    'rows[].id': { types: ['string'], required: true, use: 'key' },
    'rows[].at': { types: ['string'], format: 'date-time', nullable: true },
    'rows[].stage': { types: ['string'], enum: ['won', 'lost'] },
    'rows[].total': { types: ['number'] },
  },
  constants: [],
  parameters: [{ name: 'page', in: 'query', required: true }],
  bodyType: 'application/json',
  body: {
    '': { types: ['object'], required: true },
    limit: { types: ['integer'], required: true, maximum: 100 },
    made: { types: ['string'], readOnly: true },
    tags: { types: ['array'] },
    'tags[]': { types: ['string'], maxLength: 3 },
    extra: { types: ['object'], open: true },
  },
};

function answer(data: unknown, status = 200, type = 'application/json'): Exchange {
  return {
    file: '1-read.json',
    role: 'read',
    system: 's',
    operation: call.operation,
    response: { status, headers: [['content-type', type]], body: { data } },
  };
}

const row = { id: 'a', at: '2026-01-01T00:00:00Z', stage: 'won', total: 1 };

test.each([
  [{ ...row }, []],
  [{ ...row, at: null, stage: undefined, more: { not: 'described' } }, []],
  [{ ...row, total: 2n ** 60n }, []],
  [{ ...row, id: undefined }, ['rows[].id: absent, and required']],
  [{ ...row, id: 7 }, ['rows[].id: integer instead of string']],
  [{ ...row, id: null }, ['rows[].id: null, and not nullable']],
  [{ ...row, at: 'yesterday' }, ['rows[].at: no date-time']],
  [{ ...row, stage: 'open' }, ['rows[].stage: a value that is not listed']],
  [{ ...row, total: '1' }, ['rows[].total: string instead of number']],
])('an answer is held against what is used of its description: %o', (given, lies) => {
  const expected = lies.map((lie) => `POST /rows: ${lie}`);

  expect(findLies(answer({ rows: [row, given] }), call, system)).toEqual(expected);
});

test('a status and a media type that nobody described are lies, and no value stands in one', () => {
  expect(findLies(answer({ rows: [] }, 201, 'text/html'), call, system)).toEqual([
    'POST /rows: status 201 is not described',
    'POST /rows: the media type text/html is not described',
  ]);
  expect(findLies(answer({ error: 'x' }, 404), call, system)).toEqual([]);
  expect(findLies(answer({ error: 'x' }, 500), call, system)).toEqual([
    'POST /rows: status 500 is not described',
  ]);
  expect(findLies(answer({ rows: [{ ...row, stage: 'Ada King' }] }), call, system).join()).not.toContain(
    'Ada',
  );
});

test.each([
  [{ limit: 10, tags: ['abc'], extra: { any: { thing: 1 } } }, []],
  [{}, ['limit is required, and not sent']],
  [{ limit: '10' }, ['limit is of another type than integer']],
  [{ limit: 1000 }, ['limit is too large']],
  [{ limit: 1, made: 'x' }, ['made is read-only, and sent']],
  [{ limit: 1, other: 1 }, ['other is not described']],
  [{ limit: 1, tags: ['abcd'] }, ['tags[] is too long']],
  [{ limit: null }, ['limit is null, and not nullable']],
])('a request is held against its description: %o', (body, problems) => {
  const request = {
    method: 'POST',
    url: 'https://s.example/rows?page=1',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    timeoutMs: 1,
    maxBytes: 1,
  };
  const about = (problem: string): string => `POST /rows: ${problem}`;

  expect(checkRequest(request, call, { system, format: undefined })).toEqual(problems.map(about));
  expect(
    checkRequest({ ...request, url: 'https://s.example/rows?debug=1' }, call, { system, format: undefined }),
  ).toEqual([
    about('the parameter debug is not described'),
    about('the parameter page is required, and not sent'),
    ...problems.map(about),
  ]);
});

test('what has changed of the description since the recording is named by its field', () => {
  const before = summarizeSlice(call);
  const id = { types: ['integer'], required: true, use: 'key' };
  const changed = { ...call, answer: { ...call.answer, 'rows[].id': id } };

  expect(listSliceChanges(before, call)).toEqual([]);
  expect(listSliceChanges(before, changed)).toEqual([
    'rows[].id was string when it was recorded, and is integer now',
  ]);
  expect(listSliceChanges(before, { ...call, statuses: ['200'] })).toEqual([
    'what is sent, or its statuses, are described otherwise now',
  ]);
});

test('each field that is used is changed in every way that there is, and the recording stays as it was', () => {
  const exchange = answer({ rows: [{ ...row }] });
  const variants = listVariants([exchange], { flow: 'f', calls: [call] }, [system]);
  const names = variants.map(({ name }) => name.slice('POST /rows: '.length));

  expect(names.filter((name) => name.startsWith('rows[].stage'))).toEqual([
    'rows[].stage is left out',
    'rows[].stage is null',
    'rows[].stage is of another type',
    'rows[].stage is text for a number, or a number for text',
    'rows[].stage is a value that nobody knows',
  ]);
  expect(names).toEqual(
    expect.arrayContaining([
      'with fields that nobody knows',
      'rows has no elements',
      'rows has an element twice',
    ]),
  );
  expect(variants.find(({ name }) => name.endsWith('rows[].id is null'))?.data).toEqual({
    rows: [{ ...row, id: null }],
  });
  expect(exchange).toEqual(answer({ rows: [row] }));
});
