import type { FactInput } from '../../model/rules-input.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { ServicePlan, SystemPlan } from '../../model/service-plan.ts';
import type { SpecNode } from '../../resolve/follow-reference.ts';
import type { PathStep } from '../../source/source-ref.ts';
import { toSwaggerReference } from '../../source/swagger-path.ts';
import { createDescriptionReader } from './find-described-schema.ts';
import type { DescriptionReader } from './find-described-schema.ts';
import { printJsonPath, printName } from './print-json-path.ts';

/** One action of an Overlay 1.0 document. */
export type CorrectionAction = { readonly target: string; readonly description: string } & (
  { readonly update: unknown } | { readonly remove: true }
);

export interface Correction {
  readonly fact: number;
  readonly file: string;
  readonly action: CorrectionAction;
}

/** The facts about a system as changes of its descriptions; what OpenAPI has no words for is left out. */
export function listCorrections(plan: ServicePlan, { system, operations }: SystemPlan): Correction[] {
  const { model } = plan.checked;
  const reader = createDescriptionReader(model.workspace, system.name);
  const facts = model.rules.systems[system.name]?.facts ?? [];
  return facts.flatMap((fact, index) => {
    const edits = fact.schema === undefined ? editCalls(reader, operations, fact) : editSchema(reader, fact);
    return edits.flatMap(({ node, action }) => {
      const path = pathIn(reader, node);
      if (path === undefined) return [];
      const description = fact.because ?? 'found while the integration was built';
      return [
        {
          fact: index,
          file: node.file,
          action: { target: printJsonPath(path) + action.suffix, description, ...action.change },
        },
      ];
    });
  });
}

interface Edit {
  readonly node: SpecNode;
  readonly action: {
    readonly suffix: string;
    readonly change: { readonly update: unknown } | { readonly remove: true };
  };
}

function update(node: SpecNode, value: unknown): Edit {
  return { node, action: { suffix: '', change: { update: value } } };
}

function remove(node: SpecNode, suffix: string): Edit {
  return { node, action: { suffix, change: { remove: true } } };
}

/** Swagger 2.0 is read as 3.0; only what stands among its definitions is at a place that is known in the file itself. */
function pathIn(reader: DescriptionReader, { path, ...node }: SpecNode): readonly PathStep[] | undefined {
  if (reader.dialectOf({ path, ...node }) !== '2.0') return path;
  const [first, second, ...rest] = path;
  return first === 'components' && second === 'schemas' ? ['definitions', ...rest] : undefined;
}

function editCalls(reader: DescriptionReader, operations: SystemPlan['operations'], fact: FactInput): Edit[] {
  const wanted = fact.call?.trim().replaceAll(/\s+/g, ' ').toLowerCase();
  const about = operations.find(
    ({ operation }) => operation.id === fact.call || nameOperation(operation).toLowerCase() === wanted,
  );
  if (about === undefined) return [];
  return (fact.required ?? []).flatMap((path) => {
    const found = reader.findHolder(about.operation, path);
    return found === undefined ? [] : demand(found.holder, found.name);
  });
}

function editSchema(reader: DescriptionReader, fact: FactInput): Edit[] {
  const schema = reader.findSchema(fact);
  if (schema === undefined) return [];
  return [
    ...(fact.optional ?? []).flatMap((name) =>
      reader
        .listParts(schema)
        .filter(({ value: { required } }) => Array.isArray(required) && required.includes(name))
        .map((part) => remove(part, `.required[?@ == ${printName(name)}]`)),
    ),
    ...(fact.required ?? []).flatMap((name) => demand(schema, name)),
    ...(fact.nullable ?? []).flatMap((name) => {
      const property = reader.findProperty(schema, name);
      return property === undefined ? [] : allowNull(reader, property);
    }),
    ...addFields(reader, schema, fact.fields ?? {}),
  ];
}

function demand(schema: SpecNode, name: string): Edit[] {
  const { required } = schema.value;
  return Array.isArray(required) && required.includes(name) ? [] : [update(schema, { required: [name] })];
}

/** Beside a `$ref` nothing is read before OpenAPI 3.1, so the reference goes into a part of its own. */
function allowNull(reader: DescriptionReader, property: SpecNode): Edit[] {
  const { type, enum: members } = property.value;
  const dialect = reader.dialectOf(property);
  const given = property.value['$ref'];
  const $ref = dialect === '2.0' && typeof given === 'string' ? toSwaggerReference(given) : given;
  const isOld = dialect === '2.0' || dialect === '3.0';
  const word = dialect === '2.0' ? 'x-nullable' : 'nullable';
  const listed = Array.isArray(members) && !members.includes(null) ? { enum: [null] } : {};
  if ($ref !== undefined)
    return [
      remove(property, '["$ref"]'),
      update(property, isOld ? { allOf: [{ $ref }], [word]: true } : { anyOf: [{ $ref }, { type: 'null' }] }),
    ];
  if (isOld) return [update(property, { [word]: true, ...listed })];
  if (type === undefined) return Object.keys(listed).length === 0 ? [] : [update(property, listed)];
  return [update(property, { type: Array.isArray(type) ? ['null'] : [type, 'null'], ...listed })];
}

const SHAPES: Readonly<Record<string, { readonly type: string; readonly format?: string }>> = {
  text: { type: 'string' },
  instant: { type: 'string', format: 'date-time' },
  date: { type: 'string', format: 'date' },
  decimal: { type: 'string', format: 'decimal' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
};

function addFields(
  reader: DescriptionReader,
  schema: SpecNode,
  fields: Readonly<Record<string, string>>,
): Edit[] {
  const dialect = reader.dialectOf(schema);
  const added = Object.entries(fields).flatMap(([name, type]): [string, object, boolean][] => {
    const isOptional = type.endsWith('?');
    const shape = SHAPES[isOptional ? type.slice(0, -1) : type];
    if (shape === undefined) return [];
    return [[name, isOptional ? { ...shape, ...nullWord(dialect, shape.type) } : shape, isOptional]];
  });
  const required = added.flatMap(([name, , isOptional]) => (isOptional ? [] : [name]));
  if (added.length === 0) return [];
  const properties = Object.fromEntries(added.map(([name, property]) => [name, property]));
  return [update(schema, { properties, ...(required.length === 0 ? {} : { required }) })];
}

function nullWord(dialect: ReturnType<DescriptionReader['dialectOf']>, type: string): object {
  if (dialect === '2.0') return { 'x-nullable': true };
  return dialect === '3.0' ? { nullable: true } : { type: [type, 'null'] };
}
