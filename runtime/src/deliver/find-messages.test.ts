import { expect, test } from 'vitest';
import { createScrubber } from '../log/scrub.ts';
import { findMessages } from './find-messages.ts';

test.each([
  [
    { lines: [{ description: 'Widget' }], validationErrors: [{ message: 'Date is required' }] },
    'Date is required',
  ],
  [{ errors: { name: { detail: 'too long' }, more: [{ description: 'too short' }] } }, 'too long; too short'],
  [{ message: 'Name is taken', record: { description: 'Widget' } }, 'Name is taken; Widget'],
  [{ code: 7 }, '{"code":7}'],
  [null, 'null'],
])('%j says: %s', (body, said) => {
  expect(findMessages(body, createScrubber())).toBe(said);
});
