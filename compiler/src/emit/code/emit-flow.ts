import { collectInput } from '../../check/collect-expressions.ts';
import { listRecordReads } from '../../check/list-reads.ts';
import type { CallInput, PagesModel } from '../../model/integration-model.ts';
import type { FlowPlan, OperationPlan, ServicePlan, SystemPlan } from '../../model/service-plan.ts';
import { formatPath } from '../../source/source-ref.ts';
import { comment, key, quote } from '../text/code-literals.ts';
import { printChecked, printData } from '../text/print-data.ts';
import type { Expressions } from '../text/print-data.ts';
import { listHelpers } from '../text/print-expression.ts';
import { printPath } from '../text/print-path.ts';
import { emitCallRules } from './emit-calls.ts';
import { emitHeader, emitImport, emitSystemImport } from './emit-header.ts';
import { formatNumber } from './emit-system.ts';

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
  target: ${emitTarget(plan, entry)},
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

function emitRead(plan: ServicePlan, entry: FlowPlan): string {
  const { source } = entry.flow;
  const { changes } = source;
  const record = `(source: ${entry.recordType})`;
  const field =
    changes?.field === undefined || changes.full
      ? ''
      : `field: ${record} => ${printPath('source', changes.field)},`;
  const calls =
    source.calls.length === 0 ? '' : `calls: ${emitCallRules(source.calls, plan.checked.expressions)},`;
  return `{
    system: ${quote(source.system.name)},
    everyMs: ${formatNumber(source.everyMs)},
    request: ${emitRequest(plan, entry)},
    records: (body: ${entry.answerType}) => ${source.records.steps.length === 0 ? 'body' : printPath('body', source.records)},
    pages: ${emitPages(source.pages, entry.answerType)},
    key: ${record} => ${printPath('source', source.key)},
    version: ${record} => ${printPath('source', source.version)},
    order: ${quote(source.order)},
    changes: { ${field} lookbackMs: ${formatNumber(changes?.lookbackMs ?? 0)}, settleMs: ${formatNumber(changes?.settleMs ?? 0)}, first: ${quote(changes?.first ?? 'now')} },
    shape: { ${entry.shape.map(({ path, type }) => `${key(path)}: ${quote(type)}`).join(', ')} },
    ${calls}
  }`;
}

function emitRequest(plan: ServicePlan, entry: FlowPlan): string {
  const { source } = entry.flow;
  const paging: string[] = [];
  const { pages } = source;
  if (pages?.send !== undefined) paging.push(pages.send);
  const cursor = pages?.kind === 'cursor' ? 'page.cursor' : 'page.number';
  const extra = new Map<string, string>();
  if (
    pages?.send !== undefined &&
    (pages.kind === 'cursor' || pages.kind === 'page' || pages.kind === 'offset')
  ) {
    const numeric = pages.kind === 'cursor' && wantsNumber(entry.read, pages.send);
    extra.set(pages.send, numeric ? 'page.cursor === undefined ? undefined : Number(page.cursor)' : cursor);
  }
  if (pages?.size !== undefined) extra.set(pages.size.name, String(pages.size.count));
  const call = emitCall(entry.read, source.input, plan.checked.expressions, { extra, body: undefined });
  const needsPage = [...extra.values()].some((code) => code.includes('page.'));
  const since = call.includes('since') || needsPage;
  return `(${needsPage ? 'since, page' : since ? 'since' : ''}) => ${call}`;
}

function wantsNumber(operation: OperationPlan, name: string): boolean {
  const parameter = operation.parameters.find((entry) => entry.name === name);
  const property = operation.operation.body?.schema.properties.get(name)?.schema;
  return (
    parameter?.type === 'number' ||
    property?.types.includes('integer') === true ||
    property?.types.includes('number') === true
  );
}

interface CallExtras {
  /** Code for parameters or body fields that the rules do not give themselves, by name. */
  readonly extra: ReadonlyMap<string, string>;
  /** The whole body, where something else makes it. */
  readonly body: string | undefined;
}

function emitCall(
  operation: OperationPlan,
  input: CallInput,
  expressions: Expressions,
  extras: CallExtras,
): string {
  const given = new Map(
    input.parameters.map(({ parameter, value }) => [
      parameter.name,
      printData(value, parameter.schema, expressions),
    ]),
  );
  const properties = operation.parameters.flatMap((parameter) => {
    const code = given.get(parameter.name) ?? extras.extra.get(parameter.name);
    return code === undefined ? [] : [`${parameter.property}: ${code}`];
  });
  const fields = input.body.map(
    (field) => `${key(field.name)}: ${printData(field.value, field.schema, expressions)}`,
  );
  for (const [name, code] of extras.extra) {
    if (operation.operation.body?.schema.properties.has(name) === true) fields.push(`${key(name)}: ${code}`);
  }
  const body = extras.body ?? (operation.bodyType === undefined ? undefined : `{ ${fields.join(', ')} }`);
  if (body === undefined)
    return properties.length === 0
      ? `${operation.functionName}()`
      : `${operation.functionName}({ ${properties.join(', ')} })`;
  if (operation.parameters.length === 0) return `${operation.functionName}(${body})`;
  return `${operation.functionName}({ ${[...properties, `body: ${body}`].join(', ')} })`;
}

function emitPages(pages: PagesModel | undefined, answerType: string): string {
  if (pages === undefined) return "{ kind: 'none' }";
  const next =
    pages.next === undefined ? '' : `next: (body: ${answerType}) => ${printPath('body', pages.next)},`;
  const depth = pages.depth === undefined ? '' : `depth: ${formatNumber(pages.depth)},`;
  switch (pages.kind) {
    case 'cursor':
      return `{ kind: 'cursor', ${next} ${depth} }`;
    case 'next-url':
      return `{ kind: 'next-url', ${next} }`;
    case 'link':
      return "{ kind: 'link' }";
    case 'page':
    case 'offset':
      return `{ kind: ${quote(pages.kind)}, start: ${pages.start}, ${pages.size === undefined ? '' : `size: ${pages.size.count},`} until: ${quote(pages.until)}, ${pages.until === 'missing' ? next : ''} ${depth} }`;
    case 'none':
      return "{ kind: 'none' }";
  }
}

function emitKeep(entry: FlowPlan, expressions: Expressions): string {
  const rules = entry.flow.keep.map(
    (rule) =>
      `{ when: (source: ${entry.recordType}) => ${printChecked(rule.when, expressions)}, otherwise: ${quote(rule.otherwise)}, rule: ${quote(formatPath(rule.origin.path))} }`,
  );
  return `[${rules.join(', ')}]`;
}

function emitTarget(plan: ServicePlan, entry: FlowPlan): string {
  const { target } = entry.flow;
  const { mapping } = entry;
  const expressions = plan.checked.expressions;
  const keyed = target.once.find((once) => once.kind === 'key');
  const answer = entry.writeAnswerType;
  const parts = [
    `name: ${quote(target.name)}`,
    `system: ${quote(target.system.name)}`,
    `mode: ${quote(target.mode)}`,
    `tier: ${entry.checked.tier}`,
    mapping.usesConfig
      ? `map: (source: ${entry.recordType}, map, now) => ${mapping.functionName}(source, map, now, config)`
      : `map: ${mapping.functionName}`,
    `request: ${emitWrite(plan, entry)}`,
    ...(keyed === undefined
      ? []
      : [`key: { header: ${quote(keyed.header)}, lastsMs: ${formatNumber(keyed.lastsMs)} }`]),
    ...emitLookUp(plan, entry),
    ...(target.id === undefined || answer === undefined
      ? []
      : [`id: (body: ${answer}) => ${printPath('body', target.id)}`]),
    ...(target.unless === undefined
      ? []
      : [
          `unless: (${emitUnlessParameter(target.unless.text, answer)}) => ${printChecked(target.unless, expressions)}`,
        ]),
    ...(target.calls.length === 0 ? [] : [`calls: ${emitCallRules(target.calls, expressions)}`]),
  ];
  return `{ ${parts.join(', ')} }`;
}

function emitUnlessParameter(text: string, answer: string | undefined): string {
  if (!/\bbody\b/.test(text)) return '';
  return answer === undefined ? 'body' : `body: ${answer}`;
}

function emitWrite(plan: ServicePlan, entry: FlowPlan): string {
  const { target } = entry.flow;
  const { item } = target;
  const body =
    item === undefined
      ? 'item'
      : item.steps.reduceRight(
          (inner, step) => (step.kind === 'name' ? `{ ${key(step.name)}: ${inner} }` : `[${inner}]`),
          'item',
        );
  const call = emitCall(entry.write, target.input, plan.checked.expressions, { extra: new Map(), body });
  const usesSource = /\bsource\b/.test(call);
  return `(item: ${entry.mapping.itemType}${usesSource ? `, source: ${entry.recordType}` : ''}) => ${call}`;
}

function emitLookUp(plan: ServicePlan, entry: FlowPlan): string[] {
  const { target } = entry.flow;
  const once = target.once.find((candidate) => candidate.kind === 'look-up');
  if (once === undefined || entry.lookUp === undefined) return [];
  const call = emitCall(entry.lookUp.operation, once.input, plan.checked.expressions, {
    extra: new Map(),
    body: undefined,
  });
  const { item } = target;
  const id = target.id?.steps.at(-1);
  const name = id?.kind === 'name' ? id.name : 'id';
  return [
    `lookUp: { request: (sent: ${emitSentType(plan, entry)}) => ${call}, records: (body: ${entry.lookUp.answerType}) => ${once.records.steps.length === 0 ? 'body' : printPath('body', once.records)}, idField: ${quote(name)}${item === undefined ? '' : `, itemPath: ${quote(item.text)}`} }`,
  ];
}

/** The item as it was committed: what the look-up asks for was mapped and is never blank, whatever the description allows. */
function emitSentType(plan: ServicePlan, entry: FlowPlan): string {
  const { target } = entry.flow;
  const once = target.once.find((candidate) => candidate.kind === 'look-up');
  const expressions = once === undefined ? [] : collectInput(once.input);
  const names = expressions.flatMap((expression) => {
    const tree = plan.checked.expressions.get(expression)?.tree;
    return tree === undefined
      ? []
      : listRecordReads(tree, 'sent').flatMap((read) =>
          read.path?.steps[0]?.kind === 'name' ? [read.path.steps[0].name] : [],
        );
  });
  const optional = [...new Set(names)].filter(
    (name) => target.itemSchema.properties.get(name)?.required === false,
  );
  if (optional.length === 0) return entry.mapping.itemType;
  return `${entry.mapping.itemType} & Required<Pick<${entry.mapping.itemType}, ${optional.map(quote).join(' | ')}>>`;
}
