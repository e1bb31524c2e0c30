import { invariant } from '../../diagnostics/invariant.ts';
import type { FlowPlan, ServicePlan } from '../../model/service-plan.ts';
import { comment, quote } from '../text/code-literals.ts';

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

/** Functions that ask what is blank; the service has its own where the rules name texts that stand for nothing. */
const ABOUT_BLANKS: ReadonlySet<string> = new Set([
  'filled',
  'findBlankKind',
  'firstNotBlank',
  'htmlText',
  'jql',
  'odata',
  'soql',
  'sum',
  'times',
  'toNumber',
  'url',
  'whole',
]);

/** The runtime's functions that a file uses, and those of the service that take their place. @param blanks where these stand */
export function emitHelperImports(plan: ServicePlan, names: readonly string[], blanks: string): string {
  if (!hasOwnBlanks(plan)) return emitImport(names, '@mortise/runtime');
  const own = names.filter((name) => ABOUT_BLANKS.has(name));
  return (
    emitImport(
      names.filter((name) => !own.includes(name)),
      '@mortise/runtime',
    ) + emitImport(own, blanks)
  );
}

export function hasOwnBlanks(plan: ServicePlan): boolean {
  return plan.checked.model.rules.sentinels !== undefined;
}

export function emitBlanks(plan: ServicePlan): string {
  const { sentinels = [] } = plan.checked.model.rules;
  return [
    emitHeader(plan),
    emitImport(['createBlanks'], '@mortise/runtime'),
    '\n/** What is blank here: also the texts that stand for nothing. rules: sentinels */\n',
    `export const { ${[...ABOUT_BLANKS].join(', ')} } = createBlanks([${sentinels.map(quote).join(', ')}]);\n`,
  ].join('');
}

function compareNames(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
