import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Variance } from '../../compiler/src/drift/variance.ts';
import { compareDescriptions } from '../../compiler/src/pipeline.ts';
import { createMemoryHost } from '../../compiler/src/source/memory-host.ts';
import { formatPath } from '../../compiler/src/source/source-ref.ts';

const FOLDER = join(import.meta.dirname, 'corpus');
const RULES = '/corpus/drift.rules.yaml';

/** Two descriptions that differ in one thing, and what is to be said of it, written by hand. */
export interface DriftCase {
  readonly name: string;
  /** The system whose description changes. */
  readonly in: 'crm' | 'ledger';
  /** By JSON pointer: set in both descriptions. Null takes the place out. */
  readonly was?: Edits;
  /** Set in the newer one alone. */
  readonly is: Edits;
  /** `LEVEL ID rule, rule`. */
  readonly expect: readonly string[];
}

type Edits = Readonly<Record<string, unknown>>;

export function readCases(file: string): readonly DriftCase[] {
  return parse(readFileSync(join(FOLDER, file), 'utf8')) as DriftCase[];
}

/** What is found of a case, in the form of its labels. */
export async function runCase(given: DriftCase): Promise<readonly string[]> {
  const variances = await findCase(given);
  return variances.map(({ level, id, uses }) =>
    [level, id, uses.map(({ at }) => formatPath(at.path)).join(', ')].join(' ').trim(),
  );
}

export async function findCase(given: DriftCase): Promise<readonly Variance[]> {
  const base = parse(read(`${given.in}.yaml`)) as object;
  const before = edit(base, given.was ?? {});
  const after = edit(before, given.is);
  const report = await compareDescriptions(RULES, {
    before: hostOf(given, before),
    after: hostOf(given, after),
    recordings: undefined,
  });
  if (report.kind !== 'compared')
    throw new Error(
      `${given.name}: ${report.found.map(({ code, message }) => `${code}: ${message}`).join('\n')}`,
    );
  return report.variances;
}

function hostOf({ in: system }: DriftCase, description: object) {
  const files = ['crm', 'ledger'].map((name) => [
    `/corpus/${name}.yaml`,
    name === system ? stringify(description) : read(`${name}.yaml`),
  ]);
  return createMemoryHost({ ...Object.fromEntries(files), [RULES]: read('drift.rules.yaml') });
}

function read(file: string): string {
  return readFileSync(join(FOLDER, file), 'utf8');
}

/** A copy with each place set or taken out. */
export function edit(base: object, edits: Edits): object {
  const root = structuredClone(base) as Node;
  for (const [pointer, value] of Object.entries(edits)) {
    const steps = pointer
      .slice(1)
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = steps.pop() ?? '';
    let holder = root;
    for (const step of steps) holder = (holder[step] ??= {}) as Node;
    if (value !== null) holder[last] = value;
    else if (Array.isArray(holder)) holder.splice(Number(last), 1);
    else if (last in holder) delete holder[last];
    else throw new Error(`${pointer} is not there`);
  }
  return root;
}

type Node = Record<string, unknown>;
