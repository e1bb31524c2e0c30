import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { VARIANCE_RULES } from '../../compiler/src/drift/variance-rules.ts';
import { ROOT } from '../run-process.ts';

const page = readFileSync(join(ROOT, 'compiler/docs/drift.md'), 'utf8');
const rows = [...page.matchAll(/^\| (V[QA]\d+) \| ([^|]+) \| (\w+) \| ([^|]+) \|/gm)].map(
  ([, id = '', change = '', level = '', theirs = '']) => ({ id, change, level, theirs: theirs.trim() }),
);

test('the page names every kind of change, with its level and what oasdiff gives it', () => {
  const kinds = Object.entries(VARIANCE_RULES).filter(([, { side }]) => side !== 'recording');

  expect(rows.map(({ id, change, level }) => [id, change, level])).toEqual(
    kinds.map(([id, { change, level }]) => [id, change, level]),
  );
  for (const { theirs } of rows) expect(theirs).toMatch(/ERR|WARN|INFO|not covered|nothing/);
});
