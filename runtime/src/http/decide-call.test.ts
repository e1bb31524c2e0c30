import { expect, test } from 'vitest';
import { decideCall } from './decide-call.ts';
import type { CallAction, CallFacts, CallRole, CallRule, WriteTier } from './decide-call.ts';

const ROLES: readonly (readonly [CallRole, WriteTier | undefined])[] = [
  ['read', undefined],
  ['look-up', undefined],
  ['write', 0],
  ['write', 1],
  ['write', 2],
  ['write', 3],
  ['write', 5],
];

function answer(status: number, body?: unknown): CallFacts {
  return { kind: 'response', status, headers: {}, body };
}

/** For read, look-up and the tiers 0, 1, 2, 3 and 5. */
const TABLE: readonly (readonly [CallFacts, ...CallAction[]])[] = [
  [{ kind: 'not-sent' }, 'retry', 'retry', 'retry', 'retry', 'retry', 'retry', 'retry'],
  ...(['timeout', 'cut', 'too-large', 'malformed'] as const).map(
    (reason) =>
      [
        { kind: 'unknown', reason },
        'retry',
        'retry',
        'unknown',
        'unknown',
        'unknown',
        'unknown',
        'unknown',
      ] as const,
  ),
  ...[200, 201, 204, 299].map(
    (status) => [answer(status), 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'] as const,
  ),
  [answer(202), 'ok', 'ok', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [answer(303), 'halt', 'review', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [answer(307), 'halt', 'review', 'review', 'review', 'review', 'review', 'review'],
  [answer(400), 'halt', 'review', 'review', 'review', 'review', 'review', 'review'],
  [answer(401), 'refresh', 'refresh', 'refresh', 'refresh', 'refresh', 'refresh', 'refresh'],
  [answer(403), 'halt', 'review', 'review', 'review', 'review', 'review', 'review'],
  [answer(404), 'halt', 'missing', 'review', 'review', 'review', 'review', 'review'],
  [answer(408), 'retry', 'retry', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [answer(409), 'halt', 'review', 'review', 'wait', 'review', 'exists', 'review'],
  [answer(412), 'retry', 'retry', 'retry', 'retry', 'retry', 'retry', 'retry'],
  [answer(422), 'halt', 'review', 'review', 'review', 'review', 'review', 'review'],
  [answer(429), 'wait', 'wait', 'wait', 'wait', 'wait', 'wait', 'unknown'],
  [answer(500), 'retry', 'retry', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [answer(503), 'wait', 'wait', 'wait', 'wait', 'wait', 'unknown', 'unknown'],
  [answer(599), 'retry', 'retry', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
];

test('what a write was made of is looked up again where something is, and never for a call that only reads', () => {
  for (const tier of [0, 1, 2, 3, 4, 5] as const) {
    const call = { role: 'write', tier, looksUp: true } as const;
    expect(decideCall(answer(412), call, []).action).toBe('look-again');
    expect(decideCall(answer(412), { ...call, notApplied: [[412, 412]] }, []).action).toBe('look-again');
    expect(decideCall(answer(412), call, [{ on: [[412, 412]], do: 'review', rule: 'r' }]).action).toBe(
      'review',
    );
  }
  expect(decideCall(answer(412), { role: 'look-up' }, []).action).toBe('retry');
});

test.each(TABLE)('the standard policy has one action for each role and tier: %o', (...row) => {
  const [facts, ...actions] = row as [CallFacts, ...CallAction[]];
  expect(ROLES.map(([role, tier]) => decideCall(facts, { role, tier }, []))).toEqual(
    actions.map((action) => ({ action, rule: undefined })),
  );
});

test('the first rule that fits decides', () => {
  const rules: CallRule[] = [
    { on: [[500, 599]], do: 'review', rule: 'one' },
    {
      on: [
        [400, 404],
        [409, 409],
      ],
      when: ({ body }) => body.code === 'X',
      do: 'skip',
      rule: 'two',
    },
    { on: [[400, 499]], do: 'fail', rule: 'three' },
  ];
  const decide = (facts: CallFacts): string | undefined =>
    decideCall(facts, { role: 'write', tier: 2 }, rules).rule;
  expect(
    [answer(409, { code: 'X' }), answer(409, { code: 'Y' }), answer(502), answer(200)].map(decide),
  ).toEqual(['two', 'three', 'one', undefined]);
});

test('a class matches what it names', () => {
  const decide = (on: string, facts: CallFacts): boolean =>
    decideCall(facts, { role: 'read', tier: undefined }, [{ on: [on], do: 'halt', rule: 'r' }]).rule === 'r';
  expect(decide('not-sent', { kind: 'not-sent' })).toBe(true);
  expect(decide('unknown', { kind: 'not-sent' })).toBe(false);
  expect(decide('unknown', { kind: 'unknown', reason: 'cut' })).toBe(true);
  expect(decide('timeout', { kind: 'unknown', reason: 'timeout' })).toBe(true);
  expect(decide('timeout', { kind: 'unknown', reason: 'cut' })).toBe(false);
  expect(decide('timeout', answer(504))).toBe(false);
});

test('a predicate that throws does not hold, and none holds without an answer', () => {
  const rule: CallRule = {
    on: [[200, 599], 'unknown'],
    when: ({ body }) => body.deep.er === 1,
    do: 'halt',
    rule: 'r',
  };
  expect(decideCall(answer(200), { role: 'read', tier: undefined }, [rule])).toEqual({
    action: 'ok',
    rule: undefined,
  });
  expect(
    decideCall({ kind: 'unknown', reason: 'cut' }, { role: 'read', tier: undefined }, [rule]).rule,
  ).toBeUndefined();
});

const UNKNOWNS: readonly CallFacts[] = [
  { kind: 'unknown', reason: 'timeout' },
  { kind: 'unknown', reason: 'cut' },
  answer(500),
  answer(504),
  answer(408),
];

test.each(['retry', 'defer', 'fail', 'skip'] as const)(
  'a rule cannot make a write of unknown outcome a plain %s',
  (action) => {
    const rules: CallRule[] = [{ on: [[400, 599], 'unknown'], do: action, rule: 'r' }];
    for (const facts of UNKNOWNS) {
      expect(decideCall(facts, { role: 'write', tier: 5 }, rules)).toEqual({ action: 'unknown', rule: 'r' });
      expect(decideCall(facts, { role: 'read', tier: undefined }, rules).action).toBe(action);
    }
    expect(decideCall(answer(422), { role: 'write', tier: 5 }, rules).action).toBe(action);
    expect(
      decideCall({ kind: 'not-sent' }, { role: 'write', tier: 5 }, [
        { on: ['not-sent'], do: action, rule: 'r' },
      ]).action,
    ).toBe(action);
  },
);

test.each(['ok', 'missing', 'wait', 'pause', 'refresh'] as const)(
  'without an answer, a rule cannot make a write of unknown outcome %s',
  (action) => {
    expect(
      decideCall({ kind: 'unknown', reason: 'cut' }, { role: 'write', tier: 1 }, [
        { on: ['unknown'], do: action, rule: 'r' },
      ]).action,
    ).toBe('unknown');
  },
);

test('a write of unknown outcome may be shown to a person, and an error that says so is a refusal', () => {
  expect(
    decideCall({ kind: 'unknown', reason: 'cut' }, { role: 'write', tier: 5 }, [
      { on: ['unknown'], do: 'review', rule: 'r' },
    ]).action,
  ).toBe('review');
  const rule: CallRule = {
    on: [[500, 500]],
    when: ({ body }) => body.code === 'invalid',
    do: 'fail',
    rule: 'r',
  };
  expect(decideCall(answer(500, { code: 'invalid' }), { role: 'write', tier: 2 }, [rule]).action).toBe(
    'fail',
  );
});

test('where the vendor says that nothing was applied, a write is sent again, whatever protects it, and rules hold', () => {
  const notApplied = [
    [429, 429],
    [503, 504],
  ] as const;
  const decide = (facts: CallFacts, rules: CallRule[] = [], role: CallRole = 'write') =>
    decideCall(facts, { role, tier: 5, notApplied }, rules).action;
  expect([429, 503, 504, 500, 408].map((status) => decide(answer(status)))).toEqual([
    'wait',
    'wait',
    'retry',
    'unknown',
    'unknown',
  ]);
  expect(decide({ kind: 'unknown', reason: 'timeout' })).toBe('unknown');
  const rules: CallRule[] = [{ on: [[500, 599]], do: 'fail', rule: 'r' }];
  expect([503, 504, 502].map((status) => decide(answer(status), rules))).toEqual(['fail', 'fail', 'unknown']);
});
