import type { Body, Encoding, Operation, Response, Schema } from '../../model/api-model.ts';
import type { SystemTypes } from '../../model/checked-model.ts';
import { formatOf, isPlainJson } from '../../model/media-type.ts';
import { key, quote } from '../text/code-literals.ts';
import { emitShape, listUsed, qualify, scalarOf } from './emit-shape.ts';

/** What writes and reads a body of this media type; undefined where the runtime does so unasked: JSON. */
export function emitFormat(
  mediaType: string,
  schema: Schema | undefined,
  types: SystemTypes,
  body?: Body,
): string | undefined {
  const type = quote(mediaType);
  switch (formatOf(mediaType)) {
    case 'form':
      return `formFormat(${body === undefined ? emitFields(schema, types) : emitStyles(body, types)})`;
    case 'multipart':
      return `multipartFormat(${body === undefined ? '' : emitPartTypes(body, types)})`;
    case 'xml':
      return `xmlFormat(${emitXml(mediaType, schema, types)})`;
    case 'csv':
      return `csvFormat({ ${listScalars(schema?.items ?? schema, types).join(', ')} }${mediaType === 'text/csv' ? '' : `, ${type}`})`;
    case 'ndjson':
      return mediaType === 'application/x-ndjson' ? 'ndjsonFormat()' : `ndjsonFormat(${type})`;
    case 'text':
      return 'textFormat()';
    case 'json':
      return isPlainJson(mediaType) ? undefined : `jsonFormat(${type})`;
    case undefined:
      return undefined;
  }
}

/** The formats of the answers that mean success; undefined where they are JSON, under whatever name. */
export function emitAnswers(operation: Operation, types: SystemTypes): string | undefined {
  const answers = listAnswers(operation);
  if (answers.every(({ mediaType }) => formatOf(mediaType) === 'json')) return undefined;
  const formats = answers.map(
    ({ mediaType, schema }) => emitFormat(mediaType, schema, types) ?? 'jsonFormat()',
  );
  return `[${[...new Set(formats)].join(', ')}]`;
}

/** What a call asks for; undefined where that is plain JSON. */
export function listAccepted(operation: Operation): string | undefined {
  const named = listAnswers(operation).map(({ mediaType }) =>
    mediaType === '*/*' ? 'application/json' : mediaType,
  );
  const types = [...new Set(named)];
  return types.length === 0 || (types.length === 1 && types[0] === 'application/json')
    ? undefined
    : types.join(', ');
}

type Answer = Response & { readonly mediaType: string };

function listAnswers({ responses }: Operation): Answer[] {
  return responses.filter(
    (response): response is Answer => /^2/.test(response.status) && response.mediaType !== undefined,
  );
}

function emitXml(mediaType: string, schema: Schema | undefined, types: SystemTypes): string {
  const name = schema?.xml?.name ?? schema?.name;
  const root = name === undefined ? '' : `root: ${quote(qualify(name, { prefix: schema?.xml?.prefix }))}`;
  const type = mediaType === 'application/xml' ? '' : `type: ${quote(mediaType)}`;
  const options = [root, type].filter((option) => option !== '').join(', ');
  const shape = schema === undefined ? "'text'" : emitShape(schema, types);
  return options === '' ? shape : `${shape}, { ${options} }`;
}

function listScalars(schema: Schema | undefined, types: SystemTypes): string[] {
  if (schema === undefined) return [];
  return listUsed(schema, types).map(([name, member]) => `${key(name)}: ${quote(scalarOf(member))}`);
}

function emitFields(schema: Schema | undefined, types: SystemTypes): string {
  return `{ fields: { ${listScalars(schema, types).join(', ')} } }`;
}

function emitStyles(body: Body, types: SystemTypes): string {
  const styles = listUsed(body.schema, types).flatMap(([name, schema]) => {
    const style = styleOf(schema, body.encoding.get(name));
    return style === undefined ? [] : [`${key(name)}: ${quote(style)}`];
  });
  return styles.length === 0 ? '' : `{ styles: { ${styles.join(', ')} } }`;
}

/** OpenAPI 3.1, 4.8.15: a style counts where one of its keys is given, else the content type, which is JSON for objects. */
function styleOf(schema: Schema, encoding: Encoding | undefined): string | undefined {
  const isComposite =
    schema.items !== undefined || schema.properties.size > 0 || schema.additional !== undefined;
  if (!isComposite || encoding === undefined) return undefined;
  const { style = 'form', explode = style === 'form' } = encoding;
  if (encoding.style === undefined && encoding.explode === undefined)
    return encoding.contentType === undefined ? undefined : 'json';
  if (style === 'deepObject') return 'brackets';
  if (explode) return 'repeat';
  return style === 'spaceDelimited' ? ' ' : style === 'pipeDelimited' ? '|' : ',';
}

function emitPartTypes(body: Body, types: SystemTypes): string {
  const parts = listUsed(body.schema, types).flatMap(([name]) => {
    const type = body.encoding.get(name)?.contentType;
    return type === undefined ? [] : [`${key(name)}: ${quote(type)}`];
  });
  return parts.length === 0 ? '' : `{ ${parts.join(', ')} }`;
}
