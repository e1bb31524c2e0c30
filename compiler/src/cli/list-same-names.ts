import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Host } from '../source/host.ts';
import { keyAt } from '../source/source-ref.ts';
import { parseYamlFile } from '../source/yaml-file.ts';
import { readText } from '../write/read-text.ts';

/** Rules files that give their integration the name of another: a store, a package and a folder belong to one. */
export function listSameNames(host: Host, folder: string, entries: readonly string[]): Diagnostic[] {
  const first = new Map<string, string>();
  return entries.flatMap((entry) => {
    const name = readName(host, entry);
    const other = name === undefined ? undefined : first.get(name);
    if (name !== undefined && other === undefined) first.set(name, entry);
    if (other === undefined || other === entry) return [];
    const problem = `"${name}" is the integration of ${host.relative(folder, other)} already, and names its store and its package. Give this one a name and an output of its own.`;
    return [createDiagnostic('invalid-value', { problem }, keyAt(entry, ['integration']))];
  });
}

function readName(host: Host, entry: string): string | undefined {
  const text = readText(host, entry);
  if (text === undefined) return undefined;
  const { integration } = Object(parseYamlFile(entry, text).value) as { readonly integration?: unknown };
  return typeof integration === 'string' ? integration : undefined;
}
