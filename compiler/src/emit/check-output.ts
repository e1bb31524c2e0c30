import { listStatementKinds } from '../check/type-oracle.ts';
import { invariant } from '../diagnostics/invariant.ts';
import type { OutputFile } from '../model/output-file.ts';

const SOURCE_KINDS = new Set([
  'ImportDeclaration',
  'InterfaceDeclaration',
  'TypeAliasDeclaration',
  'FunctionDeclaration',
  'FirstStatement',
  'VariableStatement',
]);
/** main.ts starts the service, outage.ts a drill; tests call `test`; the test runner's configuration is a default export. */
const ALSO: readonly (readonly [RegExp, string])[] = [
  [/^src\/main\.ts$/, 'ExpressionStatement'],
  [/^test\/.*\.test\.ts$/, 'ExpressionStatement'],
  [/^test\/drills\/outage\.ts$/, 'ExpressionStatement'],
  [/^vitest\.config\.ts$/, 'ExportAssignment'],
];

/** Reads every emitted file again: nothing but the kinds of statement that emission writes may stand at its top. */
export function checkOutput(files: readonly OutputFile[]): void {
  for (const file of files) {
    if (!file.path.endsWith('.ts')) continue;
    const { kinds, problems } = listStatementKinds(file.text);
    invariant(problems.length === 0, `${file.path}: ${problems[0]}`);
    const also = ALSO.filter(([path]) => path.test(file.path)).map(([, kind]) => kind);
    const strange = kinds.find((kind) => !SOURCE_KINDS.has(kind) && !also.includes(kind));
    invariant(strange === undefined, `${file.path} holds a ${strange} at its top`);
  }
}
