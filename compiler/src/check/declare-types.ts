import { astToString, transformSchemaObject } from 'openapi-typescript';
import type { GlobalContext, SchemaObject } from 'openapi-typescript';
import type { Property, Schema } from '../model/api-model.ts';

/**
 * TypeScript declarations for schemas, made by openapi-typescript from a description that holds only them.
 * Names and structure are ours and safe; no prose of the description reaches the text.
 */
export interface TypeDeclarations {
  readonly text: string;
  /** The declared name of a schema, for schemas that have one. */
  nameOf(schema: Schema): string | undefined;
}

/** Which properties of an object, or members of an enumeration, are used; what is absent is whole. Keyed by `identify`. */
export type Slice = ReadonlyMap<string, ReadonlySet<string>>;

export interface NamedRoot {
  readonly name: string;
  readonly schema: Schema;
}

/** Copies of one schema (made nullable, made optional) are the same thing in the same place. */
export function identify(schema: Schema): string {
  return `${schema.origin.file}#${schema.origin.path.join('/')}`;
}

/** The module that holds a system's declarations while expressions are checked. */
export function moduleName(system: string): string {
  return `api_${system.replaceAll('-', '_')}`;
}

export function declareTypes(roots: readonly NamedRoot[], slice?: Slice): TypeDeclarations {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const queue: { readonly name: string; readonly schema: Schema }[] = [];
  const nameSchema = (schema: Schema, wanted: string): string => {
    const key = identify(schema);
    const known = names.get(key);
    if (known !== undefined) return known;
    const name = allocate(wanted, taken);
    names.set(key, name);
    queue.push({ name, schema });
    return name;
  };
  for (const root of roots) nameSchema(root.schema, root.schema.name ?? root.name);
  const texts: string[] = [];
  for (const { name, schema } of queue) {
    const node = describe(schema, { slice, nameSchema, above: [] });
    texts.push(declare(name, node));
  }
  return { text: texts.join('\n'), nameOf: (schema) => names.get(identify(schema)) };
}

function allocate(wanted: string, taken: Set<string>): string {
  const words = wanted.split(/[^A-Za-z0-9]+/).filter(Boolean);
  const joined = words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
  const base = /^[A-Z]/.test(joined) && !RESERVED.has(joined) ? joined : `Api${joined}`;
  let name = base;
  for (let count = 2; taken.has(name); count += 1) name = `${base}${count}`;
  taken.add(name);
  return name;
}

const RESERVED = new Set([
  'Record',
  'Partial',
  'Promise',
  'String',
  'Number',
  'Boolean',
  'Object',
  'Array',
  'Function',
  'Instant',
  'Date',
  'Config',
  'System',
  'ApiRequest',
  'Mapper',
]);

interface Describing {
  readonly slice: Slice | undefined;
  readonly nameSchema: (schema: Schema, wanted: string) => string;
  /** What this schema stands inside, by `identify`; empty where it is declared by name itself. */
  readonly above: readonly string[];
}

function describe(schema: Schema, describing: Describing): SchemaObject {
  const { slice, nameSchema, above } = describing;
  const id = identify(schema);
  const isRoot = above.length === 0;
  const named = !isRoot && schema.name !== undefined && schema.enum === undefined && isComposite(schema);
  // A schema without a name that holds itself gets one from its place, or writing it out would never end.
  if (named || above.includes(id)) {
    const reference = {
      $ref: `#/components/schemas/${nameSchema(schema, schema.name ?? `${schema.origin.path.at(-1) ?? 'node'}`)}`,
    };
    return (schema.nullable
      ? { anyOf: [reference, { type: 'null' }] }
      : reference) as unknown as SchemaObject;
  }
  const inner = (child: Schema): SchemaObject =>
    describe(child, { slice, nameSchema, above: [...above, id] });
  const used = slice?.get(id);
  const properties = [...schema.properties, ...listMembers(schema, used)].filter(
    ([name]) => used === undefined || used.has(name),
  );
  const node: Record<string, unknown> = {};
  if (schema.types.length > 0)
    node['type'] = schema.nullable && !isRoot ? [...schema.types, 'null'] : [...schema.types];
  if (schema.enum !== undefined) {
    const members = schema.enum.filter((member) => used === undefined || used.has(String(member)));
    node['enum'] = schema.nullable && !isRoot ? [...members, null] : members;
    delete node['type'];
  }
  if (properties.length > 0) {
    node['properties'] = Object.fromEntries(
      properties.map(([name, property]) => [name, inner(property.schema)]),
    );
    node['required'] = properties.filter(([, property]) => property.required).map(([name]) => name);
  }
  if (schema.items !== undefined) node['items'] = inner(schema.items);
  // A form that describes nothing (it may only say what is required) would make anything of what is described beside it.
  const isOpen = schema.variants.some(
    (variant) => variant.types.length === 0 && !isComposite(variant) && variant.enum === undefined,
  );
  if (schema.variants.length > 0 && !(isOpen && properties.length > 0))
    node['anyOf'] = [
      ...schema.variants.map(inner),
      ...(schema.nullable && !isRoot ? [{ type: 'null' }] : []),
    ];
  // In a slice every member that is used stands by its name, so the open map itself is not part of it.
  if (schema.additional !== undefined && used === undefined)
    node['additionalProperties'] = inner({ ...schema.additional, nullable: true });
  if (typeof node['type'] === 'object' && (node['type'] as string[]).length === 1)
    node['type'] = (node['type'] as string[])[0];
  return node as unknown as SchemaObject;
}

/** The members of an open map that a slice uses: any of them can be missing. */
function listMembers(
  { additional, properties }: Schema,
  used: ReadonlySet<string> | undefined,
): [string, Property][] {
  if (additional === undefined || used === undefined) return [];
  return [...used]
    .filter((name) => !properties.has(name))
    .map((name) => [name, { schema: { ...additional, nullable: true }, required: false }]);
}

function isComposite(schema: Schema): boolean {
  return (
    schema.properties.size > 0 ||
    schema.items !== undefined ||
    schema.variants.length > 0 ||
    schema.additional !== undefined
  );
}

const CONTEXT = {
  additionalProperties: false,
  alphabetize: false,
  arrayLength: false,
  defaultNonNullable: false,
  discriminators: { objects: {}, refsHandled: [] },
  emptyObjectsUnknown: true,
  enum: false,
  excludeDeprecated: false,
  exportType: false,
  immutable: false,
  injectFooter: [],
  pathParamsAsTypes: false,
  silent: true,
  resolve: () => undefined,
} as unknown as GlobalContext;

function declare(name: string, node: SchemaObject): string {
  const type = transformSchemaObject(node, { path: `#/components/schemas/${name}`, ctx: CONTEXT });
  const text = astToString(type)
    .trim()
    .replaceAll(/^ *\/\*\* @(?:enum|constant)[^\n]*\*\/\n/gm, '')
    .replaceAll(/components\["schemas"\]\["([A-Za-z0-9]+)"\]/g, '$1');
  return text.startsWith('{') && text.endsWith('}') && !/\}\s*[&|]/.test(text)
    ? `export interface ${name} ${text}\n`
    : `export type ${name} = ${text};\n`;
}
