import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { JsonType, Property, Schema } from '../model/api-model.ts';
import type { Scalar } from '../model/rules-input.ts';
import type { Json, JsonObject, SpecDocument } from '../model/workspace.ts';
import { valueAt } from '../source/source-ref.ts';
import type { PathStep } from '../source/source-ref.ts';

/** A node of a description and where it stands. */
export interface SpecNode {
  readonly file: string;
  readonly path: readonly PathStep[];
  readonly value: JsonObject;
}

export interface SchemaBuilder {
  build(node: SpecNode): Schema;
  /** Follows `$ref` as often as it takes; undefined (and a finding) where it leads nowhere. */
  follow(node: SpecNode): SpecNode | undefined;
  readonly found: readonly Diagnostic[];
}

export type MutableSchema = { -readonly [K in keyof Schema]: Schema[K] } & { properties: Map<string, Property> };

/** Corrects a named schema as soon as it is built: facts. */
export type SchemaHook = (name: string, schema: MutableSchema) => void;

const TYPES: readonly string[] = ['string', 'number', 'integer', 'boolean', 'object', 'array'];
const MAX_HOPS = 50;

/** Builds schemas on demand, each node once, so that circular references end and unreached parts cost nothing. */
export function createSchemaBuilder(documents: ReadonlyMap<string, SpecDocument>, correct: SchemaHook): SchemaBuilder {
  const built = new Map<JsonObject, MutableSchema>();
  const found: Diagnostic[] = [];

  const follow = (node: SpecNode): SpecNode | undefined => {
    let current = node;
    for (let hop = 0; typeof current.value['$ref'] === 'string'; hop += 1) {
      const next = hop < MAX_HOPS ? findReference(documents, current, current.value['$ref']) : undefined;
      if (next === undefined) {
        const ref = current.value['$ref'];
        const at = valueAt(current.file, [...current.path, '$ref']);
        found.push(createDiagnostic('ref-not-found', { ref, near: hintForReference(documents, current, ref) }, at));
        return undefined;
      }
      current = next;
    }
    return current;
  };

  const build = (given: SpecNode): Schema => {
    const node = follow(given);
    if (node === undefined) return blankSchema(given);
    const known = built.get(node.value);
    if (known !== undefined) return known;
    const schema = blankSchema(node);
    built.set(node.value, schema);
    fill(schema, node, build);
    if (schema.name !== undefined) correct(schema.name, schema);
    return schema;
  };
  return { build, follow, found };
}

function findReference(documents: ReadonlyMap<string, SpecDocument>, from: SpecNode, ref: string): SpecNode | undefined {
  const [location = '', pointer = ''] = ref.split('#');
  const file = location === '' ? from.file : resolvePath(from.file, location);
  const document = documents.get(file);
  if (document === undefined) return undefined;
  const path = decodePointer(pointer);
  let value: Json | undefined = document.value;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as JsonObject)[step];
  }
  return isObject(value) ? { file, path, value } : undefined;
}

/** RFC 6901 inside a URI fragment: percent-decoded first, then `~1` and `~0`. */
function decodePointer(pointer: string): string[] {
  const decode = (step: string): string => {
    try {
      return decodeURIComponent(step);
    } catch {
      return step;
    }
  };
  return pointer
    .split('/')
    .slice(1)
    .map((step) => decode(step).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function resolvePath(from: string, location: string): string {
  return new URL(location, `file://${from}`).pathname;
}

function hintForReference(documents: ReadonlyMap<string, SpecDocument>, from: SpecNode, ref: string): string {
  const path = decodePointer(ref.split('#')[1] ?? '');
  const siblings = documents.get(from.file)?.value['components'];
  const section = isObject(siblings) ? siblings[path[1] ?? ''] : undefined;
  return isObject(section) ? didYouMean(path.at(-1) ?? '', Object.keys(section)) : '';
}

function blankSchema(node: SpecNode): MutableSchema {
  const isComponent = node.path.length === 3 && node.path[0] === 'components' && node.path[1] === 'schemas';
  return {
    origin: valueAt(node.file, node.path),
    name: isComponent ? String(node.path[2]) : undefined,
    types: [],
    nullable: false,
    readOnly: false,
    format: undefined,
    enum: undefined,
    minLength: undefined,
    maxLength: undefined,
    pattern: undefined,
    minimum: undefined,
    maximum: undefined,
    multipleOf: undefined,
    items: undefined,
    properties: new Map(),
    additional: undefined,
    variants: [],
    meaning: undefined,
  };
}

function fill(schema: MutableSchema, node: SpecNode, build: (node: SpecNode) => Schema): void {
  const value = node.value;
  const types = [value['type']].flat().filter((type) => typeof type === 'string') as string[];
  schema.types = types.filter((type) => TYPES.includes(type)) as JsonType[];
  schema.nullable = value['nullable'] === true || types.includes('null');
  schema.readOnly = value['readOnly'] === true;
  schema.format = text(value['format']);
  schema.pattern = text(value['pattern']);
  schema.minLength = count(value['minLength']);
  schema.maxLength = count(value['maxLength']);
  schema.minimum = count(value['minimum']);
  schema.maximum = count(value['maximum']);
  schema.multipleOf = count(value['multipleOf']);
  fillEnum(schema, value);
  if (isObject(value['items'])) schema.items = build(child(node, value['items'], 'items'));
  fillProperties(schema, node, build);
  fillCompositions(schema, node, build);
  if (schema.types.length === 0 && schema.properties.size > 0) schema.types = ['object'];
  if (schema.types.length === 0 && schema.items !== undefined) schema.types = ['array'];
}

/** 3.1's `const` is an enumeration of one; a `null` among the members makes the schema nullable. */
function fillEnum(schema: MutableSchema, value: JsonObject): void {
  const members = 'const' in value ? [value['const']] : value['enum'];
  if (!Array.isArray(members)) return;
  schema.enum = members.filter((member) => member !== null && typeof member !== 'object') as Scalar[];
  if (members.includes(null)) schema.nullable = true;
}

function fillProperties(schema: MutableSchema, node: SpecNode, build: (node: SpecNode) => Schema): void {
  const { properties, additionalProperties: additional } = node.value;
  const required = new Set(Array.isArray(node.value['required']) ? (node.value['required'] as Json[]) : []);
  if (isObject(properties)) {
    for (const [name, property] of Object.entries(properties)) {
      if (!isObject(property)) continue;
      const built = build(child(node, property, 'properties', name));
      schema.properties.set(name, { schema: withSiblings(built, property), required: required.has(name) });
    }
  }
  if (isObject(additional)) schema.additional = build(child(node, additional, 'additionalProperties'));
  else if (additional === true) schema.additional = { ...blankSchema(child(node, {}, 'additionalProperties')) };
}

/** Keys beside `$ref`: 3.1 lets them add to the reference, and vendors write them in 3.0 too. */
function withSiblings(schema: Schema, property: JsonObject): Schema {
  if (typeof property['$ref'] !== 'string') return schema;
  const nullable = property['nullable'] === true || schema.nullable;
  const readOnly = property['readOnly'] === true || schema.readOnly;
  return nullable === schema.nullable && readOnly === schema.readOnly ? schema : { ...schema, nullable, readOnly };
}

function fillCompositions(schema: MutableSchema, node: SpecNode, build: (node: SpecNode) => Schema): void {
  for (const [index, part] of listNodes(node, 'allOf')) mergePart(schema, build(child(node, part, 'allOf', index)));
  const variants: Schema[] = [];
  for (const keyword of ['oneOf', 'anyOf']) {
    for (const [index, part] of listNodes(node, keyword)) {
      if (part['type'] === 'null') schema.nullable = true;
      else variants.push(build(child(node, part, keyword, index)));
    }
  }
  const [only] = variants;
  if (variants.length === 1 && only !== undefined) mergePart(schema, only);
  else schema.variants = variants;
  if (variants.some((variant) => variant.nullable)) schema.nullable = true;
}

function mergePart(schema: MutableSchema, part: Schema): void {
  for (const [name, property] of part.properties) {
    const held = schema.properties.get(name);
    schema.properties.set(name, held === undefined ? property : { ...property, required: property.required || held.required });
  }
  if (schema.types.length === 0) schema.types = part.types;
  schema.nullable ||= part.nullable && schema.properties.size === 0;
  schema.readOnly ||= part.readOnly;
  schema.format ??= part.format;
  schema.enum ??= part.enum;
  schema.pattern ??= part.pattern;
  schema.minLength ??= part.minLength;
  schema.maxLength ??= part.maxLength;
  schema.minimum ??= part.minimum;
  schema.maximum ??= part.maximum;
  schema.multipleOf ??= part.multipleOf;
  schema.items ??= part.items;
  schema.additional ??= part.additional;
  if (schema.variants.length === 0) schema.variants = part.variants;
}

function listNodes(node: SpecNode, keyword: string): [number, JsonObject][] {
  const parts = node.value[keyword];
  if (!Array.isArray(parts)) return [];
  return (parts as Json[]).flatMap((part, index) => (isObject(part) ? [[index, part] as [number, JsonObject]] : []));
}

export function child(node: SpecNode, value: JsonObject, ...steps: readonly PathStep[]): SpecNode {
  return { file: node.file, path: [...node.path, ...steps], value };
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Descriptions write numbers as text now and then (`maxLength: "255"`). */
function count(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}
