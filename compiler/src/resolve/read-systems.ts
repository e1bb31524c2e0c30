import type { Diagnostic, Result } from '../diagnostics/diagnostic.ts';
import { loadSpecs } from '../load/load-specs.ts';
import type { RulesInput, SystemInput } from '../model/rules-input.ts';
import type { SpecDocument, Workspace } from '../model/workspace.ts';
import type { Host } from '../source/host.ts';
import type { OperationFinder } from './resolve-operations.ts';
import { resolveSystem } from './resolve-systems.ts';

export interface ReadSystem {
  readonly operations: OperationFinder;
  readonly documents: readonly SpecDocument[];
}

export type Descriptions = Readonly<
  Record<string, Pick<SystemInput, 'spec' | 'overlays' | 'references' | 'facts'>>
>;

/**
 * The operations of systems for which there are no rules yet, or unfinished ones.
 * @param rulesFile absolute path from which the descriptions are named; it need not exist
 */
export function readSystems(
  host: Host,
  rulesFile: string,
  descriptions: Descriptions,
): Result<ReadonlyMap<string, ReadSystem>> {
  const systems = Object.fromEntries(
    Object.entries(descriptions).map(([name, { spec, overlays, references, facts }]) => [
      name,
      { spec, overlays, references, facts, server: '$SERVER', auth: { kind: 'none' as const } },
    ]),
  );
  const rules: RulesInput = {
    mortise: 1,
    integration: 'unnamed',
    purpose: 'None yet.',
    output: '.',
    systems,
    flows: {},
  };
  const inputs = new Map<string, string>();
  const [{ specs, documents, refusals, copies }, found] = loadSpecs(host, rulesFile, rules, inputs);
  const workspace: Workspace = {
    rulesFile,
    rulesName: rulesFile.slice(rulesFile.lastIndexOf('/') + 1),
    rules,
    sourceText: () => undefined,
    specs,
    documents,
    refusals,
    copies,
    inputs,
  };
  const met: Diagnostic[] = [];
  const context = { workspace, systems: new Map(), found: met };
  const finders = Object.entries(systems).map(
    ([name, input]) =>
      [
        name,
        {
          operations: resolveSystem(context, name, input, []).resolved.operations,
          documents: specs.get(name) ?? [],
        },
      ] as const,
  );
  return [new Map(finders), found];
}
