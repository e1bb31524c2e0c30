import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.ts';
import type { RulesInput } from '../model/rules-input.ts';
import { valueAt } from '../source/source-ref.ts';
import type { YamlFile, YamlProblem } from '../source/yaml-file.ts';
import { explainIssue } from './explain-issue.ts';
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
  const parsed = rulesSchema.safeParse(yaml.value);
  if (!parsed.success) {
    const issues = parsed.error.issues.flatMap((issue) => explainIssue(yaml.path, yaml.value, issue));
    return [undefined, [...cut, ...issues]];
  }
  const found = [...cut, ...findSecrets(yaml.path, parsed.data)];
  return [found.length === 0 ? parsed.data : undefined, found];
}

export function explainProblem(yaml: YamlFile, problem: YamlProblem): Diagnostic {
  const at = { ...valueAt(yaml.path, []), raw: { start: problem.start, end: problem.end } };
  if (problem.kind === 'duplicate-key') return createDiagnostic('yaml-duplicate-key', { key: problem.key ?? '' }, at);
  if (problem.kind === 'too-large') return createDiagnostic('too-large', { problem: problem.message }, at);
  const code = problem.kind === 'unsupported' ? 'yaml-unsupported' : 'yaml-syntax';
  const line = yaml.lines.lineText(yaml.lines.locate(problem.start).line);
  const expression = /^(\s*(?:- )?[\w.[\]"$-]+:)\s*(=.*)$/.exec(line);
  const text = { problem: problem.message.split('\n')[0] ?? '' };
  if (expression === null) return createDiagnostic(code, text, at);
  const fix = `${expression[1]?.trim()} |-\n  ${expression[2]}`;
  return createDiagnostic(code, { problem: `${text.problem} An expression with ": " or "#" must be quoted or stand in a block.` }, at, { fix });
}
