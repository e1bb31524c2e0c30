import type { FlowPlan, ServicePlan, SystemPlan } from '../../model/service-plan.ts';
import { formatPath } from '../../source/source-ref.ts';
import { comment, quote } from '../text/code-literals.ts';
import { printChecked } from '../text/print-data.ts';
import type { Expressions } from '../text/print-data.ts';
import { listHelpers } from '../text/print-expression.ts';
import { emitHeader, emitImport, emitSystemImport } from './emit-header.ts';
import { emitRead } from './emit-read.ts';
import { emitTarget } from './emit-target.ts';

/** One flow: where it reads, what it keeps, what it writes. */
export function emitFlow(
  plan: ServicePlan,
  entry: FlowPlan,
  systems: { readonly source: SystemPlan; readonly target: SystemPlan },
): string {
  const { flow } = entry;
  const body = `defineFlow({
  name: ${quote(flow.name)},
  read: ${emitRead(plan, entry)},
  keep: ${emitKeep(entry, plan.checked.expressions)},
  later: { changed: ${quote(flow.later.changed ?? 'review')}, left: ${quote(flow.later.left ?? 'review')} },
  targets: [${emitTarget(plan, entry)}],
})`;
  const declaration = entry.usesConfig
    ? `export function ${entry.name}(config: Config) {\n  return ${body};\n}\n`
    : `export const ${entry.name} = ${body};\n`;
  return [
    emitHeader(plan),
    emitImport(['defineFlow', ...listHelpers(body)], '@mortise/runtime'),
    entry.usesConfig ? emitImport(['Config'], '../config.ts', 'type') : '',
    emitImport(
      [entry.mapping.functionName],
      `../mappings/${entry.mapping.file.slice('src/mappings/'.length)}`,
    ),
    ...emitSystemImports(entry, systems),
    '\n',
    `/** rules: flows.${comment(flow.name)} */\n`,
    declaration,
  ].join('');
}

function emitSystemImports(
  entry: FlowPlan,
  { source, target }: { readonly source: SystemPlan; readonly target: SystemPlan },
): string[] {
  const read = { values: [entry.read.functionName], types: [entry.recordType, entry.answerType] };
  const write = {
    values: [
      entry.write.functionName,
      ...(entry.lookUp === undefined ? [] : [entry.lookUp.operation.functionName]),
    ],
    types: [
      entry.mapping.itemType,
      ...(usesAnswer(entry) ? [entry.writeAnswerType ?? ''] : []),
      ...(entry.lookUp === undefined ? [] : [entry.lookUp.answerType]),
    ].filter(Boolean),
  };
  if (source === target) {
    return [
      emitSystemImport(entry, [...read.values, ...write.values], source),
      emitSystemImport(entry, [...read.types, ...write.types], source, 'type'),
    ];
  }
  return [
    emitSystemImport(entry, read.values, source),
    emitSystemImport(entry, read.types, source, 'type'),
    emitSystemImport(entry, write.values, target),
    emitSystemImport(entry, write.types, target, 'type'),
  ];
}

function usesAnswer({ flow, writeAnswerType }: FlowPlan): boolean {
  return writeAnswerType !== undefined && (flow.target.id !== undefined || flow.target.unless !== undefined);
}

function emitKeep(entry: FlowPlan, expressions: Expressions): string {
  const rules = entry.flow.keep.map(
    (rule) =>
      `{ when: (source: ${entry.recordType}) => ${printChecked(rule.when, expressions)}, otherwise: ${quote(rule.otherwise)}, rule: ${quote(formatPath(rule.origin.path))} }`,
  );
  return `[${rules.join(', ')}]`;
}
