import type { FlowPlan, ServicePlan, TargetPlan } from '../../model/service-plan.ts';
import { mentions } from '../../model/expression-tree.ts';
import { formatPath } from '../../source/source-ref.ts';
import { comment, key, quote } from '../text/code-literals.ts';
import { printChecked } from '../text/print-data.ts';
import type { Expressions } from '../text/print-data.ts';
import { listHelpers } from '../text/print-expression.ts';
import { emitFind } from './emit-find.ts';
import { emitHeader, emitHelperImports, emitImport, hasOwnBlanks, emitSystemImports } from './emit-header.ts';
import { emitRead } from './emit-read.ts';
import { emitTarget } from './emit-target.ts';

/** One flow: where it reads, what it looks up and keeps, what it writes. */
export function emitFlow(plan: ServicePlan, entry: FlowPlan): string {
  const { flow, finds } = entry;
  const found =
    finds.length === 0 ? '' : `find: [${finds.map((find) => emitFind(plan, entry, find)).join(', ')}],`;
  const body = `defineFlow({
  name: ${quote(flow.name)},
  read: ${emitRead(plan, entry)},
  ${hasOwnBlanks(plan) ? 'findBlankKind,' : ''}
  ${found}
  keep: ${emitKeep(entry, plan.checked.expressions)},
  later: { changed: ${quote(flow.later.changed ?? 'review')}, left: ${quote(flow.later.left ?? 'review')} },
  targets: [${entry.targets
    .filter(({ checked }) => checked.target.mode !== 'update')
    .map((target) => emitTarget(plan, entry, target))
    .join(', ')}],
})`;
  const declaration = entry.usesConfig
    ? `export function ${entry.name}(config: Config) {\n  return ${body};\n}\n`
    : `export const ${entry.name} = ${body};\n`;
  return [
    emitHeader(plan),
    emitHelperImports(
      plan,
      [
        'defineFlow',
        ...(hasOwnBlanks(plan) ? ['findBlankKind'] : []),
        ...['filled', 'oneObject'].filter((name) => new RegExp(`\\b${name}\\(`).test(body)),
        ...listHelpers(body),
      ],
      '../blanks.ts',
    ),
    emitImport(
      ['Mapper', 'Scope'].filter((name) => new RegExp(`: ${name}\\b`).test(body)),
      '@mortise/runtime',
      'type',
    ),
    entry.usesConfig ? emitImport(['Config'], '../config.ts', 'type') : '',
    entry.usesCustom ? emitImport(['custom'], '../custom.ts') : '',
    ...entry.targets.map(({ mapping }) =>
      emitImport([mapping.functionName], `../mappings/${mapping.file.slice('src/mappings/'.length)}`),
    ),
    ...emitFlowImports(plan, entry),
    '\n',
    emitFoundType(entry),
    `/** rules: flows.${comment(flow.name)} */\n`,
    declaration,
  ].join('');
}

/** What is known of a record once everything is looked up. */
function emitFoundType({ flow, finds, foundType }: FlowPlan): string {
  if (foundType === undefined) return '';
  const members = finds.map(({ find, recordType }) => {
    const type =
      find.take === 'all'
        ? `readonly ${recordType}[]`
        : find.none === 'blank'
          ? `${recordType} | undefined`
          : recordType;
    return `readonly ${key(find.name)}: ${type};`;
  });
  return `/** rules: flows.${comment(flow.name)}.find */\nexport interface ${foundType} {\n${members.join('\n')}\n}\n\n`;
}

function emitFlowImports(plan: ServicePlan, entry: FlowPlan): string[] {
  const { source } = entry.flow;
  return emitSystemImports(plan, entry, [
    {
      system: source.system.name,
      values: [entry.read.functionName],
      types: [entry.recordType, entry.answerType],
    },
    ...entry.finds.map(({ find, operation, answerType, recordType }) => ({
      system: find.system.name,
      values: [operation.functionName],
      types: [answerType, recordType],
    })),
    ...entry.targets.map((target) => ({
      system: target.checked.target.system.name,
      values: [target.write.functionName, target.lookUp?.operation.functionName ?? ''],
      types: [
        target.mapping.itemType,
        usesAnswer(target) ? (target.writeAnswerType ?? '') : '',
        usesResult(target) ? (target.resultType ?? '') : '',
        target.lookUp?.answerType ?? '',
      ],
    })),
  ]);
}

function usesAnswer({ checked: { target }, writeAnswerType }: TargetPlan): boolean {
  const { id, unless, batch } = target;
  return writeAnswerType !== undefined && (id !== undefined || unless !== undefined || batch !== undefined);
}

function usesResult({ checked: { target } }: TargetPlan): boolean {
  return (
    target.batch !== undefined &&
    (target.id !== undefined || /\bresult\b/.test(target.batch.error?.text ?? ''))
  );
}

function emitKeep(entry: FlowPlan, expressions: Expressions): string {
  const rules = entry.flow.keep.map((rule) => {
    const tree = expressions.get(rule.when)?.tree;
    const scope = ['now', 'found'].filter((name) => tree !== undefined && mentions(tree, name));
    const last = entry.finds.findLastIndex(
      ({ find }) =>
        scope.includes('found') && new RegExp(`\\bfound\\??\\.${find.name}\\b`).test(rule.when.text),
    );
    const type = entry.foundType === undefined ? 'Scope' : `Scope<${entry.foundType}>`;
    const parameters = `source: ${entry.recordType}${scope.length === 0 ? '' : `, { ${scope.join(', ')} }: ${type}`}`;
    const needs = last === -1 ? '' : `, needs: ${last + 1}`;
    return `{ when: (${parameters}) => ${printChecked(rule.when, expressions)}, otherwise: ${quote(rule.otherwise)}, rule: ${quote(formatPath(rule.origin.path))}${needs} }`;
  });
  return `[${rules.join(', ')}]`;
}
