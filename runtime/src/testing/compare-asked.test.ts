import { expect, test } from 'vitest';
import type { WireRequest } from '../http/transport.ts';
import { compareAsked } from './compare-asked.ts';

function ask(url: string, body?: string, type = 'application/json'): WireRequest {
  return {
    method: body === undefined ? 'GET' : 'POST',
    url: `https://s.example/v1${url}`,
    headers: { 'content-type': type, 'x-tenant': 't 1' },
    body,
    timeoutMs: 1,
    maxBytes: 1,
  };
}

test.each([
  ['a parameter', ask('/things?email=a%40b.c'), { email: 'a@b.c' }, 'GET /things', []],
  ['none', ask('/things'), { email: 'a@b.c' }, 'GET /things', ['asked without email']],
  [
    'another value',
    ask('/things?email=z'),
    { email: 'a@b.c' },
    'GET /things',
    ['asked with email z instead of a@b.c'],
  ],
  ['a number of the same digits', ask('/things?limit=10'), { 'query.limit': 10 }, 'GET /things', []],
  ['a list in one parameter', ask('/things?ids=1,2'), { ids: [1, 2] }, 'GET /things', []],
  [
    'a list in two',
    ask('/things?ids=1&ids=3'),
    { ids: [1, 2] },
    'GET /things',
    ['asked with ids [1,3] instead of [1,2]'],
  ],
  ['a segment', ask('/things/a%2Fb/notes'), { id: 'a/b' }, 'GET /things/{id}/notes', []],
  [
    'another segment',
    ask('/things/c/notes'),
    { id: 'b' },
    'GET /things/{id}/notes',
    ['asked with id c instead of b'],
  ],
  ['a header', ask('/things'), { 'X-Tenant': 't 1' }, 'GET /things', []],
  [
    'a field of the body',
    ask('/search', '{"query":{"b":1,"a":[2]}}'),
    { query: { a: [2], b: 1 } },
    'POST /search',
    [],
  ],
  [
    'no list in the body',
    ask('/search', '{}'),
    { filters: [{ a: 1 }] },
    'POST /search',
    ['asked without filters'],
  ],
  ['no body at all', ask('/search'), { filters: { a: 1 } }, 'POST /search', ['asked without filters']],
  ['members in brackets', ask('/things?filter%5Ba%5D=1'), { filter: { a: 1 } }, 'GET /things', []],
  ['members by themselves', ask('/things?a=1'), { filter: { a: 1 } }, 'GET /things', []],
  ['an empty list', ask('/things'), { ids: [] }, 'GET /things', []],
  ['no body', ask('/search', '{}'), { query: 'x' }, 'POST /search', ['asked without query']],
  [
    'a field of a form',
    ask('/search', 'q=a+b', 'application/x-www-form-urlencoded'),
    { q: 'a b' },
    'POST /search',
    [],
  ],
  [
    'no field of a form',
    ask('/search', 'p=1', 'application/x-www-form-urlencoded'),
    { q: 'a' },
    'POST /search',
    ['asked without q'],
  ],
  ['a body that is not read here', ask('/search', '<q/>', 'application/xml'), { q: 'a' }, 'POST /search', []],
])('%s is held against what the rules ask for', (_, request, wanted, operation, problems) => {
  expect(compareAsked(request, wanted, operation)).toEqual(problems);
});
