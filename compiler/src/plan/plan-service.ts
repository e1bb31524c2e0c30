import { identify } from '../check/declare-types.ts';
import { collectInput } from '../check/collect-expressions.ts';
import type { Operation, Parameter, Schema } from '../model/api-model.ts';
import type { CheckedFlow, CheckedModel } from '../model/checked-model.ts';
import type { CallInput, FlowModel, OnceModel, PagesModel, SystemModel } from '../model/integration-model.ts';
import type {
  FlowPlan,
  OperationPlan,
  ParameterPlan,
  ServicePlan,
  SystemPlan,
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
  const { source, target } = flow;
  const lookUp = target.once.find((once) => once.kind === 'look-up');
  const mapping = planMapping(checked, entry, names);
  const name = toCamelCase(flow.name);
  const typeOf = (system: SystemModel, schema: Schema | undefined): string | undefined =>
    schema === undefined ? undefined : checked.types.get(system.name)?.nameOf(identify(schema));
  const types = {
    record: typeOf(source.system, source.record) ?? 'unknown',
    answer: typeOf(source.system, source.answer) ?? 'unknown',
    writeAnswer: typeOf(target.system, target.answer),
    found: typeOf(target.system, lookUp?.answer) ?? 'unknown',
  };
  const { read, write, find } = planCalls(flow, lookUp, plan);
  const { localName, renamed } = settleImports(
    [
      { system: source.system.name, names: [types.record, types.answer, read.functionName] },
      {
        system: target.system.name,
        names: [mapping.itemType, types.writeAnswer, types.found, write.functionName, find?.functionName],
      },
    ],
    [name, mapping.functionName],
  );
  const ofSource = (given: string): string => localName(source.system.name, given);
  const ofTarget = (given: string): string => localName(target.system.name, given);
  return {
    flow,
    checked: entry,
    file: `src/flows/${toKebabCase(flow.name)}.ts`,
    name,
    usesConfig: mapping.usesConfig || callsUseConfig(checked, flow, lookUp),
    recordType: ofSource(types.record),
    answerType: ofSource(types.answer),
    read: { ...read, functionName: ofSource(read.functionName) },
    write: { ...write, functionName: ofTarget(write.functionName) },
    writeAnswerType: types.writeAnswer && ofTarget(types.writeAnswer),
    lookUp: find && {
      operation: { ...find, functionName: ofTarget(find.functionName) },
      answerType: ofTarget(types.found),
    },
    mapping: { ...mapping, itemType: ofTarget(mapping.itemType) },
    renamed,
    shape: planShape(entry),
  };
}

type LookUp = Extract<OnceModel, { readonly kind: 'look-up' }>;

function planCalls({ source, target }: FlowModel, lookUp: LookUp | undefined, plan: PlanOne) {
  const read = plan({
    operation: source.operation,
    input: source.input,
    filled: listPageNames(source.pages),
    rule: childOf(source.origin, 'read'),
  });
  const write = plan({
    operation: target.operation,
    input: target.input,
    filled: [],
    rule: childOf(target.origin, target.mode),
  });
  if (lookUp === undefined) return { read, write, find: undefined };
  const { operation, input, pages, origin } = lookUp;
  return { read, write, find: plan({ operation, input, filled: listPageNames(pages), rule: origin }) };
}

function callsUseConfig(checked: CheckedModel, flow: FlowModel, lookUp: LookUp | undefined): boolean {
  const expressions = [
    ...collectInput(flow.source.input),
    ...collectInput(flow.target.input),
    ...(lookUp === undefined ? [] : collectInput(lookUp.input)),
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
function planShape(entry: CheckedFlow): FlowPlan['shape'] {
  return entry.reads.flatMap((path) => {
    const field = findField(entry.flow.source.record, path);
    if (
      field.kind === 'missing' ||
      path.steps.some((step) => step.kind === 'name' && /[.[\]]/.test(step.name))
    )
      return [];
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
      (parameter.in === 'query' && use.filled.includes(parameter.name)),
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
