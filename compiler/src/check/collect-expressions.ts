import type { Schema } from '../model/api-model.ts';
import type {
  CallInput,
  CallRule,
  Data,
  Expression,
  FlowModel,
  Model,
  TargetModel,
} from '../model/integration-model.ts';
import { moduleName } from './declare-types.ts';
import type { TypeDeclarations } from './declare-types.ts';

/** An expression with what it may see. */
export interface ScopedExpression {
  readonly expression: Expression;
  /** As TypeScript parameters: `source: api_crm.Contact`. */
  readonly parameters: string;
  readonly names: readonly string[];
  readonly expects: 'boolean' | 'value';
  /** The record that `source` stands for, where it is in scope. */
  readonly record: Schema | undefined;
}

type Types = ReadonlyMap<string, TypeDeclarations>;

export function collectExpressions(model: Model, types: Types): ScopedExpression[] {
  const config = `config: { ${Object.entries(model.rules.config ?? {})
    .map(([name, type]) => `readonly ${name}: ${type}`)
    .join('; ')} }`;
  const calls = model.systems.flatMap((system) => collectCalls(system.calls));
  return [...calls, ...model.flows.flatMap((flow) => collectFlow(flow, types, config))];
}

function collectFlow(flow: FlowModel, types: Types, config: string): ScopedExpression[] {
  const { source, target } = flow;
  const recordType = typeName(types, source.system.name, source.record);
  const record = {
    parameters: `source: ${recordType}, ${config}, now: Instant`,
    names: ['source', 'config', 'now'],
    record: source.record,
  };
  const value = (expression: Expression): ScopedExpression => ({ ...record, expression, expects: 'value' });
  const request = (expression: Expression): ScopedExpression => ({
    expression,
    parameters: `since: Instant, ${config}`,
    names: ['since', 'config'],
    expects: 'value',
    record: undefined,
  });
  const fields = target.fields.flatMap((field) =>
    field.values.flatMap((entry) => (entry.kind === 'expression' ? [entry.expression] : [])),
  );
  const lookUps = target.once.flatMap((once) => (once.kind === 'look-up' ? collectInput(once.input) : []));
  const sentType = describeSent(typeName(types, target.system.name, target.itemSchema), target);
  return [
    ...collectInput(source.input).map(request),
    ...collectCalls(
      [...source.calls, ...target.calls].filter((rule, index, all) => all.indexOf(rule) === index),
    ),
    ...flow.keep.map((rule): ScopedExpression => ({ ...record, expression: rule.when, expects: 'boolean' })),
    ...fields.map(value),
    ...collectInput(target.input).map(value),
    ...lookUps.map((expression): ScopedExpression => ({
      expression,
      parameters: `sent: ${sentType}, ${config}`,
      names: ['sent', 'config'],
      expects: 'value',
      record: undefined,
    })),
    ...collectUnless(flow, types),
  ];
}

function collectUnless(flow: FlowModel, types: Types): ScopedExpression[] {
  const { target } = flow;
  if (target.unless === undefined) return [];
  const type = target.answer === undefined ? 'any' : typeName(types, target.system.name, target.answer);
  return [
    {
      expression: target.unless,
      parameters: `body: ${type}`,
      names: ['body'],
      expects: 'boolean',
      record: undefined,
    },
  ];
}

function collectCalls(rules: readonly CallRule[]): ScopedExpression[] {
  return rules.flatMap((rule) =>
    rule.when === undefined
      ? []
      : [
          {
            expression: rule.when,
            parameters: 'status: number, headers: Record<string, string | undefined>, body: any',
            names: ['status', 'headers', 'body'],
            expects: 'boolean' as const,
            record: undefined,
          },
        ],
  );
}

export function collectInput(input: CallInput): Expression[] {
  return [...input.parameters.map(({ value }) => value), ...input.body.map(({ value }) => value)].flatMap(
    collectData,
  );
}

function collectData(data: Data): Expression[] {
  if (data.kind === 'expression') return [data.expression];
  if (data.kind === 'list') return data.items.flatMap(collectData);
  return data.kind === 'map' ? data.entries.flatMap(([, value]) => collectData(value)) : [];
}

function typeName(types: Types, system: string, schema: Schema): string {
  const name = types.get(system)?.nameOf(schema);
  return name === undefined ? 'any' : `${moduleName(system)}.${name}`;
}

/**
 * The type of `sent`. A field that a look-up stands on is never sent blank (its decisions only park the record),
 * so what the mapping fills is there: `Contact & { readonly number: {} }`. Below a list nothing is narrowed.
 */
export function describeSent(itemType: string, target: TargetModel): string {
  const filled = target.fields.flatMap(({ path }) =>
    path.steps.every((step) => step.kind === 'name') ? [path.steps.map((step) => step.name)] : [],
  );
  return itemType === 'any' || filled.length === 0 ? itemType : `${itemType} & ${narrow(filled)}`;
}

function narrow(paths: readonly (readonly string[])[]): string {
  const groups = Map.groupBy(
    paths.filter((path) => path.length > 0),
    (path) => path[0] ?? '',
  );
  if (groups.size === 0) return '{}';
  const members = [...groups].map(
    ([name, group]) => `readonly ${JSON.stringify(name)}: ${narrow(group.map((path) => path.slice(1)))}`,
  );
  return `{ ${members.join('; ')} }`;
}
