import { expect, test } from 'vitest';
import { oneObject } from '../flow.ts';
import type { AnyFind, AnyFlow } from '../flow.ts';
import type { ApiClient } from '../http/api-client.ts';
import type { CallOutcome } from '../http/call-outcome.ts';
import { createInstant } from '../instant.ts';
import { readFound } from './read-found.ts';

const find: AnyFind = {
  name: 'account',
  system: 'crm',
  take: 'one',
  request: () => ({ operation: 'GET /accounts/{id}', method: 'GET', path: '/accounts/1' }),
  records: (body) => oneObject(body as unknown),
  pages: { kind: 'none' },
  none: 'review',
  many: 'review',
  shape: { title: 'string' },
  rule: 'flows.f.find.account',
};

async function lookUp(outcome: CallOutcome): Promise<unknown> {
  const client = { server: 'http://crm.invalid', call: () => Promise.resolve(outcome) };
  return readFound(
    {},
    { now: createInstant(0), found: {}, ids: {} },
    {
      flow: { name: 'f' } as AnyFlow,
      find,
      client: client as unknown as ApiClient,
      cache: { read: () => undefined, keep: () => undefined, clear: () => undefined },
      key: 'k',
      lane: 'live',
    },
  );
}

function ok(body: unknown): CallOutcome {
  return { kind: 'ok', status: 200, headers: {}, body } as unknown as CallOutcome;
}

test('an answer that is the one object is what is found', async () => {
  expect(await lookUp(ok({ title: 'A', more: 1 }))).toEqual({
    kind: 'found',
    value: { title: 'A', more: 1 },
  });
  expect(await lookUp(ok({}))).toEqual({ kind: 'found', value: {} });
});

test('where it is null or not there, nothing is found', async () => {
  expect(await lookUp(ok(null))).toEqual({ kind: 'none' });
  expect(await lookUp({ kind: 'missing', status: 404 } as unknown as CallOutcome)).toEqual({ kind: 'none' });
});

test.each([[undefined], ['text'], [7], [[]], [[{ title: 'A' }]]])(
  'an answer of another form, %o, says nothing',
  async (body) => {
    expect(await lookUp(ok(body))).toEqual({
      kind: 'later',
      reason: 'the answer to the look-up account is not of the form that is described',
    });
  },
);

test('an object with a field of another type goes to a person', async () => {
  expect(await lookUp(ok({ title: 7 }))).toMatchObject({ kind: 'refused', action: 'review' });
});
