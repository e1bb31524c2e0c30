import type { Json, JsonObject } from '../model/workspace.ts';
import { convertReference, convertSchemas, isMap } from './convert-swagger-schema.ts';
import type { ReferenceLookUp } from './convert-swagger-schema.ts';

/** Keys that stay with the parameter; the others describe its value. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  'name',
  'in',
  'required',
  'description',
  'allowEmptyValue',
  'collectionFormat',
  'schema',
]);

/** `tsv` has no style in OpenAPI 3, and is no style that is handled. */
const STYLES: Readonly<Record<string, string>> = {
  csv: 'form',
  multi: 'form',
  ssv: 'spaceDelimited',
  pipes: 'pipeDelimited',
  tsv: 'tabDelimited',
};

/** How a list is written, where that is in the query or in a form. */
export function convertCollection(parameter: JsonObject): JsonObject {
  const format = String(parameter['collectionFormat'] ?? 'csv');
  return { style: Object.hasOwn(STYLES, format) ? STYLES[format] : format, explode: format === 'multi' };
}

/** One in the body is `null`: it moves to `requestBody`, and those behind it keep their places. */
export function convertParameter(parameter: JsonObject, lookUp?: ReferenceLookUp): Json {
  const { $ref } = parameter;
  if (typeof $ref === 'string') {
    const found = lookUp?.($ref);
    return found !== undefined && isInBody(found) ? null : { $ref: convertReference($ref) };
  }
  if (isInBody(parameter)) return null;
  const entries = Object.entries(parameter);
  const isList = parameter['type'] === 'array';
  return {
    ...Object.fromEntries(entries.filter(([key]) => OWN_KEYS.has(key) && key !== 'collectionFormat')),
    ...(isList && parameter['in'] === 'query' && convertCollection(parameter)),
    ...(isList && parameter['in'] !== 'query' && hasOtherJoint(parameter) && convertCollection(parameter)),
    schema: convertValue(parameter),
  };
}

/** In a path or a header, only commas have a style. */
function hasOtherJoint({ collectionFormat }: JsonObject): boolean {
  return collectionFormat !== undefined && collectionFormat !== 'csv';
}

/** The schema of a parameter that is not in the body: 2.0 writes it beside the name. */
export function convertValue(parameter: JsonObject): JsonObject {
  if (isMap(parameter['schema'])) return convertSchemas(parameter['schema']);
  return convertSchemas(Object.fromEntries(Object.entries(parameter).filter(([key]) => !OWN_KEYS.has(key))));
}

export function isInBody(parameter: JsonObject): boolean {
  return parameter['in'] === 'body' || parameter['in'] === 'formData';
}
