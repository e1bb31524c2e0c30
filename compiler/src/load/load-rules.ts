import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Result } from '../diagnostics/diagnostic.ts';
import type { RulesInput } from '../model/rules-input.ts';
import { keyAt, valueAt } from '../source/source-ref.ts';
import type { PathStep } from '../source/source-ref.ts';
import type { YamlFile } from '../source/yaml-file.ts';
import { explainIssue } from './explain-issue.ts';
import { explainProblem } from './explain-yaml.ts';
import { findSecrets } from './find-secrets.ts';
import { rulesSchema } from './rules-schema.ts';

/** The rules file's value, its shape checked; undefined where a finding forbids to go on. */
export function loadRules(yaml: YamlFile): Result<RulesInput | undefined> {
  const first = yaml.problems[0];
  if (first !== undefined) return [undefined, [explainProblem(yaml, first)]];
  const cut = yaml.cutExpressions.map(({ path, comment }) =>
    createDiagnostic('yaml-expression-comment', { comment }, valueAt(yaml.path, path), {
      fix: `${String(path.at(-1))}: |-\n  ${yaml.sourceText(path) ?? '='} #${comment}`,
    }),
  );
  const lost = findLostKeys(yaml.value, []).map((path) =>
    createDiagnostic('unknown-key', { key: '__proto__', near: '' }, keyAt(yaml.path, path)),
  );
  const shape = describeOtherShape(yaml.value);
  if (shape !== undefined)
    return [undefined, [createDiagnostic('invalid-value', { problem: shape }, valueAt(yaml.path, []))]];
  const parsed = rulesSchema.safeParse(yaml.value);
  if (!parsed.success) {
    const issues = parsed.error.issues.flatMap((issue) => explainIssue(yaml.path, yaml.value, issue));
    return [undefined, [...cut, ...lost, ...issues]];
  }
  const found = [...cut, ...lost, ...findSecrets(yaml.path, parsed.data)];
  return [found.length === 0 ? parsed.data : undefined, found];
}

/** What a file is that holds no map of keys, which would else be said key by key. */
function describeOtherShape(value: unknown): string | undefined {
  const way = 'Rules begin with "mortise: 1"; mortise init writes a file to start from.';
  if (value === null || value === undefined) return `This file is empty. ${way}`;
  if (typeof value !== 'object' || Array.isArray(value)) return `This file holds no map of keys. ${way}`;
  const keys = ['openapi', 'swagger'].filter((key) => Object.hasOwn(value, key));
  return keys.length > 0 ? `This is a description of an API, no file of rules. ${way}` : undefined;
}

/** The one key that reading the shape would drop without a word. */
function findLostKeys(node: unknown, path: readonly PathStep[]): PathStep[][] {
  if (typeof node !== 'object' || node === null) return [];
  const here = Object.hasOwn(node, '__proto__') ? [[...path, '__proto__']] : [];
  const below = Object.entries(node).flatMap(([key, child]) =>
    findLostKeys(child, [...path, Array.isArray(node) ? Number(key) : key]),
  );
  return [...here, ...below];
}
