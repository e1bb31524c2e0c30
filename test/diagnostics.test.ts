import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalog, isCode } from '../compiler/src/diagnostics/catalog.ts';
import { checkIntegration } from '../compiler/src/pipeline.ts';
import { createMemoryHost } from '../compiler/src/source/memory-host.ts';
import { parseYamlFile } from '../compiler/src/source/yaml-file.ts';

const pagesFolder = join(import.meta.dirname, '../compiler/src/diagnostics/docs');
const codes = Object.keys(catalog).toSorted();
const pages = readdirSync(pagesFolder).filter((file) => file.endsWith('.md'));

/** Said by the stage `write` and by `drift`, which have tests of their own. */
const OTHER_CODES = codes.filter((code) => /^(?:output|drift)-|^hand-edited$/.test(code));
/** Said of hand-written files by `gen`: test/custom-code.test.ts. */
const CUSTOM_CODES = ['custom-type', 'custom-unwritten'];
/** Its smallest input has 50 MB, so it is made below and not kept in a folder. */
const MADE_HERE = ['too-large'];

test('every code has a page and every page a code', () => {
  expect(pages.map((file) => file.replace(/\.md$/, '')).toSorted()).toEqual(codes);
});

test.for(pages)('%s begins with its code and says why, how and what instead', (file) => {
  const text = readFileSync(join(pagesFolder, file), 'utf8');
  const lines = text.trimEnd().split('\n');

  expect(lines[0]).toBe(`# ${file.replace(/\.md$/, '')}`);
  expect(lines.filter((line) => /^\*\*(?:Why\.|Fix\.|Instead of|Use)\*\*/.test(line))).toHaveLength(4);
  expect(lines.filter((line) => line === '```yaml')).toHaveLength(2);
  expect(lines.length).toBeLessThanOrEqual(25);
});

test.for(pages)('%s recommends YAML that can be read', (file) => {
  const text = readFileSync(join(pagesFolder, file), 'utf8');
  const recommended = /\*\*Use\*\*\n\n```yaml\n(.*?)```/s.exec(text)?.[1] ?? '';
  const { problems, cutExpressions } = parseYamlFile(file, recommended);

  expect(recommended).not.toBe('');
  expect(problems).toEqual([]);
  expect(cutExpressions).toEqual([]);
});

test('the page on harmless repeats says what an index that lags is, and what is needed then', () => {
  const text = readFileSync(join(pagesFolder, 'once.md'), 'utf8');

  expect(text).toMatch(
    /index that is filled some time after the write.*`settle`.*`probes`.*Leave both out only where/,
  );
  expect(text).toMatch(/kind: look-up, .*settle: \d+s, probes: \d/);
});

test('every code is expected by at least one case', () => {
  const files = globSync('cases/*/expected.txt', { cwd: import.meta.dirname });
  const texts = files.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'));
  const expected = new Set(
    texts.flatMap((text) => [...text.matchAll(/ (?:error|warning) ([a-z-]+): /g)].map((match) => match[1])),
  );
  const missing = codes.filter(
    (code) =>
      !expected.has(code) &&
      !OTHER_CODES.includes(code) &&
      !CUSTOM_CODES.includes(code) &&
      !MADE_HERE.includes(code),
  );

  expect(missing).toEqual([]);
});

test('no case expects a code that the catalog does not have', () => {
  const files = globSync('cases/*/expected.txt', { cwd: import.meta.dirname });
  const lines = files.flatMap((file) =>
    readFileSync(join(import.meta.dirname, file), 'utf8')
      .trimEnd()
      .split('\n'),
  );
  const unknown = lines.filter((line) => !isCode(/ (?:error|warning) ([a-z-]+): /.exec(line)?.[1] ?? ''));

  expect(unknown).toEqual([]);
});

test('a description of more than 50 MB is refused', async () => {
  const rules = readFileSync(join(import.meta.dirname, 'cases/ok-minimal/integration.rules.yaml'), 'utf8');
  const host = createMemoryHost({
    '/rules/case/integration.rules.yaml': rules,
    '/rules/_specs/crm.yaml': ' '.repeat(50_000_001),
    '/rules/_specs/ledger.yaml': readFileSync(join(import.meta.dirname, 'cases/_specs/ledger.yaml'), 'utf8'),
  });

  const [checked, found] = await checkIntegration(host, '/rules/case/integration.rules.yaml');

  expect(checked).toBeUndefined();
  expect(found.map(({ code, at }) => ({ code, path: at.path }))).toEqual([
    { code: 'too-large', path: ['systems', 'crm', 'spec'] },
  ]);
});
