import type { Json, JsonObject } from '../model/workspace.ts';

/** What a reference leads to, in the file as it is. */
export type ReferenceLookUp = (ref: string) => JsonObject | undefined;

export function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listStrings(value: Json | undefined): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = (value as readonly Json[]).filter((entry) => typeof entry === 'string');
  return texts.length === 0 ? undefined : texts;
}

/** Below these keys stands data. */
const DATA_KEYS: ReadonlySet<string> = new Set(['example', 'examples', 'default', 'enum']);

const MOVED: readonly (readonly [from: string, to: string])[] = [
  ['#/definitions/', '#/components/schemas/'],
  ['#/parameters/', '#/components/parameters/'],
  ['#/responses/', '#/components/responses/'],
];

export function convertReference(ref: string): string {
  const moved = MOVED.find(([from]) => ref.includes(from));
  return moved === undefined ? ref : ref.replace(moved[0], moved[1]);
}

/** Schemas, and whatever holds them: references lead to where things have moved, and null and files have other names. */
export function convertSchemas(node: JsonObject): JsonObject {
  const converted = Object.fromEntries(
    Object.entries(node).map(([key, child]) => [
      key,
      DATA_KEYS.has(key) && !isMap(child) ? child : convertChild(key, child),
    ]),
  );
  return {
    ...converted,
    ...(node['x-nullable'] === true && { nullable: true }),
    ...(node['type'] === 'file' && { type: 'string', format: 'binary' }),
  };
}

function convertChild(key: string, child: Json | undefined): Json | undefined {
  if (key === '$ref' && typeof child === 'string') return convertReference(child);
  if (Array.isArray(child))
    return (child as readonly Json[]).map((entry) => (isMap(entry) ? convertSchemas(entry) : entry));
  return isMap(child) ? convertSchemas(child) : child;
}
