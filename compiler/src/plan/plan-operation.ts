import { identify } from '../check/declare-types.ts';
import type { Operation, Parameter, Schema } from '../model/api-model.ts';
import type { CheckedModel } from '../model/checked-model.ts';
import type { CallInput } from '../model/integration-model.ts';
import type { OperationPlan, ParameterPlan } from '../model/service-plan.ts';
import { formatPath } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { toCamelCase } from './allocate-names.ts';
import type { NameAllocator } from './allocate-names.ts';

export type PlanOne = (use: OperationUse) => OperationPlan;

export interface OperationUse {
  readonly operation: Operation;
  readonly input: CallInput;
  /** Parameters that paging fills. */
  readonly filled: readonly string[];
  /** The rule that makes the call. */
  readonly rule: SourceRef;
}

/** One function of a system's file; what several rules give it is merged. */
export function planOperation(
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
