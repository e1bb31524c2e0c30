import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listProvenIds } from '../../runtime/src/testing/proof/proof.ts';
import { ROOT, runProcess } from '../run-process.ts';
import { DECIDED_BY_THE_RUNTIME, listFlips, listRowsOf, readRows } from './list-flips.ts';
import { MUTANTS } from './mutants.ts';
import { batchFlips } from './run-flips.ts';
import { SURVIVORS } from './survivors.ts';

test('the answer book and the drills name the same rows, each once', () => {
  const book = readFileSync(join(ROOT, 'generated/crm-to-ledger/docs/answers.md'), 'utf8');
  const ids = listProvenIds(book);

  expect(ids.length).toBeGreaterThan(60);
  expect(ids.toSorted()).toEqual(
    readRows()
      .map(({ id }) => id)
      .toSorted(),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test('every decision is taken otherwise, but for those that no text of the emitted code takes', () => {
  const flipped = listFlips().flatMap(listRowsOf);

  expect([...flipped, ...DECIDED_BY_THE_RUNTIME.keys()].toSorted()).toEqual(
    readRows()
      .map(({ id }) => id)
      .toSorted(),
  );
});

test('of any two decisions each is taken otherwise in a batch without the other', () => {
  const flips = listFlips();
  const batches = batchFlips(flips).map((batch) => new Set(batch));

  for (const one of flips)
    for (const other of flips)
      if (one !== other) expect(batches.some((batch) => batch.has(one) && !batch.has(other))).toBe(true);
});

test('there are enough mutants, each with a name of its own, and only mutants survive', () => {
  const names = MUTANTS.map(({ name }) => name);

  expect(names.length).toBeGreaterThanOrEqual(40);
  expect(new Set(names).size).toBe(names.length);
  expect([...SURVIVORS.keys()].filter((name) => !names.includes(name))).toEqual([]);
  expect(SURVIVORS.size / names.length).toBeLessThanOrEqual(0.05);
});

test('a sample of the decisions and of the mutants is seen by the emitted tests; all are tried by npm run mutants', async () => {
  const { code, text } = await runProcess(['node', 'test/mutants/main.ts', '--sample'], ROOT);

  expect(code, text).toBe(0);
  process.stdout.write(text);
});
