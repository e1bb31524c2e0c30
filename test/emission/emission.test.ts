import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readMarkdown } from '../../compiler/src/emit/page/read-markdown.ts';
import { emitServices, emitSoundCases } from '../emit-cases.ts';
import { joinBlocks, readByMarked } from '../page/compare-markdown.ts';
import { runEmittedTests } from '../run-emitted-tests.ts';
import { ROOT, runProcess } from '../run-process.ts';

/** Rules that between them use every form of emission, beside those of the sound cases. */
const NAMES = ['key', 'look-up', 'put', 'custom'];
/** What a client has written into `custom/` of the service of that name. */
const WRITTEN = ['reference.ts', 'title.ts', 'is-worth.ts'];
const FOLDER = join(ROOT, 'test/.tmp/emission');
/** A drill plays hours of virtual time: here are those of few services, and `npm run drills` plays them all. */
const DRILLED = ['ok-rules-about-failures', 'put'];

function isRun(path: string): boolean {
  return !path.includes('/test/drills/') || DRILLED.includes(path.split('/')[0] ?? '');
}

const cases = await emitSoundCases();
const others = await emitServices(
  new Map(NAMES.map((name) => [name, join(ROOT, 'test/emission/specs', `${name}.rules.yaml`)])),
);
const written = WRITTEN.map(
  (name) =>
    [`custom/custom/${name}`, readFileSync(join(ROOT, 'test/emission/custom', name), 'utf8')] as const,
);
const files = new Map([...cases, ...others, ...written]);
const services = [...new Set([...files.keys()].map((path) => path.split('/')[0] ?? ''))];

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(FOLDER, path)), { recursive: true });
    writeFileSync(join(FOLDER, path), text);
  }
});

test('every service has the same settings, so that one program may check and one run may test them all', () => {
  const listSettings = (path: string): string[] => [
    ...new Set(services.map((service) => files.get(`${service}/${path}`) ?? '')),
  ];

  expect(services).toEqual(expect.arrayContaining([...NAMES, 'ok-minimal']));
  expect(services.length).toBeGreaterThan(60);
  expect(listSettings('tsconfig.json')).toHaveLength(1);
  expect(listSettings('vitest.config.ts')).toEqual([
    expect.stringContaining("include: ['test/**/*.test.ts'],"),
  ]);
});

test('what a client has written stands where gen would have put a stub', () => {
  expect(written.filter(([path]) => !others.get(path)?.includes('is not written yet'))).toEqual([]);
});

test('every document is read for its page as marked reads it', () => {
  const documents = [...files].filter(([path]) => path.endsWith('.md'));

  expect(documents.length).toBeGreaterThan(400);
  for (const [path, text] of documents)
    expect(joinBlocks(readMarkdown(text)), path).toEqual(readByMarked(text));
});

test('the services type-check', { timeout: 300_000 }, async () => {
  const settings = JSON.parse(files.get('ok-minimal/tsconfig.json') ?? '') as {
    readonly compilerOptions: object;
    readonly include: readonly string[];
  };
  const include = settings.include.map((folder) => `*/${folder}`);
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify({ ...settings, include }));

  // What is wrong is said with its path, which begins with the service.
  expect(await runProcess(['tsc', '--noEmit', '-p', '.'], FOLDER)).toMatchObject({ text: '', code: 0 });
});

test('the services pass their own tests', { timeout: 300_000 }, async () => {
  const include = [
    '*/test/{contract,flows,mappings}/**/*.test.ts',
    ...DRILLED.map((name) => `${name}/test/drills/*.test.ts`),
  ];
  const { paths, failed, text } = await runEmittedTests(FOLDER, include, 1);

  expect(failed, text).toEqual([]);
  expect(paths.toSorted()).toEqual(
    [...files.keys()].filter((path) => path.endsWith('.test.ts') && isRun(path)).toSorted(),
  );
  expect(new Set(paths.map((path) => path.split('/')[0])).size).toBe(services.length);
});
