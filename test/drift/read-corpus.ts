import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { findDrift } from '../../compiler/src/drift/find-drift.ts';
import { loadWorkspace } from '../../compiler/src/load/load-workspace.ts';
import type { CheckedModel } from '../../compiler/src/model/checked-model.ts';
import type { Workspace } from '../../compiler/src/model/workspace.ts';
import { checkIntegration } from '../../compiler/src/pipeline.ts';
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
  const { checked, before, after } = await prepareCase(given);
  return findDrift(checked, before, after).map(({ level, id, uses }) =>
    [level, id, uses.map(({ at }) => formatPath(at.path)).join(', ')].join(' ').trim(),
  );
}

interface PreparedCase {
  readonly checked: CheckedModel;
  readonly before: Workspace;
  readonly after: Workspace;
}

const prepared = new Map<DriftCase, PreparedCase>();

/** Reading the rules takes longer than comparing, and is the same however often a case is compared. */
async function prepareCase(given: DriftCase): Promise<PreparedCase> {
  const known = prepared.get(given);
  if (known !== undefined) return known;
  const base = parse(read(`${given.in}.yaml`)) as object;
  const older = edit(base, given.was ?? {});
  const [left, right] = [hostOf(given, older), hostOf(given, edit(older, given.is))];
  const [ofOlder] = await checkIntegration(left, RULES);
  const [checked, found] = ofOlder === undefined ? await checkIntegration(right, RULES) : [ofOlder, []];
  const [[before], [after]] = [loadWorkspace(left, RULES), loadWorkspace(right, RULES)];
  if (checked === undefined || before === undefined || after === undefined)
    throw new Error(`${given.name}: ${found.map(({ code, message }) => `${code}: ${message}`).join('\n')}`);
  const made = { checked, before, after };
  prepared.set(given, made);
  return made;
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
