import type { JsonObject } from '../model/workspace.ts';
import { convertReference, convertSchemas, isMap } from './convert-swagger-schema.ts';

/** @param produces the media types in which it may come */
export function convertResponse(response: JsonObject, produces: readonly string[]): JsonObject {
  const { $ref, schema, examples: _examples, headers, ...rest } = response;
  if (typeof $ref === 'string') return { $ref: convertReference($ref) };
  if (!isMap(schema)) return rest;
  const converted = convertSchemas(schema);
  return {
    ...rest,
    ...(isMap(headers) && { headers }),
    content: Object.fromEntries(produces.map((type) => [type, { schema: converted }])),
  };
}
