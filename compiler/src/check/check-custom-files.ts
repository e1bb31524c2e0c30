import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CustomInput } from '../model/rules-input.ts';
import { keyAt, valueAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { printCustomType, printSignature } from './custom-calls.ts';
import { checkHandWritten } from './type-oracle.ts';

/** A hand-written file that the service imports. */
export interface WantedFile {
  /** Below the service's folder: `custom/company-name.ts`. */
  readonly path: string;
  /** What a stub that nobody has filled says. */
  readonly mark: string;
  /** What it means that nobody has filled it. */
  readonly effect: string;
  /** The name of the function. */
  readonly name: string;
  /** Its types; undefined where only the service can check them. */
  readonly input: CustomInput | undefined;
  /** The rule that wants it. */
  readonly at: SourceRef;
}

/**
 * What is wrong with the hand-written files of a service: of another type than the rules declare, still a stub, or not
 * used. They are read as text and never run.
 * @param files the texts below `custom/`, by path below the service's folder; a stub that is about to be written is none
 * @param nameFile the absolute path of such a file
 */
export function checkCustomFiles(
  wanted: readonly WantedFile[],
  files: ReadonlyMap<string, string>,
  nameFile: (path: string) => string,
): Diagnostic[] {
  const at = (path: string, start: number, end: number): SourceRef => ({
    ...valueAt(nameFile(path), []),
    raw: { start, end },
  });
  const unwritten = wanted.flatMap(({ path, mark, effect, at: rule }) => {
    const start = files.get(path)?.indexOf(mark) ?? 0;
    if (start === -1) return [];
    // What is only now written has no place of its own yet.
    const place = files.has(path) ? at(path, start, start + mark.length) : rule;
    return [createDiagnostic('custom-unwritten', { path, effect }, place)];
  });
  const used = reachFiles(wanted, files);
  const unused = [...files.keys()]
    .filter((path) => /(?<!\.test|\.d)\.ts$/.test(path) && !used.has(path))
    .map((path) => createDiagnostic('unused-custom', { what: path }, at(path, 0, 1)));
  return [...checkTypes(wanted, files, at), ...unwritten, ...unused];
}

function checkTypes(
  wanted: readonly WantedFile[],
  files: ReadonlyMap<string, string>,
  at: (path: string, start: number, end: number) => SourceRef,
): Diagnostic[] {
  const present = wanted.flatMap(({ path, name, input, at: rule }) =>
    input !== undefined && files.has(path) ? [{ path, name, input, rule }] : [],
  );
  if (present.length === 0) return [];
  const answers = checkHandWritten(
    files,
    present.map(({ path, name, input }) => ({ exported: { path, name }, wanted: printSignature(input) })),
  );
  return present.flatMap(({ path, name, input, rule }, index) => {
    const { misfit, problems = [] } = answers[index] ?? {};
    if (misfit === undefined)
      return problems.map(({ message, span }) =>
        createDiagnostic('custom-type', { problem: message }, at(path, span.start, span.end)),
      );
    const problem = `${path} is not what the rules declare as custom.${name}: ${misfit.message}`;
    const related = [{ at: keyAt(rule.file, rule.path), message: 'declared here' }];
    const fix = printDeclaration(name, input);
    const { start, end } = misfit.span;
    return [createDiagnostic('custom-type', { problem }, at(path, start, end), { related, fix })];
  });
}

function printDeclaration(name: string, { takes, gives }: CustomInput): string {
  const parameters = Object.entries(takes).map(([given, type]) => `${given}: ${printCustomType(type)}`);
  return `export function ${name}(${parameters.join(', ')}): ${printCustomType(gives)} {`;
}

/** The wanted files, and those that they import below `custom/`. */
function reachFiles(wanted: readonly WantedFile[], files: ReadonlyMap<string, string>): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = wanted.map(({ path }) => path);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    const folder = path.slice(0, path.lastIndexOf('/'));
    const imports = (files.get(path) ?? '').matchAll(/\b(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g);
    waiting.push(...[...imports].map((match) => joinPath(folder, match[1] ?? '')));
  }
  return reached;
}

function joinPath(folder: string, relative: string): string {
  const steps = folder.split('/');
  for (const step of relative.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.') steps.push(step);
  }
  return steps.join('/');
}
