import type { ServicePlan } from '../../model/service-plan.ts';
import { comment } from '../text/code-literals.ts';

/** One stable line: no version, no date, so that a new build changes only what the rules changed. */
export function emitHeader(plan: ServicePlan): string {
  return `// Generated from ${comment(plan.rulesName)}. Edits are overwritten; see README.md, "Changing this service".\n`;
}

export function emitImport(names: readonly string[], from: string, kind: 'value' | 'type' = 'value'): string {
  if (names.length === 0) return '';
  return `import ${kind === 'type' ? 'type ' : ''}{ ${[...new Set(names)].toSorted(compareNames).join(', ')} } from '${from}';\n`;
}

function compareNames(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
