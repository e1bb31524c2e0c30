import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { valueAt } from '../source/source-ref.ts';
import type { YamlFile, YamlProblem } from '../source/yaml-file.ts';

/** What the YAML parser found, with the form to write where an expression or a path is the cause. */
export function explainProblem(yaml: YamlFile, problem: YamlProblem): Diagnostic {
  const at = { ...valueAt(yaml.path, []), raw: { start: problem.start, end: problem.end } };
  if (problem.kind === 'duplicate-key')
    return createDiagnostic('yaml-duplicate-key', { key: problem.key ?? '' }, at);
  if (problem.kind === 'too-large') return createDiagnostic('too-large', { problem: problem.message }, at);
  const code = problem.kind === 'unsupported' ? 'yaml-unsupported' : 'yaml-syntax';
  const said = sentence(problem.message);
  const { line: number, column } = yaml.lines.locate(problem.start);
  const line = yaml.lines.lineText(number);
  const inFlow = findInFlow(line, column - 1);
  if (inFlow !== undefined) {
    const what = inFlow.value.startsWith('=')
      ? 'An expression with ": ", brackets or braces'
      : 'A path with braces';
    const fix = `${inFlow.key}: ${quote(inFlow.value)}`;
    return createDiagnostic(code, { problem: `${said}. ${what} must be quoted inside { }.` }, at, { fix });
  }
  const expression = /^(\s*(?:- )?[\w.[\]"$-]+:)\s*(=.*)$/.exec(line);
  if (expression === null) return createDiagnostic(code, { problem: said }, at);
  const fix = `${expression[1]?.trim()} |-\n  ${expression[2]}`;
  return createDiagnostic(
    code,
    { problem: `${said}. An expression with ": " or "#" must be quoted or stand in a block.` },
    at,
    { fix },
  );
}

function sentence(message: string): string {
  if (/multiple documents/.test(message)) return 'a second document begins here, and a file holds one';
  return (message.split('\n')[0] ?? '').replace(/\.$/, '');
}

/** The expression or the operation in a flow map that the problem stands in. */
function findInFlow(
  line: string,
  column: number,
): { readonly key: string; readonly value: string } | undefined {
  const entries = [...line.matchAll(/[{,]\s*([\w.-]+):\s+(?==|[A-Z]+ \/)/g)];
  const entry = entries.findLast((match) => match.index + match[0].length <= column);
  if (entry === undefined) return undefined;
  return { key: entry[1] ?? '', value: readBalanced(line.slice(entry.index + entry[0].length)) };
}

/** As far as brackets balance: to the comma before the next key, or to the brace that ends the map. */
function readBalanced(text: string): string {
  let depth = 0;
  for (const [index, unit] of [...text].entries()) {
    if ('([{'.includes(unit)) depth += 1;
    if (')]}'.includes(unit)) depth -= 1;
    if (depth < 0 || (depth === 0 && unit === ',' && /^,\s*[\w.-]+:\s/.test(text.slice(index))))
      return text.slice(0, index).trim();
  }
  return text.trim();
}

function quote(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}
