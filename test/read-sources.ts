import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

export const ROOT = join(import.meta.dirname, '..');

export interface SourceText {
  /** Below the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  /** What it imports: values and types, static and dynamic. */
  readonly imports: readonly string[];
}

/** TypeScript files below a folder of the repository. @param pattern as `globSync` reads it */
export function readSources(pattern: string): SourceText[] {
  const paths = globSync(pattern, { cwd: ROOT, exclude: (path) => path.includes('node_modules') }).toSorted();
  return paths.map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const imports = ts.preProcessFile(text, true, true).importedFiles.map((entry) => entry.fileName);
    return { path, text, imports: [...new Set(imports)] };
  });
}

/** The repository's file that a relative import names; undefined for a package. */
export function followImport(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;
}

/** `prettier` of `prettier/plugins/estree`, `@mortise/runtime` of `@mortise/runtime/testing`. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.')) return undefined;
  if (specifier.startsWith('node:')) return specifier;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The first circle of imports that is found, as the files in it. */
export function findCycle(sources: readonly SourceText[]): readonly string[] {
  const imports = new Map(
    sources.map(({ path, imports: named }) => [
      path,
      named.flatMap((entry) => followImport(path, entry) ?? []),
    ]),
  );
  const done = new Set<string>();
  const visit = (path: string, above: readonly string[]): readonly string[] => {
    if (above.includes(path)) return [...above.slice(above.indexOf(path)), path];
    if (done.has(path)) return [];
    for (const next of imports.get(path) ?? []) {
      const cycle = visit(next, [...above, path]);
      if (cycle.length > 0) return cycle;
    }
    done.add(path);
    return [];
  };
  for (const { path } of sources) {
    const cycle = visit(path, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

/** Names that a file exports from others: `export { a } from './b.ts'`. */
export function listReexportedNames({ path, text }: SourceText): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return file.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) return [];
    return ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map((element) => element.name.text)
      : [];
  });
}

/** Whether a file exports by default or by a star; text inside templates does not count. */
export function exportsLoosely({ path, text }: SourceText): boolean {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return file.statements.some((statement) => {
    if (ts.isExportAssignment(statement)) return true;
    if (ts.isExportDeclaration(statement)) return statement.exportClause === undefined;
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    return modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword);
  });
}
