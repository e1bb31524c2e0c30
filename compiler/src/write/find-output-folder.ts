import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Result } from '../diagnostics/diagnostic.ts';
import type { Host } from '../source/host.ts';
import { valueAt } from '../source/source-ref.ts';

/** The folder that the rules' `output` names. It may not hold the rules themselves, nor be the root. */
export function findOutputFolder(host: Host, rulesFile: string, output: string): Result<string | undefined> {
  const rulesFolder = host.resolve(rulesFile, '..');
  const folder = host.resolve(rulesFolder, output);
  const fromOutput = host.relative(folder, rulesFolder);
  const holdsRules = fromOutput === '' || !fromOutput.startsWith('..');
  const problem = holdsRules ? 'it holds the rules file, and everything in it is Mortise’s' : undefined;
  if (problem === undefined) return [folder, []];
  return [
    undefined,
    [
      createDiagnostic('output-outside', { path: output, problem }, valueAt(rulesFile, ['output']), {
        fix: 'output: ../generated/<integration>',
      }),
    ],
  ];
}
