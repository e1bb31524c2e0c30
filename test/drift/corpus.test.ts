import { expect, test } from 'vitest';
import { REQUEST_RULES, REQUEST_VALUE_RULES } from '../../compiler/src/drift/request-rules.ts';
import { RESPONSE_RULES, RESPONSE_VALUE_RULES } from '../../compiler/src/drift/response-rules.ts';
import { VARIANCE_RULES } from '../../compiler/src/drift/variance-rules.ts';
import { readCases, runCase } from './read-corpus.ts';
import type { DriftCase } from './read-corpus.ts';

const cases = ['request.yaml', 'response.yaml', 'issues.yaml'].flatMap(readCases);
const found = new Map<string, readonly string[]>();

test.for(cases)('$name', async (given) => {
  const said = (await runCase(given)).map(normalise);
  found.set(given.name, said);

  expect(said.toSorted()).toEqual(given.expect.map(normalise).toSorted());
});

test('precision and recall over the labelled corpus are 1', () => {
  const counts = cases.map((given) => countAgreement(given, found.get(given.name) ?? []));
  const sum = (key: 'right' | 'said' | 'wanted'): number =>
    counts.reduce((total, count) => total + count[key], 0);
  const precision = sum('right') / sum('said');
  const recall = sum('right') / sum('wanted');
  process.stdout.write(
    `drift: ${cases.length} pairs, ${sum('wanted')} labels; precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}\n`,
  );

  expect(sum('wanted')).toBeGreaterThan(120);
  expect({ precision, recall }).toEqual({ precision: 1, recall: 1 });
});

test('every kind of change is in the corpus, used and unused', () => {
  const labels = cases.flatMap((given) => given.expect);
  const has = (id: string, isUsed: boolean): boolean =>
    labels.some((label) => label.split(' ')[1] === id && label.startsWith('NONE') !== isUsed);
  const missing = Object.entries(VARIANCE_RULES)
    .filter(([, { side }]) => side !== 'recording')
    .flatMap(([id]) => [
      ...(has(id, true) || HARMLESS.has(id) ? [] : [`${id}, used`]),
      ...(has(id, false) || NEVER_UNUSED.has(id) ? [] : [`${id}, unused`]),
    ]);

  expect(missing).toEqual([]);
});

/** More is accepted or answered: NONE also where it is used. No flow takes webhooks in by this version of the rules. */
const HARMLESS = new Set(['VQ20', 'VA19', 'VA20']);
/** What nobody pages by, no list, and no protection of a write is only a property, a type or a parameter. */
const NEVER_UNUSED = new Set(['VA16', 'VA17', 'VQ19']);

const LISTS = { REQUEST_RULES, REQUEST_VALUE_RULES, RESPONSE_RULES, RESPONSE_VALUE_RULES };
const rules = Object.entries(LISTS).flatMap(([name, list]) =>
  list.map((_, index) => [name, index, list] as const),
);

test.for(rules)('without %s[%i], the labels are missed', { timeout: 60_000 }, async ([, index, list]) => {
  const open = list as (typeof list)[number][];
  const [rule] = open.splice(index, 1);
  try {
    let isCaught = false;
    for (const given of cases) {
      const said = await runCase(given);
      isCaught ||= said.map(normalise).toSorted().join() !== given.expect.map(normalise).toSorted().join();
      if (isCaught) break;
    }
    expect(isCaught).toBe(true);
  } finally {
    if (rule !== undefined) open.splice(index, 0, rule);
  }
});

function countAgreement({ expect: wanted }: DriftCase, said: readonly string[]) {
  const open = wanted.map(normalise);
  let right = 0;
  for (const label of said) {
    const index = open.indexOf(label);
    if (index === -1) continue;
    open.splice(index, 1);
    right += 1;
  }
  return { right, said: said.length, wanted: wanted.length };
}

/** The order of the lines means nothing. */
function normalise(label: string): string {
  const [level = '', id = '', ...rest] = label.split(' ');
  const lines = rest.join(' ').split(', ').toSorted().join(', ');
  return [level, id, lines].join(' ').trim();
}
