import { collectInput } from '../../check/collect-expressions.ts';
import { listRecordReads } from '../../check/list-reads.ts';
import type { FlowPlan, ServicePlan } from '../../model/service-plan.ts';
import { key, quote } from '../text/code-literals.ts';
import { printChecked } from '../text/print-data.ts';
import { printPath } from '../text/print-path.ts';
import { emitCall } from './emit-call.ts';
import { emitCallRules } from './emit-calls.ts';
import { formatNumber } from '../text/format-number.ts';

/** What a flow writes, and what makes a repeat of it harmless. */
export function emitTarget(plan: ServicePlan, entry: FlowPlan): string {
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
    `lookUp: { request: (sent: ${emitSentType(plan, entry)}) => ${call}, records: (body: ${entry.lookUp.answerType}) => ${once.records.steps.length === 0 ? 'body' : printPath('body', once.records)}, idField: ${quote(name)}${item === undefined ? '' : `, itemPath: ${quote(item.text)}`}${emitLag(once)} }`,
  ];
}

function emitLag({
  settleMs,
  probes,
}: {
  readonly settleMs: number | undefined;
  readonly probes: number;
}): string {
  return settleMs === undefined ? '' : `, settleMs: ${formatNumber(settleMs)}, probes: ${probes}`;
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
