import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readEnvironment } from './read-environment.ts';
import { readRate } from './read-rate.ts';

const SCHEMA = z.object({
  NAME: z.string(),
  PORT: z.coerce.number().int().default(1),
  TOKEN: z.string().min(8),
});

test('a setting comes from the environment, else from the file that is named for it', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'mortise-env-')), 'token');
  writeFileSync(file, 'from-a-file\n');
  expect(readEnvironment(SCHEMA, { NAME: 'a', TOKEN_FILE: file })).toEqual({
    NAME: 'a',
    PORT: 1,
    TOKEN: 'from-a-file',
  });
  expect(readEnvironment(SCHEMA, { NAME: 'a', TOKEN: 'from-the-environment', TOKEN_FILE: file }).TOKEN).toBe(
    'from-the-environment',
  );
});

test('all that is missing or wrong is said at once, and no value is shown', () => {
  const read = (): unknown =>
    readEnvironment(SCHEMA, { NAME: '', TOKEN: 'sh0rt', PORT_FILE: '/no/such/file' });
  expect(read).toThrow(/NAME is not set/);
  expect(read).toThrow(/PORT_FILE: the file \/no\/such\/file cannot be read \(ENOENT\)/);
  expect(read).toThrow(/TOKEN: /);
  expect(read).not.toThrow(/sh0rt/);
});

test.each([
  ['60 per 1m', { count: 60, perMs: 60_000 }],
  ['5 per 100ms', { count: 5, perMs: 100 }],
  ['1 per 2d', { count: 1, perMs: 172_800_000 }],
  ['60/m', undefined],
  [undefined, undefined],
])('the rate %s is %o', (text, rate) => {
  expect(readRate(text)).toEqual(rate);
});
