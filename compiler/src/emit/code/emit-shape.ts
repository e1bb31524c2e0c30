import { identify } from '../../check/declare-types.ts';
import type { Schema, XmlHint } from '../../model/api-model.ts';
import type { SystemTypes } from '../../model/checked-model.ts';
import { key, quote } from '../text/code-literals.ts';

/** The types of what a format without types carries, and how XML names it: only of what the rules reach. */
export function emitShape(schema: Schema, types: SystemTypes): string {
  return shapeOf(schema, types, []);
}

function shapeOf(schema: Schema, types: SystemTypes, above: readonly string[]): string {
  const id = identify(schema);
  if (schema.items !== undefined)
    return `{ list: ${shapeOf(schema.items, types, above)}${emitListNames(schema)} }`;
  if (schema.properties.size > 0 && !above.includes(id)) {
    const members = listUsed(schema, types).map(
      ([name, member]) => `${key(name)}: ${shapeOfMember(member, types, [...above, id])}`,
    );
    return `{ object: { ${members.join(', ')} }${emitNames(schema.xml)} }`;
  }
  return quote(scalarOf(schema));
}

function shapeOfMember(schema: Schema, types: SystemTypes, above: readonly string[]): string {
  const { xml } = schema;
  const isScalar = schema.items === undefined && schema.properties.size === 0;
  if (!isScalar || xml === undefined) return shapeOf(schema, types, above);
  const scalar = `scalar: ${quote(scalarOf(schema))}`;
  const name = xml.name === undefined ? '' : quote(qualify(xml.name, xml));
  if (xml.nodeType === 'attribute')
    return `{ ${scalar}, attribute: ${name === '' ? quote(schema.origin.path.at(-1)?.toString() ?? '') : name} }`;
  if (xml.nodeType === 'text' || xml.nodeType === 'cdata') return `{ ${scalar}, isText: true }`;
  return name === '' ? quote(scalarOf(schema)) : `{ ${scalar}, element: ${name} }`;
}

export function listUsed(schema: Schema, types: SystemTypes): [name: string, schema: Schema][] {
  const used = types.usedOf(identify(schema));
  return [...schema.properties]
    .filter(([name]) => used === undefined || used.has(name))
    .map(([name, property]) => [name, property.schema]);
}

export function scalarOf(schema: Schema): 'text' | 'integer' | 'number' | 'boolean' {
  const [type, ...more] = schema.types;
  if (more.length > 0) return 'text';
  return type === 'integer' || type === 'number' || type === 'boolean' ? type : 'text';
}

/** OpenAPI 3.1, 4.8.26: without a wrapper the list's own name means nothing; elements are called as their schema says. */
function emitListNames({ xml, items }: Schema): string {
  const element =
    items?.xml?.name === undefined ? '' : `, element: ${quote(qualify(items.xml.name, items.xml))}`;
  if (xml?.wrapped !== true) return element;
  const wrapper = xml.name === undefined ? 'true' : quote(qualify(xml.name, xml));
  return `, wrapper: ${wrapper}${element}`;
}

function emitNames(xml: XmlHint | undefined): string {
  if (xml === undefined) return '';
  return [
    xml.name === undefined ? '' : `, element: ${quote(qualify(xml.name, xml))}`,
    xml.namespace === undefined ? '' : `, namespace: ${quote(xml.namespace)}`,
    xml.namespace === undefined || xml.prefix === undefined ? '' : `, prefix: ${quote(xml.prefix)}`,
  ].join('');
}

export function qualify(name: string, { prefix }: Pick<XmlHint, 'prefix'>): string {
  return prefix === undefined ? name : `${prefix}:${name}`;
}
