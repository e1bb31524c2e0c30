import type { z } from 'zod';
import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { keyAt, valueAt } from '../source/source-ref.ts';
import type { PathStep } from '../source/source-ref.ts';
import { describeLanguage } from './describe-language.ts';
import { rulesSchema } from './rules-schema.ts';

type Issue = z.core.$ZodIssue;

/** What zod found wrong with the shape of the rules, as findings with a place. */
export function explainIssue(
  file: string,
  value: unknown,
  issue: Issue,
  above: readonly PathStep[] = [],
): Diagnostic[] {
  const path = [...above, ...(issue.path as PathStep[])];
  if (issue.code === 'invalid_union') {
    const branch = chooseBranch(value, path, issue);
    if (branch !== undefined) return branch.flatMap((inner) => explainIssue(file, value, inner, path));
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      createDiagnostic(
        'unknown-key',
        { key, near: hintForKey(key, path, value) },
        keyAt(file, [...path, key]),
      ),
    );
  }
  if (issue.code === 'invalid_type' && at(value, path) === undefined) {
    const key = String(path.at(-1) ?? '');
    return [createDiagnostic('missing-key', { key }, valueAt(file, path.slice(0, -1)), { fix: `${key}: …` })];
  }
  if (issue.code === 'invalid_union' && 'options' in issue)
    return [explainKind(file, path, at(value, path), issue.options as readonly string[])];
  const place = issue.code === 'invalid_key' ? keyAt(file, path) : valueAt(file, path);
  if (issue.code === 'invalid_union') {
    const known = listKeys();
    // What stands below a map is a field of somebody's own, whatever its name.
    const name = path.findLast(
      (step, index) => typeof step === 'string' && known.includes(step) && path[index - 1] !== 'map',
    );
    const problem = `This value has none of the shapes that are taken here${name === undefined ? '.' : `: mortise explain ${name}`}`;
    return [createDiagnostic('invalid-value', { problem }, place)];
  }
  return [createDiagnostic('invalid-value', { problem: sentence(issue) }, place)];
}

function explainKind(
  file: string,
  path: readonly PathStep[],
  given: unknown,
  kinds: readonly string[],
): Diagnostic {
  const name = String(path.at(-1) ?? '');
  if (given === undefined) {
    return createDiagnostic(
      'invalid-value',
      { problem: `The key "${name}" is missing. It is ${list(kinds)}.` },
      valueAt(file, path.slice(0, -1)),
      { fix: `${name}: …` },
    );
  }
  return createDiagnostic(
    'invalid-value',
    { problem: `This must be ${list(kinds)}.${didYouMean(String(given), kinds)}` },
    valueAt(file, path),
  );
}

/** Of the shapes that a value could have, the one that it comes nearest to: the fewest complaints below its own level. */
function chooseBranch(
  value: unknown,
  path: readonly PathStep[],
  issue: Extract<Issue, { code: 'invalid_union' }>,
): Issue[] | undefined {
  const given = at(value, path);
  if (issue.errors.length === 0 || given === undefined) return undefined;
  const isOfAnotherShape = ({ path: below, code }: Issue): boolean =>
    below.length === 0 &&
    (code === 'invalid_type' || (code === 'invalid_value' && typeof given === 'object'));
  const fitting = issue.errors.filter((errors) => !errors.some(isOfAnotherShape));
  return (fitting.length > 0 ? fitting : []).toSorted((left, right) => left.length - right.length)[0];
}

function hintForKey(key: string, path: readonly PathStep[], value: unknown): string {
  if (/[()`'"?]|=>/.test(key)) return ' If it is part of an expression, quote the whole expression: "=…".';
  return didYouMean(key, knownKeys(value, path));
}

/** The keys that the language has at a path, found by asking the schema with a key that no language has. */
function knownKeys(value: unknown, path: readonly PathStep[]): readonly string[] {
  const probe = structuredClone(value);
  const holder = at(probe, path);
  if (typeof holder !== 'object' || holder === null) return [];
  return listKeys()
    .filter((key) => !Object.hasOwn(holder, key))
    .filter((key) => {
      const copy = structuredClone(value);
      (at(copy, path) as Record<string, unknown>)[key] = undefined;
      const found = rulesSchema.safeParse(copy).error?.issues ?? [];
      return !JSON.stringify(found).includes(`"keys":["${key}"]`) && !namesKey(found, key);
    });
}

function namesKey(issues: readonly Issue[], key: string): boolean {
  return issues.some((issue) => issue.code === 'unrecognized_keys' && issue.keys.includes(key));
}

/** Every key of the language, wherever it stands. */
function listKeys(): readonly string[] {
  return [...new Set(describeLanguage().flatMap(({ keys }) => keys.map((entry) => entry.name)))];
}

/** What the schema says itself where it has words of its own; else zod's codes in the words of whoever writes YAML. */
function sentence(issue: Issue): string {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  if (!ZODS_OWN.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_value':
      return `This must be ${list(issue.values.map(String))}.`;
    case 'invalid_type':
      return `This must be ${KINDS[issue.expected] ?? issue.expected}.`;
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'This is empty.'
        : `This must be at least ${issue.minimum}.`;
    case 'too_big':
      return `This must be at most ${issue.maximum}.`;
    default:
      return issue.message;
  }
}

/** How the messages begin that zod writes where the schema brings none. */
const ZODS_OWN = /^(?:Invalid|Too (?:small|big)|Unrecognized)\b/;

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

function list(values: readonly string[]): string {
  if (values.length < 2) return values.join('');
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

function at(value: unknown, path: readonly PathStep[]): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<PathStep, unknown>)[step];
  }
  return current;
}
