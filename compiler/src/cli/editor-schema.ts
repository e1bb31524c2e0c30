import { renderRulesJsonSchema } from '../load/rules-json-schema.ts';
import type { JsonSchemaNode as Node } from '../load/rules-json-schema.ts';
import type { ReadSystem } from '../resolve/read-systems.ts';
import { describeSchema, listTargetFields } from './list-target-fields.ts';

/** What is known of one rules file, however unfinished it is. */
export interface RulesSketch {
  readonly systems: ReadonlyMap<string, ReadSystem>;
  readonly targets: readonly {
    readonly system: string;
    readonly write: string;
    readonly item: string | undefined;
  }[];
  /** Settings that the file names already: `$CRM_URL`. */
  readonly settings: readonly string[];
}

/** The JSON Schema of rules files, specialised to the descriptions of one: operations, target fields and settings complete. */
export function buildEditorSchema(sketch: RulesSketch): Node {
  const schema = renderRulesJsonSchema(sketch.settings);
  const flow = below(schema, 'properties', 'flows', 'additionalProperties');
  const systems = [...sketch.systems].map(([name, read]) => ({ name, operations: listNames(read) }));
  offerOperations(below(flow, 'properties', 'from'), ['read'], systems);
  offerOperations(below(flow, 'properties', 'find', 'additionalProperties'), ['call'], systems);
  const target = below(flow, 'properties', 'to', 'items');
  offerOperations(target, ['write', 'create', 'update'], systems);
  // Said once, for it stands at every field.
  schema['$defs'] = {
    ...(schema['$defs'] as Node | undefined),
    field: below(target, 'properties', 'map', 'additionalProperties'),
  };
  offerFields(target, sketch);
  const names = [...sketch.systems.keys()];
  for (const holder of [
    below(flow, 'properties', 'from'),
    below(flow, 'properties', 'find', 'additionalProperties'),
    target,
  ])
    below(holder, 'properties')['system'] = { ...below(holder, 'properties', 'system'), enum: names };
  return schema;
}

interface SystemNames {
  readonly name: string;
  readonly operations: readonly string[];
}

/** Any name is accepted, for operations may be written in several ways; those that there are come first. */
function offerOperations(holder: Node, keys: readonly string[], systems: readonly SystemNames[]): void {
  const rules = systems.map(({ name, operations }) => ({
    if: { properties: { system: { const: name } }, required: ['system'] },
    // eslint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    then: {
      properties: Object.fromEntries(
        keys.map((key) => [key, { anyOf: [{ enum: operations }, { type: 'string' }] }]),
      ),
    },
  }));
  holder['allOf'] = [...((holder['allOf'] as Node[] | undefined) ?? []), ...rules];
}

const FIELD: Node = { $ref: '#/$defs/field' };

function offerFields(target: Node, { systems, targets }: RulesSketch): void {
  const rules = targets.flatMap(({ system, write, item }) => {
    const operation = systems.get(system)?.operations.peek(write);
    if (operation === undefined) return [];
    const fields = listTargetFields(operation, item).map(({ path, schema, required }) => [
      path,
      {
        description: `${describeSchema(schema)}${required ? '; required' : ''}`,
        anyOf: schema.enum === undefined ? [FIELD] : [{ enum: schema.enum }, FIELD],
      },
    ]);
    const place = { system: { const: system }, ...(item === undefined ? {} : { item: { const: item } }) };
    const calls = ['write', 'create'].map((key) => ({
      properties: { [key]: { const: write } },
      required: [key],
    }));
    return [
      {
        if: { properties: place, required: Object.keys(place), anyOf: calls },
        // eslint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
        then: { properties: { map: { properties: Object.fromEntries(fields) } } },
      },
    ];
  });
  target['allOf'] = [...((target['allOf'] as Node[] | undefined) ?? []), ...rules];
}

function listNames({ operations }: ReadSystem): string[] {
  return operations.names.map(({ name }) => name).toSorted();
}

/** @throws Error where the schema is built otherwise than this file thinks: our fault */
function below(node: Node, ...path: readonly string[]): Node {
  let current = node;
  for (const step of path) {
    const next = current[step];
    if (typeof next !== 'object' || next === null)
      throw new Error(`The schema of rules has no ${path.join('.')}.`);
    current = next as Node;
  }
  return current;
}
