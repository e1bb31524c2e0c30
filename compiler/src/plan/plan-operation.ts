import { identify } from '../check/declare-types.ts';
import type { Operation, Parameter, Schema } from '../model/api-model.ts';
import type { CheckedModel } from '../model/checked-model.ts';
import { isPlainJson } from '../model/media-type.ts';
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
  const body = operation.body?.schema;
  const merged: ParameterPlan[] = [...(previous?.parameters ?? [])];
  for (const parameter of used) {
    if (merged.some((held) => held.name === parameter.name && held.in === parameter.in)) continue;
    const taken = new Set(['body', ...merged.map(({ property }) => property)]);
    merged.push(planParameter(parameter, taken));
  }
  const file = `systems/${operation.system}`;
  const functionName = names.allocate(`operation:${key}`, suggestName(operation), file);
  const plan: OperationPlan = {
    operation,
    functionName,
    parameters: merged,
    bodyType: body === undefined ? undefined : checked.types.get(operation.system)?.nameOf(identify(body)),
    formatName:
      operation.body === undefined || isPlainJson(operation.body.mediaType)
        ? undefined
        : names.allocate(`format:${key}`, `${functionName}-format`, file),
    rule: previous?.rule ?? formatPath(use.rule.path),
  };
  known.set(key, plan);
  return plan;
}

/** @param taken what the properties of the same input are called: `DateSent<` and `DateSent>` are two */
function planParameter(parameter: Parameter, taken: ReadonlySet<string>): ParameterPlan {
  const { name, schema, style, explode, required } = parameter;
  const scalar = ({ types: [type] }: Schema): string =>
    type === 'integer' || type === 'number' ? 'number' : type === 'boolean' ? 'boolean' : 'string';
  const isObject = schema.properties.size > 0 || schema.additional !== undefined;
  const kind = schema.items !== undefined ? 'list' : isObject ? 'object' : 'scalar';
  const type = {
    list: `readonly ${scalar(schema.items ?? schema)}[]`,
    object: 'Readonly<Record<string, unknown>>',
    // An id that an answer gave is sent as it was given: an int64 has more digits than a number holds.
    scalar: parameter.in === 'path' && scalar(schema) === 'number' ? 'number | string' : scalar(schema),
  }[kind];
  const base = toCamelCase(name);
  let property = base;
  for (let count = 2; taken.has(property); count += 1) property = `${base}${count}`;
  return { name, property, in: parameter.in, type, required, kind, style, explode };
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
