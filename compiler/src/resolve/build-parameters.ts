import type { Parameter } from '../model/api-model.ts';
import { formatOf } from '../model/media-type.ts';
import type { Json, JsonObject } from '../model/workspace.ts';
import { valueAt } from '../source/source-ref.ts';
import { child } from './fill-schema.ts';
import { isObject } from './follow-reference.ts';
import type { SpecNode } from './follow-reference.ts';
import type { SchemaBuilder } from './schema-builder.ts';

/** The parameters of a path item and of the operation in it; the operation's own count. */
export function buildParameters(item: SpecNode, operation: SpecNode, schemas: SchemaBuilder): Parameter[] {
  const own = listParameters(operation, schemas);
  const kept = listParameters(item, schemas).filter(
    (left) => !own.some((right) => right.name === left.name && right.in === left.in),
  );
  return [...kept, ...own];
}

function listParameters(holder: SpecNode, schemas: SchemaBuilder): Parameter[] {
  const given = holder.value['parameters'];
  if (!Array.isArray(given)) return [];
  return (given as Json[]).flatMap((value, index) => {
    const node = isObject(value) ? schemas.follow(child(holder, value, 'parameters', index)) : undefined;
    return node === undefined ? [] : [buildParameter(node, schemas)];
  });
}

function buildParameter(node: SpecNode, schemas: SchemaBuilder): Parameter {
  const { name, required, explode } = node.value;
  const place = String(node.value['in']) as Parameter['in'];
  const content = readContent(node);
  const style =
    content?.style ??
    String(node.value['style'] ?? (place === 'query' || place === 'cookie' ? 'form' : 'simple'));
  const schema = isObject(node.value['schema']) ? node.value['schema'] : {};
  return {
    name: String(name),
    in: place,
    required: place === 'path' || required === true,
    schema: schemas.build(content?.schema ?? child(node, schema, 'schema')),
    style,
    explode: typeof explode === 'boolean' ? explode : style === 'form' || style === 'cookie',
    origin: valueAt(node.file, node.path),
  };
}

/** A parameter may have a media type instead of a style; JSON is handled. */
function readContent(node: SpecNode): { readonly style: string; readonly schema: SpecNode } | undefined {
  const { content } = node.value;
  const [entry] = isObject(content) ? Object.entries(content) : [];
  if (entry === undefined || !isObject(entry[1])) return undefined;
  const [mediaType, media] = entry;
  const schema: JsonObject = isObject(media['schema']) ? media['schema'] : {};
  return {
    style: formatOf(mediaType) === 'json' ? 'json' : mediaType,
    schema: child(node, schema, 'content', mediaType, 'schema'),
  };
}
