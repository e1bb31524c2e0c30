import type { JsonType, Property, Schema } from '../model/api-model.ts';
import type { Scalar } from '../model/rules-input.ts';
import type { Json, JsonObject } from '../model/workspace.ts';
import { valueAt } from '../source/source-ref.ts';
import type { PathStep } from '../source/source-ref.ts';
import { isObject } from './follow-reference.ts';
import type { SpecNode } from './follow-reference.ts';
import { readXmlHint } from './read-xml-hint.ts';

export type MutableSchema = { -readonly [K in keyof Schema]: Schema[K] } & {
  properties: Map<string, Property>;
};

export interface SchemaTools {
  build(node: SpecNode): Schema;
  /** Completes a schema now, where it is still waiting. */
  finish(schema: Schema): void;
  /** Completes a schema once everything that it names is filled. */
  defer(schema: Schema, run: () => void): void;
}

const TYPES: readonly string[] = ['string', 'number', 'integer', 'boolean', 'object', 'array'];

export function blankSchema(node: SpecNode): MutableSchema {
  const isComponent = node.path.length === 3 && node.path[0] === 'components' && node.path[1] === 'schemas';
  return {
    origin: valueAt(node.file, node.path),
    name: isComponent ? String(node.path[2]) : undefined,
    types: [],
    nullable: false,
    readOnly: false,
    writeOnly: false,
    deprecated: false,
    format: undefined,
    enum: undefined,
    minLength: undefined,
    maxLength: undefined,
    pattern: undefined,
    minimum: undefined,
    maximum: undefined,
    exclusiveMinimum: undefined,
    exclusiveMaximum: undefined,
    multipleOf: undefined,
    minItems: undefined,
    maxItems: undefined,
    default: undefined,
    contentEncoding: undefined,
    items: undefined,
    properties: new Map(),
    additional: undefined,
    closed: false,
    discriminator: undefined,
    variants: [],
    meaning: undefined,
    xml: undefined,
  };
}

/** Stands for what a broken reference should have led to: it has every member, so that one mistake is one finding. */
export function unknownSchema(node: SpecNode): Schema {
  const schema = blankSchema(node);
  schema.items = schema;
  schema.additional = schema;
  return schema;
}

/** Fills in what the node itself says; the function that comes back adds what it takes from others. */
export function fillSchema(schema: MutableSchema, node: SpecNode, tools: SchemaTools): () => void {
  const value = node.value;
  const types = [value['type']].flat().filter((type) => typeof type === 'string') as string[];
  schema.types = types.filter((type) => TYPES.includes(type)) as JsonType[];
  schema.nullable = value['nullable'] === true || types.includes('null');
  schema.readOnly = value['readOnly'] === true;
  schema.writeOnly = value['writeOnly'] === true;
  schema.deprecated = value['deprecated'] === true;
  schema.format = isBinary(value) ? 'binary' : text(value['format']);
  schema.xml = readXmlHint(value['xml']);
  schema.pattern = text(value['pattern']);
  schema.minLength = count(value['minLength']);
  schema.maxLength = count(value['maxLength']);
  schema.multipleOf = count(value['multipleOf']);
  schema.minItems = count(value['minItems']);
  schema.maxItems = count(value['maxItems']);
  schema.default = value['default'];
  schema.contentEncoding = text(value['contentEncoding']);
  schema.discriminator = readDiscriminator(value['discriminator']);
  fillRange(schema, value);
  fillEnum(schema, value);
  if (isObject(value['items'])) schema.items = tools.build(child(node, value['items'], 'items'));
  fillProperties(schema, node, tools);
  const mergeCompositions = readCompositions(schema, node, tools);
  return () => {
    mergeCompositions();
    if (schema.types.length === 0 && schema.properties.size > 0) schema.types = ['object'];
    if (schema.types.length === 0 && schema.items !== undefined) schema.types = ['array'];
  };
}

/** 3.1 says of bytes what they are of; 3.0 has a format for them. What is encoded as text is text. */
function isBinary(value: JsonObject): boolean {
  const type = text(value['contentMediaType']);
  return (
    type !== undefined &&
    !/^(?:text\/|application\/(?:.*\+)?json)/.test(type) &&
    value['contentEncoding'] === undefined
  );
}

function readDiscriminator(given: Json | undefined): Schema['discriminator'] {
  if (!isObject(given) || typeof given['propertyName'] !== 'string') return undefined;
  const { propertyName: property, mapping } = given;
  const entries = isObject(mapping) ? Object.entries(mapping) : [];
  return { property, mapping: Object.fromEntries(entries.map(([name, ref]) => [name, String(ref)])) };
}

/** 3.0 marks a bound as exclusive with `true`, 3.1 gives an exclusive bound as a number. */
function fillRange(schema: MutableSchema, value: JsonObject): void {
  const whole = schema.types.length === 1 && schema.types[0] === 'integer';
  const lower =
    value['exclusiveMinimum'] === true ? count(value['minimum']) : count(value['exclusiveMinimum']);
  const upper =
    value['exclusiveMaximum'] === true ? count(value['maximum']) : count(value['exclusiveMaximum']);
  const above = whole && lower !== undefined ? Math.floor(lower) + 1 : lower;
  const below = whole && upper !== undefined ? Math.ceil(upper) - 1 : upper;
  schema.minimum = largest(count(value['minimum']), above);
  schema.maximum = smallest(count(value['maximum']), below);
  schema.exclusiveMinimum = whole || lower !== schema.minimum ? undefined : lower;
  schema.exclusiveMaximum = whole || upper !== schema.maximum ? undefined : upper;
}

function largest(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? (left ?? right) : Math.max(left, right);
}

function smallest(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? (left ?? right) : Math.min(left, right);
}

/** 3.1's `const` is an enumeration of one; a `null` among the members makes the schema nullable. */
function fillEnum(schema: MutableSchema, value: JsonObject): void {
  const members = 'const' in value ? [value['const']] : value['enum'];
  if (!Array.isArray(members)) return;
  schema.enum = members.filter((member) => member !== null && typeof member !== 'object') as Scalar[];
  if (members.includes(null)) schema.nullable = true;
}

function fillProperties(schema: MutableSchema, node: SpecNode, tools: SchemaTools): void {
  const { properties, additionalProperties: additional } = node.value;
  const required = new Set(Array.isArray(node.value['required']) ? (node.value['required'] as Json[]) : []);
  if (isObject(properties)) {
    // By name, so that a description whose keys are in another order gives the same service.
    const sorted = Object.entries(properties).toSorted(([left], [right]) => (left < right ? -1 : 1));
    for (const [name, property] of sorted) {
      if (!isObject(property)) continue;
      const place = child(node, property, 'properties', name);
      schema.properties.set(name, {
        schema: withSiblings(tools.build(place), property, tools),
        required: required.has(name),
      });
    }
  }
  schema.closed = additional === false || node.value['unevaluatedProperties'] === false;
  if (isObject(additional)) schema.additional = tools.build(child(node, additional, 'additionalProperties'));
  else if (additional === true)
    schema.additional = { ...blankSchema(child(node, {}, 'additionalProperties')) };
}

/** Keys beside `$ref`: 3.1 lets them add to the reference, and vendors write them in 3.0 too. */
function withSiblings(schema: Schema, property: JsonObject, tools: SchemaTools): Schema {
  if (
    typeof property['$ref'] !== 'string' ||
    (property['nullable'] !== true && property['readOnly'] !== true)
  )
    return schema;
  const own = {
    ...(property['nullable'] === true && { nullable: true }),
    ...(property['readOnly'] === true && { readOnly: true }),
  };
  const copy: Schema = { ...schema, ...own };
  tools.defer(copy, () => {
    tools.finish(schema);
    Object.assign(copy, schema, own);
  });
  return copy;
}

function readCompositions(schema: MutableSchema, node: SpecNode, tools: SchemaTools): () => void {
  const parts = listNodes(node, 'allOf').map(([index, part]) =>
    tools.build(child(node, part, 'allOf', index)),
  );
  const variants: Schema[] = [];
  for (const keyword of ['oneOf', 'anyOf']) {
    for (const [index, part] of listNodes(node, keyword)) {
      if (part['type'] === 'null') schema.nullable = true;
      else variants.push(tools.build(child(node, part, keyword, index)));
    }
  }
  const [only] = variants;
  const merged = variants.length === 1 && only !== undefined ? [...parts, only] : parts;
  if (variants.length > 1) schema.variants = variants;
  return () => {
    for (const part of merged) {
      tools.finish(part);
      mergePart(schema, part);
    }
    if (merged.length > 0) requireMembers(schema, listDemands(node));
    for (const variant of variants) tools.finish(variant);
    if (variants.some((variant) => variant.nullable)) schema.nullable = true;
  };
}

function mergePart(schema: MutableSchema, part: Schema): void {
  for (const [name, property] of part.properties) {
    const held = schema.properties.get(name);
    schema.properties.set(
      name,
      held === undefined ? property : { ...property, required: property.required || held.required },
    );
  }
  if (schema.types.length === 0) schema.types = part.types;
  schema.nullable ||= part.nullable && schema.properties.size === 0;
  schema.readOnly ||= part.readOnly;
  schema.writeOnly ||= part.writeOnly;
  schema.deprecated ||= part.deprecated;
  schema.format ??= part.format;
  schema.enum ??= part.enum;
  schema.pattern ??= part.pattern;
  schema.minLength ??= part.minLength;
  schema.maxLength ??= part.maxLength;
  schema.minimum ??= part.minimum;
  schema.maximum ??= part.maximum;
  schema.exclusiveMinimum ??= part.exclusiveMinimum;
  schema.exclusiveMaximum ??= part.exclusiveMaximum;
  schema.multipleOf ??= part.multipleOf;
  schema.minItems ??= part.minItems;
  schema.maxItems ??= part.maxItems;
  schema.default ??= part.default;
  schema.contentEncoding ??= part.contentEncoding;
  schema.discriminator ??= part.discriminator;
  schema.closed ||= part.closed;
  schema.items ??= part.items;
  schema.additional ??= part.additional;
  // A schema that is itself a branch of its parent (OpenAPI's discriminators) does not become a choice of itself.
  if (schema.variants.length === 0 && !part.variants.includes(schema)) schema.variants = part.variants;
}

/** `required` may stand beside `allOf`, or in a part of its own, and be about what another part describes. */
function listDemands(node: SpecNode): readonly Json[] {
  const parts = listNodes(node, 'allOf').map(([, part]) => part);
  return [node.value, ...parts].flatMap((part) =>
    Array.isArray(part['required']) ? (part['required'] as readonly Json[]) : [],
  );
}

function requireMembers(schema: MutableSchema, names: readonly Json[]): void {
  for (const name of names) {
    const held = typeof name === 'string' ? schema.properties.get(name) : undefined;
    if (held !== undefined) schema.properties.set(String(name), { ...held, required: true });
  }
}

function listNodes(node: SpecNode, keyword: string): [number, JsonObject][] {
  const parts = node.value[keyword];
  if (!Array.isArray(parts)) return [];
  return (parts as Json[]).flatMap((part, index) =>
    isObject(part) ? [[index, part] as [number, JsonObject]] : [],
  );
}

export function child(node: SpecNode, value: JsonObject, ...steps: readonly PathStep[]): SpecNode {
  return { file: node.file, path: [...node.path, ...steps], value };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Descriptions write numbers as text now and then (`maxLength: "255"`). */
function count(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}
