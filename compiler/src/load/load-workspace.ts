import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Result } from '../diagnostics/diagnostic.ts';
import { hasErrors } from '../diagnostics/diagnostic.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Host } from '../source/host.ts';
import { valueAt } from '../source/source-ref.ts';
import { parseYamlFile } from '../source/yaml-file.ts';
import { loadRules } from './load-rules.ts';
import { loadSpecs } from './load-specs.ts';

/** Reads the rules file and every file it names. @param entry absolute path of the rules file */
export function loadWorkspace(host: Host, entry: string): Result<Workspace | undefined> {
  const rulesName = entry.slice(entry.lastIndexOf('/') + 1);
  let text: string | undefined;
  try {
    text = host.readFile(entry);
  } catch (error) {
    const problem = (error as Error).message;
    return [
      undefined,
      [createDiagnostic('file-unreadable', { path: rulesName, problem }, valueAt(entry, []))],
    ];
  }
  if (text === undefined) {
    return [
      undefined,
      [createDiagnostic('file-not-found', { path: entry, what: 'the command line' }, valueAt(entry, []))],
    ];
  }
  const yaml = parseYamlFile(entry, text);
  const [rules, ruleFindings] = loadRules(yaml);
  if (rules === undefined) return [undefined, ruleFindings];
  const inputs = new Map([[entry, text]]);
  const [{ specs, documents, refusals, copies }, specFindings] = loadSpecs(host, entry, rules, inputs);
  const findings = [...ruleFindings, ...specFindings];
  if (hasErrors(findings)) return [undefined, findings];
  return [
    {
      rulesFile: entry,
      rulesName,
      rules,
      sourceText: yaml.sourceText,
      specs,
      documents,
      refusals,
      copies,
      inputs,
    },
    findings,
  ];
}
