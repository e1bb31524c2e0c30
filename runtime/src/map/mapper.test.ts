import { expect, test } from 'vitest';
import { createFindBlankKind } from '../transforms/blank.ts';
import { failed, made } from '../transforms/transform.ts';
import { findBrokenBound } from './find-broken-bound.ts';
import type { Bounds, InvalidKind } from './find-broken-bound.ts';
import { listOf } from './compose.ts';
import type { FieldRule, Scalar } from './field-rule.ts';
import { createMapper } from './mapper.ts';
import type { Mapper } from './mapper.ts';

const BLANKS: readonly (readonly [string, Scalar | undefined])[] = [
  ['absent', undefined],
  ['null', null],
  ['empty', ''],
  ['whitespace', ' \t'],
  ['sentinel', 'N/A'],
];
const BLANK_ACTIONS = ['review', 'fail', 'skip', 'omit', 'drop', 'clear', { default: 'instead' }] as const;

function text(
  rule: Partial<FieldRule>,
  value: Scalar | undefined,
): { readonly made: unknown; readonly map: Mapper } {
  const map = createMapper('flows.f.map');
  return {
    map,
    made: map.textOrNull({ to: 'Phones[0].Number', value: () => value, blank: 'review', ...rule }),
  };
}

test.each(BLANKS.flatMap(([kind, value]) => BLANK_ACTIONS.map((action) => [kind, action, value] as const)))(
  'a value that is %s is handled as %o says, whether alone or by its kind',
  (kind, action, value) => {
    for (const blank of [action, { [kind]: action }, { other: action }]) {
      const { made: result, map } = text({ blank }, value);
      const stops = action === 'review' || action === 'fail' || action === 'skip';
      expect(map.problems).toEqual(
        stops
          ? [
              {
                field: 'Phones[0].Number',
                rule: 'flows.f.map.Phones[0].Number',
                action,
                problem: `blank: ${kind}`,
                message: `Phones[0].Number is blank (${kind})`,
              },
            ]
          : [],
      );
      expect(result).toBe(action === 'clear' ? null : typeof action === 'object' ? 'instead' : undefined);
      expect(map.dropped('Phones[0]')).toBe(action === 'drop');
    }
  },
);

test.each([
  [undefined, '<b>n/a</b>', 'n/a'],
  [['none'], '<b>None</b>', 'None'],
] as const)('what a transform leaves and stands for nothing is blank (%o)', (sentinels, given, left) => {
  const find = sentinels === undefined ? undefined : createFindBlankKind(sentinels);
  const map = createMapper('flows.f.map', find);
  const steps = [() => made(left), () => made('never asked')];
  const rule = {
    to: 'Name',
    value: () => given,
    as: steps,
    blank: { sentinel: 'fail' },
    invalid: 'skip',
  } as const;
  expect(map.text(rule)).toBeUndefined();
  expect(map.problems).toMatchObject([
    { action: 'fail', problem: 'blank: sentinel', message: 'Name is blank (sentinel)' },
  ]);
});

test('a mapping knows the texts that stand for nothing in its service, in lists too', () => {
  const map = createMapper('flows.f.map', createFindBlankKind(['none']));
  const rule = { to: 'Name', value: () => 'None', blank: { sentinel: { default: 'instead' } } } as const;
  expect(map.text(rule)).toBe('instead');
  expect(map.text({ ...rule, value: () => 'n/a' })).toBe('n/a');
  const list = { to: 'Names', value: () => ['none', '-'], blank: 'omit' } as const;
  expect(map.each(list, (each, inner) => inner.text({ ...rule, value: () => each }))).toEqual([
    'instead',
    '-',
  ]);
});

test('a kind of blank that the rules do not name goes to review', () => {
  expect(text({ blank: { null: 'omit' } }, '').map.problems).toMatchObject([
    { action: 'review', problem: 'blank: empty' },
  ]);
});

const INVALIDS: readonly (readonly [InvalidKind, Bounds, string])[] = [
  ['too-long', { maxLength: 3 }, 'abcd'],
  ['too-short', { minLength: 5 }, 'abcd'],
  ['pattern', { pattern: /^\d+$/u }, 'abcd'],
  ['format', { format: 'uuid' }, 'abcd'],
  ['format', { format: 'date' }, '2026-02-31'],
  ['format', { format: 'date-time' }, '2026-01-05'],
  ['format', { format: 'email' }, 'abcd'],
  ['format', { format: 'uri' }, 'abcd'],
];

test.each(
  INVALIDS.flatMap(([kind, bounds, value]) =>
    (['review', 'fail', 'skip', 'omit', 'drop', 'keep', { default: 'x' }] as const).map(
      (action) => [kind, action, bounds, value] as const,
    ),
  ),
)('a value that is not accepted (%s) is handled as %o says', (kind, action, bounds, value) => {
  for (const invalid of [action, { [kind]: action }]) {
    const { made: result, map } = text({ ...bounds, invalid }, value);
    const stops = action === 'review' || action === 'fail' || action === 'skip';
    expect(map.problems.map((problem) => [problem.action, problem.problem])).toEqual(
      stops ? [[action, `invalid: ${kind}`]] : [],
    );
    expect(result).toBe(action === 'keep' ? value : typeof action === 'object' ? 'x' : undefined);
    expect(map.dropped('Phones[0]')).toBe(action === 'drop');
  }
});

test('a text that is too long is cut where the rules say so, and goes to review where they say nothing', () => {
  expect(text({ maxLength: 3, invalid: { 'too-long': 'truncate' } }, 'abcd').made).toBe('abc');
  expect(text({ maxLength: 3 }, 'abcd').map.problems).toMatchObject([{ action: 'review' }]);
});

test('transforms run in their order, and the first that cannot read a value ends them', () => {
  const add = (suffix: string) => (value: string) => made(value + suffix);
  expect(text({ as: [add('1'), add('2')] }, 'a').made).toBe('a12');
  expect(
    text({ as: [() => failed('no number'), () => expect.unreachable()], invalid: 'omit' }, 'a').map.problems,
  ).toEqual([]);
  expect(text({ as: [() => failed('no number')] }, 'a').map.problems).toMatchObject([
    { problem: 'invalid: format', message: 'Phones[0].Number: no number' },
  ]);
});

test('an expression that throws sends its record to review with the path of its rule', () => {
  const map = createMapper('m');
  const result = map.text({
    to: 'Name',
    value: () => (undefined as unknown as { a: string }).a,
    blank: 'omit',
  });
  expect(result).toBeUndefined();
  expect(map.problems).toMatchObject([{ rule: 'm.Name', action: 'review', problem: 'expression' }]);
});

test('a value of another type is not sent as it is', () => {
  const map = createMapper('m');
  expect(map.text({ to: 'a', value: () => 5, blank: 'omit' })).toBeUndefined();
  expect(map.number({ to: 'b', value: () => '5', blank: 'omit' })).toBeUndefined();
  expect(map.number({ to: 'c', value: () => Number.NaN, blank: 'omit' })).toBeUndefined();
  expect(map.boolean({ to: 'd', value: () => 'yes', blank: 'omit' })).toBeUndefined();
  expect(map.problems.map((problem) => problem.problem)).toEqual(
    Array.from({ length: 4 }, () => 'invalid: format'),
  );
  expect([
    map.number({ to: 'e', value: () => 0, blank: 'review' }),
    map.boolean({ to: 'f', value: () => false, blank: 'review' }),
  ]).toEqual([0, false]);
});

test('a choice takes what its table or its members list, and nothing that an object inherits', () => {
  const map = createMapper('m');
  const choose = (value: Scalar | undefined, more: object): unknown =>
    map.choice({ to: 'c', value: () => value, blank: 'omit', otherwise: 'omit', ...more });
  expect(choose('Australia', { table: { Australia: 'AUD' } })).toBe('AUD');
  expect(choose('toString', { table: { Australia: 'AUD' } })).toBeUndefined();
  expect(choose('__proto__', { table: { Australia: 'AUD' } })).toBeUndefined();
  expect(choose(false, { members: [true, false] })).toBe(false);
  expect(choose('B', { members: ['a', 'b'] })).toBeUndefined();
  expect(choose('B', { members: ['a', 'b'], otherwise: { default: 'a' } })).toBe('a');
  expect(map.problems).toEqual([]);
  expect(choose('B', { members: ['a', 'b'], otherwise: undefined })).toBeUndefined();
  expect(map.problems).toMatchObject([
    { action: 'review', problem: 'invalid: not-listed', message: 'c: "B" is not listed' },
  ]);
});

test('a list keeps what was not dropped, and is absent where nothing is left', () => {
  expect(listOf(1, undefined, 2)).toEqual([1, 2]);
  expect(listOf(undefined)).toBeUndefined();
});

test.each([
  [5, { minimum: 6 }, 'too-small'],
  [6, { minimum: 6, maximum: 6 }, undefined],
  [7, { maximum: 6 }, 'too-large'],
  [0.3, { multipleOf: 0.1 }, undefined],
  [0.07, { multipleOf: 0.01 }, undefined],
  [12_345_678.91, { multipleOf: 0.01 }, undefined],
  [-4, { multipleOf: 2 }, undefined],
  [0, { multipleOf: 0.01 }, undefined],
  [0.015, { multipleOf: 0.01 }, 'multiple'],
  [12_345_678.915, { multipleOf: 0.01 }, 'multiple'],
  [5, { multipleOf: 2 }, 'multiple'],
  [Number.POSITIVE_INFINITY, {}, 'format'],
  [true, { minimum: 5 }, undefined],
  [null, { minLength: 5 }, undefined],
  ['2026-01-05T10:00:00+01:00', { format: 'date-time' }, undefined],
  ['6f9619ff-8b86-d011-b42d-00cf4fc964ff', { format: 'uuid' }, undefined],
] as const)('the value %o within %o breaks %s', (value, bounds, kind) => {
  expect(findBrokenBound(value, bounds)?.kind).toBe(kind);
});

test.each([
  [1, undefined, 0],
  [2, undefined, 0],
  [3, 'Names has 3 elements, and the target takes at most 2', 1],
] as const)('a list of %i elements where two are taken: %s', (count, message, problems) => {
  const map = createMapper('flows.f.map');
  const list = Array.from({ length: count }, (_, index) => String(index));
  map.each({ to: 'Names', value: () => list, blank: 'omit', maxItems: 2 }, (each) => each);
  expect(map.problems).toHaveLength(problems);
  expect(map.problems[0]?.message).toBe(message);
});

test('fewer elements than are wanted go to a person, and none is a blank list', () => {
  const rule = { to: 'Names', blank: 'omit', minItems: 2 } as const;
  const map = createMapper('flows.f.map');
  expect(map.each({ ...rule, value: () => [] }, (each) => each)).toBeUndefined();
  expect(map.problems).toEqual([]);
  map.each({ ...rule, value: () => ['a'] }, (each) => each);
  expect(map.problems).toMatchObject([
    { action: 'review', message: 'Names has 1 element, and the target takes at least 2' },
  ]);
});
