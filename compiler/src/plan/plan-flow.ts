import { identify } from '../check/declare-types.ts';
import { collectInput } from '../check/collect-expressions.ts';
import type { Schema } from '../model/api-model.ts';
import type { CheckedFlow, CheckedModel, CheckedTarget } from '../model/checked-model.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { FlowModel, PagesModel, SystemModel } from '../model/integration-model.ts';
import type { FindPlan, FlowPlan, OperationPlan, TargetPlan } from '../model/service-plan.ts';
import { findField } from '../resolve/find-field.ts';
import { childOf } from '../source/source-ref.ts';
import { toKebabCase } from '../model/name-case.ts';
import { toCamelCase, toPascalCase } from './allocate-names.ts';
import type { NameAllocator } from './allocate-names.ts';
import { mentions } from '../model/expression-tree.ts';
import { planMapping } from './plan-mapping.ts';
import type { PlanOne } from './plan-operation.ts';
import { settleImports } from './settle-imports.ts';

/** One flow, with its types and functions under the names that they have in its files. */
export function planFlow(
  checked: CheckedModel,
  entry: CheckedFlow,
  names: NameAllocator,
  plan: PlanOne,
): FlowPlan {
  const { flow } = entry;
  const { source } = flow;
  const typeOf = (system: SystemModel, schema: Schema | undefined): string | undefined =>
    schema === undefined ? undefined : checked.types.get(system.name)?.nameOf(identify(schema));
  const record = typeOf(source.system, source.record) ?? 'unknown';
  const answer = typeOf(source.system, source.answer) ?? 'unknown';
  const read = plan({
    operation: source.operation,
    input: source.input,
    filled: listPageNames(source.pages),
    rule: childOf(source.origin, 'read'),
  });
  const finds = flow.find.map((find): FindPlan => ({
    find,
    operation: plan({
      operation: find.operation,
      input: find.input,
      filled: listPageNames(find.pages),
      rule: find.origin,
    }),
    answerType: typeOf(find.system, find.answer) ?? 'unknown',
    recordType: typeOf(find.system, find.record) ?? 'unknown',
    shape: planShape(find.record, entry.foundReads.get(find.name) ?? []),
  }));
  const targets = entry.targets.map((target) => planTarget(checked, target, names, { plan, typeOf }));
  const name = toCamelCase(flow.name);
  const foundType = finds.length === 0 ? undefined : `${toPascalCase(flow.name)}Found`;
  const { localName, renamed } = settleImports(
    [
      { system: source.system.name, names: [record, answer, read.functionName] },
      ...finds.map(({ find, operation, answerType, recordType }) => ({
        system: find.system.name,
        names: [answerType, recordType, operation.functionName],
      })),
      ...targets.map(({ checked: { target }, mapping, write, writeAnswerType, resultType, lookUp }) => ({
        system: target.system.name,
        names: [
          mapping.itemType,
          writeAnswerType,
          resultType,
          lookUp?.answerType,
          write.functionName,
          lookUp?.operation.functionName,
        ],
      })),
    ],
    [
      name,
      ...(foundType === undefined ? [] : [foundType]),
      ...targets.map(({ mapping }) => mapping.functionName),
    ],
  );
  const rename = (system: string, operation: OperationPlan): OperationPlan => ({
    ...operation,
    functionName: localName(system, operation.functionName),
  });
  return {
    flow,
    checked: entry,
    file: `src/flows/${toKebabCase(flow.name)}.ts`,
    name,
    usesConfig: targets.some(({ mapping }) => mapping.usesConfig) || callsUse('config', checked, flow),
    usesCustom: callsUse('custom', checked, flow),
    recordType: localName(source.system.name, record),
    answerType: localName(source.system.name, answer),
    read: rename(source.system.name, read),
    finds: finds.map((find) => {
      const system = find.find.system.name;
      return {
        ...find,
        operation: rename(system, find.operation),
        answerType: localName(system, find.answerType),
        recordType: localName(system, find.recordType),
      };
    }),
    foundType,
    targets: targets.map((target): TargetPlan => {
      const system = target.checked.target.system.name;
      const { lookUp, writeAnswerType, resultType, mapping } = target;
      return {
        ...target,
        write: rename(system, target.write),
        writeAnswerType: writeAnswerType && localName(system, writeAnswerType),
        resultType: resultType && localName(system, resultType),
        lookUp: lookUp && {
          operation: rename(system, lookUp.operation),
          answerType: localName(system, lookUp.answerType),
        },
        mapping: { ...mapping, itemType: localName(system, mapping.itemType) },
      };
    }),
    renamed,
    shape: planShape(source.record, entry.reads),
  };
}

interface TargetPlanning {
  readonly plan: PlanOne;
  readonly typeOf: (system: SystemModel, schema: Schema | undefined) => string | undefined;
}

function planTarget(
  checked: CheckedModel,
  entry: CheckedTarget,
  names: NameAllocator,
  { plan, typeOf }: TargetPlanning,
): TargetPlan {
  const { target } = entry;
  const lookUp = target.once.find((once) => once.kind === 'look-up');
  return {
    checked: entry,
    write: plan({
      operation: target.operation,
      input: target.input,
      filled: target.idParameter === undefined ? [] : [target.idParameter.name],
      rule: childOf(target.origin, target.mode),
    }),
    writeAnswerType: typeOf(target.system, target.answer),
    resultType: typeOf(target.system, target.batch?.result),
    lookUp: lookUp && {
      operation: plan({
        operation: lookUp.operation,
        input: lookUp.input,
        filled: listPageNames(lookUp.pages),
        rule: lookUp.origin,
      }),
      answerType: typeOf(target.system, lookUp.answer) ?? 'unknown',
    },
    mapping: planMapping(checked, entry, names),
  };
}

/** Whether what the flow's own file holds mentions a name: its calls and its conditions. */
function callsUse(name: string, checked: CheckedModel, flow: FlowModel): boolean {
  const expressions = [
    ...collectInput(flow.source.input),
    ...flow.find.flatMap(({ input }) => collectInput(input)),
    ...flow.targets.flatMap((target) => [
      ...collectInput(target.input),
      ...target.once.flatMap((once) => (once.kind === 'look-up' ? collectInput(once.input) : [])),
    ]),
    ...flow.keep.map((rule) => rule.when),
  ];
  return expressions.some((expression) =>
    mentions(checked.expressions.get(expression)?.tree ?? NOTHING, name),
  );
}

/** Parameters that paging fills, not the rules' `with`. */
function listPageNames(pages: PagesModel | undefined): string[] {
  return [pages?.send, pages?.size?.name].filter((name) => name !== undefined);
}

const NOTHING = { kind: 'literal', value: null, span: { start: 0, end: 0 } } as const;

/** The fields that are read and whose type the description states: what a record is held against when it comes in. */
function planShape(record: Schema, reads: readonly FieldPath[]): FlowPlan['shape'] {
  return reads.flatMap((path) => {
    const field = findField(record, path);
    // A bad element of a list concerns the mapping of that element.
    const isPlain = path.steps.every(
      (step) => step.kind === 'index' || (step.kind === 'name' && !/[.[\]]/.test(step.name)),
    );
    if (field.kind === 'missing' || !isPlain) return [];
    const [type, ...more] = field.schema.types;
    if (more.length > 0 || type === undefined || type === 'object' || type === 'array') return [];
    return [{ path: path.text, type }];
  });
}
