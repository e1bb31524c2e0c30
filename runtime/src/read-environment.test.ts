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

test('what a copy brings along around a setting is no part of it, and nothing else is none', () => {
  const read = (NAME: string): unknown => readEnvironment(SCHEMA, { NAME, TOKEN: ' 12345678\r\n' });
  expect(read('a')).toEqual({ NAME: 'a', PORT: 1, TOKEN: '12345678' });
  expect(() => read('  \n')).toThrow(/NAME is not set/);
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
  [{ MORTISE_PORT: '70000' }, 'MORTISE_PORT: write a number of at most 65535'],
  [{ MORTISE_PORT: '-1' }, 'MORTISE_PORT: write a number of at least 0'],
  [{ MORTISE_PORT: '80.5' }, 'MORTISE_PORT: write a whole number'],
  [{ MORTISE_PORT: 'http' }, 'MORTISE_PORT: write a number in digits'],
  [{ LOG_LEVEL: 'verbose' }, 'LOG_LEVEL: write debug or info or silent'],
  [{ URL: 'example' }, 'URL: write a URL'],
])('what is wrong with %o is said as what to write instead', (given, message) => {
  const schema = z.object({
    MORTISE_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
    LOG_LEVEL: z.enum(['debug', 'info', 'silent']).default('info'),
    URL: z.url('write a URL').default('https://a.example'),
  });
  const lines = (): string[] => {
    try {
      return [JSON.stringify(readEnvironment(schema, given))];
    } catch (error) {
      return (error as Error).message.split('\n');
    }
  };
  expect(lines().slice(1, -1)).toEqual([`  - ${message}`]);
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
