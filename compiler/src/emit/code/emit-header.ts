import { invariant } from '../../diagnostics/invariant.ts';
import type { FlowPlan, ServicePlan } from '../../model/service-plan.ts';
import { comment } from '../text/code-literals.ts';

/** One stable line: no version, no date, so that a new build changes only what the rules changed. */
export function emitHeader(plan: ServicePlan): string {
  return `// Generated from ${comment(plan.rulesName)}. Edits are overwritten; see README.md, "Changing this service".\n`;
}

/** What a file takes from the file of one system. */
export interface SystemImport {
  readonly system: string;
  readonly values: readonly string[];
  readonly types: readonly string[];
}

/** The imports from the systems' files, one of values and one of types for each, under the names that the plan settled. */
export function emitSystemImports(
  plan: ServicePlan,
  flow: FlowPlan,
  imports: readonly SystemImport[],
): string[] {
  const systems = [...new Set(imports.map(({ system }) => system))];
  return systems.flatMap((name) => {
    const own = imports.filter(({ system }) => system === name);
    const file = plan.systems.find(({ system }) => system.name === name)?.file;
    invariant(file !== undefined, `no plan for the system ${name}`);
    const rename = (names: readonly string[]): string[] =>
      names
        .filter((given) => given !== '' && given !== 'unknown')
        .map((given) => (flow.renamed.has(given) ? `${flow.renamed.get(given)} as ${given}` : given));
    const from = `../systems/${file.slice('src/systems/'.length)}`;
    return [
      emitImport(rename(own.flatMap(({ values }) => values)), from),
      emitImport(rename(own.flatMap(({ types }) => types)), from, 'type'),
    ];
  });
}

export function emitImport(names: readonly string[], from: string, kind: 'value' | 'type' = 'value'): string {
  if (names.length === 0) return '';
  return `import ${kind === 'type' ? 'type ' : ''}{ ${[...new Set(names)].toSorted(compareNames).join(', ')} } from '${from}';\n`;
}

function compareNames(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
