import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { TRANSFORMS } from '../compiler/src/check/transform-catalog.ts';
import {
  exportsLoosely,
  findCycle,
  followImport,
  listReexportedNames,
  packageOf,
  readSources,
} from './read-sources.ts';
import type { SourceText } from './read-sources.ts';

const FOLDERS = 'source diagnostics model load resolve check plan emit write pipeline cli'.split(' ');

/** Each library and the only file that imports it; a folder where two files belong together. */
const COMPILER_LIBRARIES = {
  croner: 'source/cron.ts',
  diff: 'write/diff-output.ts',
  handlebars: 'emit/text/render-template.ts',
  'js-yaml': 'load/parse-description.ts',
  'jsonpath-rfc9535': 'load/apply-overlay.ts',
  'node:fs': 'source/node-host.ts',
  'node:child_process': 'source/git-host.ts',
  'openapi-typescript': 'check/declare-types.ts',
  prettier: 'emit/text/format-code.ts',
  'ts-morph': 'check/type-oracle.ts',
  // Parsing, and the place of a unit of a scalar in the text.
  yaml: 'source/',
  yargs: 'cli/main.ts',
  // The schema of the rules, and what is said about a value that does not fit it.
  zod: 'load/',
};

const RUNTIME_LIBRARIES = {
  'big.js': 'transforms/decimal.ts',
  croner: 'schedule/next-reading.ts',
  'csv-parse': 'formats/csv-format.ts',
  'fast-xml-parser': 'formats/parse-xml.ts',
  fastify: 'ops/server.ts',
  htmlparser2: 'transforms/plain-text.ts',
  'i18n-iso-countries': 'transforms/country.ts',
  jose: 'auth/sign-assertion.ts',
  'libphonenumber-js': 'transforms/phone.ts',
  'lossless-json': 'exact-json.ts',
  nock: 'testing/run-on-recordings.ts',
  'node:sqlite': 'store/',
  nodemailer: 'alerts/email-channel.ts',
  pino: 'log/create-log.ts',
  'prom-client': 'ops/metrics.ts',
  undici: 'http/undici-transport.ts',
  yaml: 'testing/rules-oracle.ts',
};

/** Where a value is held against a format or a schema. */
const ZOD_IN_RUNTIME = [
  'map/find-broken-bound.ts',
  'read-environment.ts',
  'testing/oracle-transforms.ts',
  'transforms/currency.ts',
  'transforms/text.ts',
];

/** Tests, and the suite that every store must pass. */
const isTest = ({ path }: SourceText): boolean => /\.test\.ts$|\/store-contract[^/]*$/.test(path);
const compiler = readSources('compiler/src/**/*.ts').filter((source) => !isTest(source));
const runtime = readSources('runtime/src/**/*.ts').filter((source) => !isTest(source));
const generated = readSources('generated/*/**/*.ts').filter(({ path }) => !path.includes('/custom/'));
const own = readSources('{compiler,runtime}/{src,bin}/**/*.ts');
const tests = readSources('test/**/*.ts').filter(({ path }) => !path.startsWith('test/.tmp/'));
const exported = readSources('runtime/src/{index,testing/index}.ts');

test('a folder of the compiler imports only folders to its left', () => {
  const folderOf = (path: string): string => /^compiler\/src\/(\w+)/.exec(path)?.[1] ?? '';
  const wrong = compiler.flatMap(({ path, imports }) => {
    const targets = imports.flatMap((entry) => followImport(path, entry) ?? []);
    return targets
      .filter((target) => FOLDERS.indexOf(folderOf(target)) > FOLDERS.indexOf(folderOf(path)))
      .map((target) => `${path} imports ${target}`);
  });

  expect([...new Set(compiler.map(({ path }) => folderOf(path)))].toSorted()).toEqual(FOLDERS.toSorted());
  expect(wrong).toEqual([]);
});

test.for([
  ['compiler', compiler],
  ['runtime', runtime],
] as const)('the %s has no circle of imports', ([, sources]) => {
  expect(sources.length).toBeGreaterThan(20);
  expect(findCycle(sources)).toEqual([]);
});

test('a circle of imports is found', () => {
  const sources = [
    { path: 'a/one.ts', text: '', imports: ['./two.ts'] },
    { path: 'a/two.ts', text: '', imports: ['../b/three.ts'] },
    { path: 'b/three.ts', text: '', imports: ['../a/two.ts'] },
  ];

  expect(findCycle(sources)).toEqual(['a/two.ts', 'b/three.ts', 'a/two.ts']);
});

test.for(Object.entries(COMPILER_LIBRARIES))(
  'in the compiler, %s is imported by %s alone',
  ([library, place]) => {
    expectOnlyImporter(compiler, library, `compiler/src/${place}`);
  },
);

test.for(Object.entries(RUNTIME_LIBRARIES))(
  'in the runtime, %s is imported by %s alone',
  ([library, place]) => {
    expectOnlyImporter(runtime, library, `runtime/src/${place}`);
  },
);

test('in the runtime, zod is imported only where values are held against a schema', () => {
  const importers = importersOf(runtime, 'zod').map((path) => path.slice('runtime/src/'.length));

  expect(importers.filter((path) => !ZOD_IN_RUNTIME.includes(path))).toEqual([]);
});

test('no other library is imported', () => {
  const known = new Set([...Object.keys(COMPILER_LIBRARIES), ...Object.keys(RUNTIME_LIBRARIES), 'zod']);
  const others = [...compiler, ...runtime].flatMap(({ path, imports }) =>
    imports
      .flatMap((entry) => packageOf(entry) ?? [])
      .filter((library) => !library.startsWith('node:') && !known.has(library))
      .map((library) => `${path} imports ${library}`),
  );

  expect(others).toEqual([]);
});

test('the compiler and the runtime never import each other', () => {
  const foreign = [...compiler, ...runtime].flatMap(({ path, imports }) => {
    const [side = ''] = path.split('/');
    return imports
      .map((entry) => followImport(path, entry) ?? entry)
      .filter(
        (target) =>
          target.startsWith('@mortise/') ||
          target === 'mortise' ||
          (/^(?:compiler|runtime)\//.test(target) && !target.startsWith(`${side}/src/`)),
      )
      .map((target) => `${path} imports ${target}`);
  });

  expect(foreign).toEqual([]);
});

test('the runtime reads no environment but the switch that turns nock off', () => {
  const readers = runtime.flatMap(({ path, text }) =>
    text
      .split('\n')
      .filter((line) => line.replace(/(?:\/\/|^\s*\*|^\/\*\*).*$/, '').includes('process.env'))
      .map((line) => `${path}: ${line.trim()}`),
  );

  expect(
    readers.filter((line) => !/^runtime\/src\/testing\/.*process\.env\['NOCK_OFF'\]/.test(line)),
  ).toEqual([]);
});

test('generated code imports only the runtime, zod, vitest and its own files', () => {
  const wrong = generated.flatMap(({ path, imports }) => {
    const root = path.split('/').slice(0, 2).join('/');
    const isInTest = path.startsWith(`${root}/test/`) || path === `${root}/vitest.config.ts`;
    const allowed = isInTest
      ? ['@mortise/runtime', '@mortise/runtime/testing', 'vitest', 'vitest/config']
      : ['@mortise/runtime', 'zod'];
    return imports
      .filter((entry) => !(followImport(path, entry)?.startsWith(`${root}/`) ?? allowed.includes(entry)))
      .map((entry) => `${path} imports ${entry}`);
  });

  expect(generated.length).toBeGreaterThan(0);
  expect(wrong).toEqual([]);
});

test('nothing is exported by default or by a star', () => {
  const wrong = [...own, ...tests, ...generated]
    .filter(({ path }) => posix.basename(path) !== 'vitest.config.ts')
    .filter(exportsLoosely);

  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test('no file is longer than 400 lines', () => {
  const lengths = [...own, ...tests].map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
  const long = lengths.filter(({ lines }) => lines > 250).map(({ path, lines }) => `${path}: ${lines}`);

  expect(
    lengths.filter(({ lines }) => lines > 400),
    `longer than 250 lines: ${long.join(', ')}`,
  ).toEqual([]);
});

test('every file is named in kebab-case', () => {
  const wrong = [...own, ...tests, ...generated].filter(
    ({ path }) =>
      !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:rule|test|config|faults))?\.ts$/.test(posix.basename(path)),
  );

  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test('the runtime exports the function of every transform', () => {
  const names = exportsOf('runtime/src/index.ts');
  const missing = Object.values(TRANSFORMS).filter(({ runtimeName }) => !names.includes(runtimeName));

  expect(missing.map(({ runtimeName }) => runtimeName)).toEqual([]);
});

test.for([
  ['src/main.ts', 80],
  ['src/flows/*.ts', 150],
  ['src/mappings/*.ts', 100],
] as const)('a generated %s has at most %i lines', ([pattern, limit]) => {
  const files = readSources(`generated/*/${pattern}`);
  const long = files.filter(({ text }) => text.split('\n').length - 1 > limit);

  expect(files.length).toBeGreaterThan(0);
  expect(long.map(({ path }) => path)).toEqual([]);
});

function exportsOf(path: string): string[] {
  return exported.filter((source) => source.path === path).flatMap(listReexportedNames);
}

function importersOf(sources: readonly SourceText[], library: string): string[] {
  return sources
    .filter(({ imports }) => imports.some((entry) => packageOf(entry) === library))
    .map(({ path }) => path);
}

function expectOnlyImporter(sources: readonly SourceText[], library: string, place: string): void {
  const importers = importersOf(sources, library);
  if (place.endsWith('/')) expect(importers.filter((path) => !path.startsWith(place))).toEqual([]);
  else expect(importers).toEqual([place]);
  expect(importers.length).toBeGreaterThan(0);
}
