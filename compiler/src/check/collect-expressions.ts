import type { Schema } from '../model/api-model.ts';
import { TEMPLATE_TAGS } from '../model/expression-tree.ts';
import type {
  CallInput,
  CallRule,
  Data,
  Expression,
  FieldModel,
  FindModel,
  FlowModel,
  Model,
  TargetModel,
} from '../model/integration-model.ts';
import { declareCustom } from './custom-calls.ts';
import { moduleName } from './declare-types.ts';
import type { TypeDeclarations } from './declare-types.ts';

/** An expression with what it may see. */
export interface ScopedExpression {
  readonly expression: Expression;
  /** As TypeScript parameters: `source: api_crm.Contact`. */
  readonly parameters: string;
  readonly names: readonly string[];
  readonly expects: 'boolean' | 'value' | 'list';
  /** The list of which `each` is one element. */
  readonly element?: Expression;
  /** The record that `source` stands for, where it is in scope. */
  readonly record: Schema | undefined;
}

type Types = ReadonlyMap<string, TypeDeclarations>;

export function collectExpressions(model: Model, types: Types): ScopedExpression[] {
  const config = `config: { ${Object.entries(model.rules.config ?? {})
    .map(([name, type]) => `readonly ${name}: ${type}`)
    .join('; ')} }`;
  const { custom } = model.rules;
  const own = custom === undefined ? '' : `, ${declareCustom(custom)}`;
  const calls = model.systems.flatMap((system) => collectCalls(system.calls));
  return [...calls, ...model.flows.flatMap((flow) => collectFlow(flow, types, { config, own }))];
}

interface Declared {
  readonly config: string;
  /** The user's own functions, behind a comma; empty where there are none. */
  readonly own: string;
}

function collectFlow(flow: FlowModel, types: Types, { config, own }: Declared): ScopedExpression[] {
  const { source } = flow;
  const recordType = typeName(types, source.system.name, source.record);
  const request = (expression: Expression): ScopedExpression => ({
    expression,
    parameters: `since: Instant, ${config}`,
    names: ['since', 'config'],
    expects: 'value',
    record: undefined,
  });
  const finds = flow.find.map((find) => ({ find, type: describeFound(find, types) }));
  const base = (found: readonly string[]): Scope => ({
    parameters: `source: ${recordType}, ${config}, now: Instant${found.length === 0 ? '' : `, found: { ${found.join('; ')} }`}${own}`,
    names: [
      'source',
      'config',
      'now',
      ...(found.length === 0 ? [] : ['found']),
      ...(own === '' ? [] : ['custom']),
    ],
    record: source.record,
  });
  const shared = finds.filter(({ find }) => find.target === undefined).map(({ type }) => type);
  const before = (name: string): readonly TargetModel[] => {
    const index = flow.targets.findIndex((target) => target.name === name);
    return flow.targets.slice(0, index).filter(({ mode }) => mode !== 'update');
  };
  const ownOf = (name: string) => finds.filter(({ find }) => find.target === name);
  return [
    ...collectInput(source.input).map(request),
    ...collectCalls(
      [
        ...source.calls,
        ...flow.find.flatMap(({ calls }) => calls),
        ...flow.targets.flatMap(({ calls }) => calls),
      ].filter((rule, index, rules) => rules.indexOf(rule) === index),
    ),
    ...flow.keep.map((rule): ScopedExpression => ({
      ...base(shared),
      expression: rule.when,
      expects: 'boolean',
    })),
    // A look-up may use what those before it have found.
    ...finds.flatMap(({ find }, index) => {
      const known = finds.slice(0, index).filter((one) => [undefined, find.target].includes(one.find.target));
      const scope = base(known.map(({ type }) => type));
      const whole = find.target === undefined ? scope : withIds(scope, before(find.target));
      return collectInput(find.input).map((expression): ScopedExpression => ({
        ...whole,
        expression,
        expects: 'value',
      }));
    }),
    ...flow.targets.flatMap((target) => {
      const alone = ownOf(target.name).map(({ type }) => type);
      const scope = withIds(base([...shared, ...alone]), before(target.name));
      return collectTarget(target, scope, types, config);
    }),
  ];
}

type Scope = Omit<ScopedExpression, 'expression' | 'expects'>;

/** What the targets before this one call the record: only those that say where their id stands. */
function withIds(scope: Scope, before: readonly TargetModel[]): Scope {
  const known = before.filter(({ id }) => id !== undefined).map(({ name }) => name);
  if (known.length === 0) return scope;
  const members = known.map((name) => `readonly ${JSON.stringify(name)}: string | undefined`).join('; ');
  return {
    ...scope,
    parameters: `${scope.parameters}, ids: { ${members} }`,
    names: [...scope.names, 'ids'],
  };
}

function describeFound(find: FindModel, types: Types): string {
  const one = typeName(types, find.system.name, find.record);
  const type = find.take === 'all' ? `(${one})[]` : find.none === 'blank' ? `${one} | undefined` : one;
  return `readonly ${JSON.stringify(find.name)}: ${type}`;
}

/** What a look-up asks by is never sent blank, so a tag around it is always a text. */
const FILLED_TAGS = TEMPLATE_TAGS.map((tag) => `${tag}: FilledTag`).join(', ');

function collectTarget(target: TargetModel, scope: Scope, types: Types, config: string): ScopedExpression[] {
  const lookUps = target.once.flatMap((once) => (once.kind === 'look-up' ? collectInput(once.input) : []));
  const sentType = describeSent(typeName(types, target.system.name, target.itemSchema), target);
  return [
    ...target.fields.flatMap((field) => collectField(field, scope)),
    ...collectInput(target.input).map((expression): ScopedExpression => ({
      ...scope,
      expression,
      expects: 'value',
    })),
    ...lookUps.map((expression): ScopedExpression => ({
      expression,
      parameters: `sent: ${sentType}, ${config}, ${FILLED_TAGS}`,
      names: ['sent', 'config'],
      expects: 'value',
      record: undefined,
    })),
    ...collectUnless(target, types),
    ...collectError(target, types),
  ];
}

function collectField(field: FieldModel, scope: Scope): ScopedExpression[] {
  const values = field.values.flatMap((entry): ScopedExpression[] =>
    entry.kind === 'expression' ? [{ ...scope, expression: entry.expression, expects: 'value' }] : [],
  );
  const { each } = field;
  if (each === undefined) return values;
  const inside: Scope = { ...scope, names: [...scope.names, 'each'], element: each.list };
  return [
    ...values,
    { ...scope, expression: each.list, expects: 'list' },
    ...each.fields.flatMap((inner) => collectField(inner, inside)),
  ];
}

function collectUnless(target: TargetModel, types: Types): ScopedExpression[] {
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

function collectError({ batch, system }: TargetModel, types: Types): ScopedExpression[] {
  if (batch?.error === undefined) return [];
  return [
    {
      expression: batch.error,
      parameters: `result: ${typeName(types, system.name, batch.result)}`,
      names: ['result'],
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
  const filled = target.fields.flatMap(({ path, each }) =>
    each === undefined && path.steps.every((step) => step.kind === 'name')
      ? [path.steps.map((step) => step.name)]
      : [],
  );
  return itemType === 'any' || filled.length === 0
    ? itemType
    : `${itemType} & ${describeFilled(filled, target.itemSchema)}`;
}

/** @param paths of members that are there and not null @param schema of the object that holds them */
export function describeFilled(paths: readonly (readonly string[])[], schema: Schema | undefined): string {
  const groups = Map.groupBy(
    paths.filter((path) => path.length > 0),
    (path) => path[0] ?? '',
  );
  if (groups.size === 0) return '{}';
  const members = [...groups].map(([name, group]) => {
    const property = schema?.properties.get(name)?.schema;
    const below = group.map((path) => path.slice(1));
    // Beside a member that is named here, TypeScript forgets what the open map holds.
    const type = property === undefined ? primitiveOf(schema?.additional) : undefined;
    return `readonly ${JSON.stringify(name)}: ${type ?? describeFilled(below, property ?? schema?.additional)}`;
  });
  return `{ ${members.join('; ')} }`;
}

const PRIMITIVES: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
};

function primitiveOf(schema: Schema | undefined): string | undefined {
  const [type, ...others] = schema?.types ?? [];
  return type === undefined || others.length > 0 || schema?.enum !== undefined ? undefined : PRIMITIVES[type];
}
