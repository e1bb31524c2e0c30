import type { FlowPlan, ServicePlan, SystemPlan } from '../../model/service-plan.ts';
import { comment } from '../text/code-literals.ts';

/** One stable line: no version, no date, so that a new build changes only what the rules changed. */
export function emitHeader(plan: ServicePlan): string {
  return `// Generated from ${comment(plan.rulesName)}. Edits are overwritten; see README.md, "Changing this service".\n`;
}

/** An import from a system's file, under the name that the plan settled. */
export function emitSystemImport(
  flow: FlowPlan,
  names: readonly string[],
  system: SystemPlan,
  kind: 'value' | 'type' = 'value',
): string {
  const given = names.map((name) => (flow.renamed.has(name) ? `${flow.renamed.get(name)} as ${name}` : name));
  return emitImport(given, `../systems/${system.file.slice('src/systems/'.length)}`, kind);
}

export function emitImport(names: readonly string[], from: string, kind: 'value' | 'type' = 'value'): string {
  if (names.length === 0) return '';
  return `import ${kind === 'type' ? 'type ' : ''}{ ${[...new Set(names)].toSorted(compareNames).join(', ')} } from '${from}';\n`;
}

function compareNames(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
