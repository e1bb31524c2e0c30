import { identify } from '../check/declare-types.ts';
import { collectInput } from '../check/collect-expressions.ts';
import type { Operation, Parameter, Schema } from '../model/api-model.ts';
import type { CheckedFlow, CheckedModel, CheckedTarget } from '../model/checked-model.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { CallInput, FlowModel, PagesModel, SystemModel } from '../model/integration-model.ts';
import type {
  FindPlan,
  FlowPlan,
  OperationPlan,
  ParameterPlan,
  ServicePlan,
  SystemPlan,
  TargetPlan,
} from '../model/service-plan.ts';
import { findField } from '../resolve/find-field.ts';
import { childOf, formatPath } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { createNameAllocator, toCamelCase, toKebabCase, toPascalCase } from './allocate-names.ts';
import type { NameAllocator } from './allocate-names.ts';
import { planAlerts } from './plan-alerts.ts';
import { mentions, planMapping } from './plan-mapping.ts';
import { planSettings } from './plan-settings.ts';
import { settleImports } from './settle-imports.ts';

export interface PlanOptions {
  /** Names that an earlier run gave. */
  readonly names: Readonly<Record<string, string>>;
  /** Where the rules stand, seen from the output folder. */
  readonly rulesPath: string;
}

/** Settles every file, name and statement of the service. Cannot fail for the user's reasons. */
export function planService(checked: CheckedModel, options: PlanOptions): ServicePlan {
  const { model } = checked;
  const names = createNameAllocator(options.names);
  const operations = new Map<string, OperationPlan>();
  const plan: PlanOne = (use) => planOperation(checked, names, operations, use);
  const flows = checked.flows.map((entry) => planFlow(checked, entry, names, plan));
  const systems = model.systems.map((system): SystemPlan => ({
    system,
    file: `src/systems/${toKebabCase(system.name)}.ts`,
    createName: `create${toPascalCase(system.name)}`,
    typesText: checked.types.get(system.name)?.text ?? '',
    operations: [...operations.values()].filter((entry) => entry.operation.system === system.name),
    customAuth:
      system.auth.kind === 'custom'
        ? {
            file: `custom/auth-${toKebabCase(system.name)}.ts`,
            functionName: `authenticate${toPascalCase(system.name)}`,
          }
        : undefined,
  }));
  return {
    checked,
    integration: model.rules.integration,
    purpose: model.rules.purpose,
    rulesName: model.workspace.rulesName,
    rulesPath: options.rulesPath,
    settings: planSettings(model),
    systems,
    flows,
    alerts: planAlerts(model.alerts, [
      ...systems.map(({ createName }) => createName),
      ...flows.map(({ name }) => name),
    ]),
    names: Object.fromEntries([...names.names].toSorted(([left], [right]) => (left < right ? -1 : 1))),
    needsKey: model.systems.some(({ auth }) => auth.kind === 'oauth2' || auth.kind === 'login'),
  };
}

type PlanOne = (use: OperationUse) => OperationPlan;

function planFlow(checked: CheckedModel, entry: CheckedFlow, names: NameAllocator, plan: PlanOne): FlowPlan {
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
      ...targets.map(({ checked: { target }, mapping, write, writeAnswerType, lookUp }) => ({
        system: target.system.name,
        names: [
          mapping.itemType,
          writeAnswerType,
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
    usesConfig: targets.some(({ mapping }) => mapping.usesConfig) || callsUseConfig(checked, flow),
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
      const { lookUp, writeAnswerType, mapping } = target;
      return {
        ...target,
        write: rename(system, target.write),
        writeAnswerType: writeAnswerType && localName(system, writeAnswerType),
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

function callsUseConfig(checked: CheckedModel, flow: FlowModel): boolean {
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
    mentions(checked.expressions.get(expression)?.tree ?? NOTHING, 'config'),
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
    return [{ path: path.text, type: type === 'integer' ? ('number' as const) : type }];
  });
}

interface OperationUse {
  readonly operation: Operation;
  readonly input: CallInput;
  /** Parameters that paging fills. */
  readonly filled: readonly string[];
  /** The rule that makes the call. */
  readonly rule: SourceRef;
}

function planOperation(
  checked: CheckedModel,
  names: NameAllocator,
  known: Map<string, OperationPlan>,
  use: OperationUse,
): OperationPlan {
  const { operation } = use;
  const key = `${operation.system} ${operation.method} ${operation.path}`;
  const used = operation.parameters.filter(
    (parameter) =>
      use.input.parameters.some((entry) => entry.parameter === parameter) ||
      ((parameter.in === 'query' || parameter.in === 'path') && use.filled.includes(parameter.name)),
  );
  const previous = known.get(key);
  const parameters = used.map((parameter) => planParameter(parameter));
  const merged = [
    ...(previous?.parameters ?? []),
    ...parameters.filter(
      (entry) => previous?.parameters.every((held) => held.property !== entry.property) ?? true,
    ),
  ];
  const body = operation.body?.schema;
  const plan: OperationPlan = {
    operation,
    functionName: names.allocate(`operation:${key}`, suggestName(operation), `systems/${operation.system}`),
    parameters: merged,
    bodyType: body === undefined ? undefined : checked.types.get(operation.system)?.nameOf(identify(body)),
    rule: previous?.rule ?? formatPath(use.rule.path),
  };
  known.set(key, plan);
  return plan;
}

function planParameter(parameter: Parameter): ParameterPlan {
  const list = parameter.schema.items !== undefined;
  const scalar = (schema: Schema): string => {
    const [type] = schema.types;
    return type === 'integer' || type === 'number' ? 'number' : type === 'boolean' ? 'boolean' : 'string';
  };
  const joined = { form: ',', spaceDelimited: ' ', pipeDelimited: '|', simple: ',' }[
    parameter.style
  ] as ParameterPlan['join'];
  return {
    name: parameter.name,
    property: toCamelCase(parameter.name),
    in: parameter.in as ParameterPlan['in'],
    type: list ? `readonly ${scalar(parameter.schema.items as Schema)}[]` : scalar(parameter.schema),
    required: parameter.required,
    join: list && !parameter.explode ? joined : undefined,
  };
}

/** The operationId where it can be a name, else the method and the last words of the path. */
function suggestName(operation: Operation): string {
  if (operation.id !== undefined && /^[A-Za-z][A-Za-z0-9_]*$/.test(operation.id)) return operation.id;
  const words = operation.path
    .split('/')
    .filter((word) => word !== '' && !word.startsWith('{') && !/^v\d+$/.test(word));
  const byId = operation.path.endsWith('}') ? ['by', 'id'] : [];
  return [operation.method.toLowerCase(), ...words.slice(-2), ...byId].join('-');
}
