import { METHODS } from 'node:http';
import type { Body, Operation, Parameter, Response, Schema } from '../model/api-model.ts';
import { formatOf } from '../model/media-type.ts';
import type { SourceRef } from '../source/source-ref.ts';

/** What of a call has a form on the wire that is not handled. */
export interface UnhandledFormat {
  readonly what: string;
  readonly origin: SourceRef;
}

/** OpenAPI 3.2 lets a description make up methods; HTTP servers and test doubles on Node know those that are registered. */
export function findUnhandledMethod({ method, origin }: Operation): UnhandledFormat | undefined {
  return METHODS.includes(method.toUpperCase()) ? undefined : { what: `The method ${method}`, origin };
}

/** Where a parameter stands comes from the description, so it may be a word that every object knows. */
const STYLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['path', ['simple', 'label', 'matrix']],
  ['query', ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject', 'json']],
  ['header', ['simple']],
  ['cookie', ['form']],
]);

export function findUnhandledParameter(parameter: Parameter): UnhandledFormat | undefined {
  const { name, style, origin } = parameter;
  if (STYLES.get(parameter.in)?.includes(style) === true) return undefined;
  const what = `The ${parameter.in} parameter "${name}"`;
  return { what: parameter.in === 'querystring' ? what : `${what} in style ${style}`, origin };
}

/** @param sent the properties that the rules send; undefined where all may be */
export function findUnhandledBody(operation: Operation, sent: ReadonlySet<string>): UnhandledFormat[] {
  const { body, origin } = operation;
  if (body === undefined) return [];
  const format = formatOf(body.mediaType);
  // No map makes a body that is one text.
  if (format === undefined || format === 'text')
    return [{ what: `The request format ${body.mediaType}`, origin }];
  if (format === 'json' || format === 'ndjson') return [];
  const used = [...body.schema.properties].filter(([name, { required }]) => required || sent.has(name));
  return used.flatMap(([name, { schema }]) => {
    const problem =
      format === 'xml'
        ? findUnhandledXml(schema)
        : format === 'csv'
          ? findUnhandledCell(schema)
          : findUnhandledPart(body, name, schema);
    return problem === undefined ? [] : [{ what: `The ${problem} "${name}"`, origin: schema.origin }];
  });
}

function findUnhandledXml({ xml, types }: Schema): string | undefined {
  const node = xml?.nodeType ?? 'element';
  if (node === 'none' && types.includes('array')) return undefined;
  if (!['element', 'attribute', 'text'].includes(node)) return `XML node of type ${node}`;
  const isScalar = !types.includes('object') && !types.includes('array');
  return node === 'element' || isScalar ? undefined : `XML ${node} that is no single value,`;
}

function findUnhandledCell({ types }: Schema): string | undefined {
  return types.includes('object') || types.includes('array')
    ? 'CSV column of more than one value'
    : undefined;
}

function findUnhandledPart(body: Body, name: string, schema: Schema): string | undefined {
  const encoding = body.encoding.get(name);
  const binary = schema.format === 'binary' || schema.items?.format === 'binary';
  if (binary) return 'binary part';
  if (encoding?.unhandled !== undefined) return `encoding with "${encoding.unhandled}" of the part`;
  const type = encoding?.contentType;
  const isText =
    type === undefined || /^(?:text\/[\w.+-]+|application\/(?:[\w.-]+\+)?(?:json|xml))$/.test(type);
  return isText ? undefined : `part of type ${type}`;
}

/** An answer that means success, and cannot be read. */
export function findUnhandledAnswer({ mediaType, schema, origin }: Response): UnhandledFormat | undefined {
  if (mediaType === undefined) return undefined;
  const format = formatOf(mediaType);
  if (format === undefined || format === 'multipart')
    return { what: `The answer format ${mediaType}`, origin };
  // The columns are in the description or nowhere.
  if (format === 'csv' && (schema?.items?.properties.size ?? 0) === 0)
    return { what: `The answer format ${mediaType}, whose columns are not described,`, origin };
  return undefined;
}
