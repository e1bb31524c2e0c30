import { expect, test } from 'vitest';
import { parseExactJson } from '../exact-json.ts';
import { findMalformed } from './read-path.ts';

const SHAPE = { count: 'integer', 'price.net': 'number', name: 'string' } as const;

test.each([
  ['{"count":5,"price":{"net":5.5},"name":"a"}', undefined],
  ['{"count":5.0,"price":{"net":90071992547409931},"name":null}', undefined],
  ['{"count":90071992547409931}', undefined],
  ['{"count":5.5}', 'count has a fraction, and the description says that it is a whole number'],
  ['{"count":"5"}', 'count has another type than the description says'],
  ['{"price":{"net":"5"}}', 'price.net has another type than the description says'],
  ['{"name":7}', 'name has another type than the description says'],
])('%s is what the description says, or not', (json, malformed) => {
  expect(findMalformed(parseExactJson(json), SHAPE)).toBe(malformed);
});
