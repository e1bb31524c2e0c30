import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { checkIntegration } from '../../compiler/src/pipeline.ts';
import { createNodeHost } from '../../compiler/src/source/node-host.ts';
import { findRules, listAllClosings } from './close-gate.ts';
import { GATES } from './closings.ts';
import { runClosings } from './run-closings.ts';

/** What this version has no gate for, or no gate is: shapes of the rules, and what is found of what was allowed. */
test('each gate of the design that a poll flow has is here', () => {
  expect(GATES.map(({ gate }) => gate).toSorted()).toEqual(
    'adds-per-change alert asks-another blank changes enum first found invalid later once page-shift pages quota replaces-unstated required-unstated shared-object status success type unmapped unmoved-field unsupported'.split(
      ' ',
    ),
  );
});

test.for(GATES)(
  'the gate $gate is open, and says where in the rules and in the description',
  async (gate) => {
    const rules = findRules(gate);
    const [, found] = await checkIntegration(createNodeHost(), rules);
    const errors = found.filter(({ severity }) => severity === 'error');

    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set([gate.gate]));
    for (const { at, related } of errors) {
      expect(basename(at.file)).toBe('integration.rules.yaml');
      const others = related.filter((place) => place.at.file !== at.file);
      expect(others.length > 0 ? 'a description' : (gate.withoutSpec ?? 'no description')).toBe(
        gate.withoutSpec ?? 'a description',
      );
    }
  },
);

test.for(listAllClosings())('$name: nothing is open any more', async ({ host, rules }) => {
  const [checked, found] = await checkIntegration(host, rules);

  expect(
    found.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code}: ${message}`),
  ).toEqual([]);
  expect(checked).toBeDefined();
});

test(
  'one service of each gate passes its own tests; npm run gates runs those of all, with their drills',
  { timeout: 300_000 },
  async () => {
    const first = GATES.flatMap(({ gate }) =>
      listAllClosings()
        .filter((one) => one.gate.gate === gate)
        .slice(0, 1),
    );
    const { failed, passed, services } = await runClosings(first, { withDrills: false });

    expect(failed).toEqual([]);
    expect(services).toBe(GATES.length);
    expect(passed).toBeGreaterThan(10 * GATES.length);
  },
);
