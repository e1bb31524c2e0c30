import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the drills of a service have shown, and on which files: `proof.json`, and `proof.js` for the documents' page. */
export interface Proof {
  readonly integration: string;
  /** ISO 8601, when the tests ended. */
  readonly at: string;
  /** Each row of the answer book by its name. `missing`: the book names it, and no test of that name has run. */
  readonly rows: Readonly<Record<string, 'passed' | 'failed' | 'missing'>>;
  /** Names of tests that no row of the book names. */
  readonly orphans: readonly string[];
  readonly files: {
    /** SHA-256 over the paths and texts of all files that Mortise wrote, as they were when the tests ran. */
    readonly hash: string;
    /** Those that differ from what Mortise wrote. */
    readonly changed: readonly string[];
  };
  /** What the systems answered in the drills was made up from their descriptions. */
  readonly synthetic: boolean;
  /** How many of the recorded exchanges are made up, too. */
  readonly recordings: { readonly all: number; readonly synthetic: number };
}

export type DrillResults = ReadonlyMap<string, 'passed' | 'failed'>;

/** @param folder of the generated service */
export function createProof(folder: string, results: DrillResults, at: Date): Proof {
  const lock = JSON.parse(readFileSync(join(folder, 'mortise.lock.json'), 'utf8')) as {
    readonly integration: string;
    readonly files: Readonly<Record<string, string>>;
  };
  const ids = listProvenIds(readFileSync(join(folder, 'docs/answers.md'), 'utf8'));
  return {
    integration: lock.integration,
    at: at.toISOString(),
    rows: Object.fromEntries(ids.map((id) => [id, results.get(id) ?? 'missing'])),
    orphans: [...results.keys()].filter((id) => !ids.includes(id)),
    files: hashFiles(folder, lock.files),
    synthetic: listExchanges(join(folder, 'test/drills'), /\.world\.json$/).some(isSynthetic),
    recordings: countRecordings(join(folder, 'recordings')),
  };
}

/** The names in the last cells of the answer book's tables. */
export function listProvenIds(book: string): string[] {
  const cells = book
    .split('\n')
    .flatMap((line) => /^\|.*(?<!\\)\|(?<last>[^|]*)\|$/.exec(line)?.groups?.['last'] ?? []);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, id = '']) => id));
}

function hashFiles(folder: string, files: Readonly<Record<string, string>>): Proof['files'] {
  const all = createHash('sha256');
  const changed: string[] = [];
  for (const [path, expected] of Object.entries(files)) {
    const place = join(folder, path);
    const hash = existsSync(place) ? createHash('sha256').update(readFileSync(place)).digest('hex') : '';
    all.update(`${path}\0${hash}\n`);
    if (hash !== expected) changed.push(path);
  }
  return { hash: all.digest('hex'), changed };
}

function countRecordings(folder: string): Proof['recordings'] {
  const exchanges = listExchanges(folder, /\.json$/);
  return { all: exchanges.length, synthetic: exchanges.filter(isSynthetic).length };
}

function listExchanges(folder: string, name: RegExp): unknown[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => name.test(path));
  return files.map((path) => JSON.parse(readFileSync(join(folder, path), 'utf8')) as unknown);
}

function isSynthetic(value: unknown): boolean {
  return (value as { readonly synthetic?: boolean } | null)?.synthetic === true;
}

/** A script that a page can load from a folder, where it may not read a file. */
export function renderProofScript(proof: Proof): string {
  const text = JSON.stringify(proof, null, 2).replaceAll('<', String.raw`\u003c`);
  return `globalThis.mortiseProof = ${text};\n`;
}

/** What keeps the build from passing beside a failed test; empty where every row is proved. */
export function listGaps({ rows, orphans }: Proof): string[] {
  const missing = Object.entries(rows).flatMap(([id, state]) => (state === 'missing' ? [id] : []));
  return [
    ...missing.map((id) => `The answer book names the drill "${id}", and no test of that name has run.`),
    ...orphans.map((id) => `The test "${id}" proves no row of the answer book.`),
  ];
}
