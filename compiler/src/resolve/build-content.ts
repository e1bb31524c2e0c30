import type { Encoding, Schema } from '../model/api-model.ts';
import { chooseMediaType, formatOf, stripParameters } from '../model/media-type.ts';
import type { MediaFormat } from '../model/media-type.ts';
import type { JsonObject } from '../model/workspace.ts';
import { valueAt } from '../source/source-ref.ts';
import { blankSchema, child } from './fill-schema.ts';
import { isObject } from './follow-reference.ts';
import type { SpecNode } from './follow-reference.ts';
import type { SchemaBuilder } from './schema-builder.ts';

export interface Content {
  readonly mediaType: string;
  readonly format: MediaFormat | undefined;
  readonly schema: Schema;
  readonly encoding: ReadonlyMap<string, Encoding>;
}

/** What a body or an answer holds, in the format that is chosen of those that the description offers. */
export function buildContent(holder: SpecNode, schemas: SchemaBuilder): Content | undefined {
  const content = holder.value['content'];
  if (!isObject(content)) return undefined;
  const key = chooseMediaType(Object.keys(content));
  const given = key === undefined ? undefined : content[key];
  if (key === undefined || !isObject(given)) return undefined;
  const media = schemas.follow(child(holder, given, 'content', key));
  if (media === undefined) return undefined;
  const format = formatOf(key);
  return {
    mediaType: stripParameters(key),
    format,
    schema: buildSchema(media, format, schemas),
    encoding: readEncodings(media),
  };
}

/** Of what comes line by line, vendors describe the list or, as 3.2 does under `itemSchema`, one line: it is a list. */
function buildSchema(media: SpecNode, format: MediaFormat | undefined, schemas: SchemaBuilder): Schema {
  const hasItems = isObject(media.value['itemSchema']);
  const lines = hasItems || format === 'csv' || format === 'ndjson';
  const key = hasItems ? 'itemSchema' : 'schema';
  const value: JsonObject = isObject(media.value[key]) ? media.value[key] : {};
  const schema = schemas.build(child(media, value, key));
  if (!lines || schema.items !== undefined || schema.properties.size === 0) return schema;
  return { ...blankSchema(media), types: ['array'], items: schema };
}

function readEncodings(media: SpecNode): ReadonlyMap<string, Encoding> {
  const given = media.value['encoding'];
  if (!isObject(given)) return new Map();
  return new Map(
    Object.entries(given).flatMap(([name, value]): [string, Encoding][] =>
      isObject(value) ? [[name, readEncoding(child(media, value, 'encoding', name))]] : [],
    ),
  );
}

const STYLES: ReadonlySet<string> = new Set(['form', 'spaceDelimited', 'pipeDelimited', 'deepObject']);

function readEncoding({ file, path, value }: SpecNode): Encoding {
  const { style, explode, contentType } = value;
  return {
    style: typeof style === 'string' ? style : undefined,
    explode: typeof explode === 'boolean' ? explode : undefined,
    contentType: typeof contentType === 'string' ? contentType : undefined,
    unhandled:
      typeof style === 'string' && !STYLES.has(style)
        ? 'style'
        : ['headers', 'encoding', 'prefixEncoding', 'itemEncoding'].find((key) => value[key] !== undefined),
    origin: valueAt(file, path),
  };
}
