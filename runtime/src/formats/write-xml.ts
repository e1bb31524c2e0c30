import { isPlainObject, writeScalar } from './wire-shape.ts';
import type { AttributeShape, ListShape, ObjectShape, WireShape } from './wire-shape.ts';

/** A value as one element, in the order in which the value has its members. */
export function writeElement(name: string, value: unknown, shape: WireShape): string {
  if (value === undefined) return '';
  if (value === null)
    return `<${name} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>`;
  if (isObjectShape(shape)) return writeObject(name, value, shape);
  if (isListShape(shape)) return writeList(name, value, shape);
  return `<${name}>${escapeText(writeScalar(value, name))}</${name}>`;
}

function writeObject(name: string, value: unknown, shape: ObjectShape): string {
  if (!isPlainObject(value)) throw new Error(`The field ${name} holds no object.`);
  const { namespace, prefix } = shape;
  const declared = prefix === undefined ? 'xmlns' : `xmlns:${prefix}`;
  let attributes = namespace === undefined ? '' : ` ${declared}="${escapeText(namespace)}"`;
  let inside = '';
  for (const [key, member] of Object.entries(value)) {
    const inner = Object.hasOwn(shape.object, key) ? (shape.object[key] ?? 'text') : 'text';
    if (isScalarShape(inner) && member !== undefined && member !== null) {
      const text = escapeText(writeScalar(member, key));
      if (inner.attribute !== undefined) attributes += ` ${inner.attribute}="${text}"`;
      else if (inner.isText === true) inside += text;
      else inside += writeElement(inner.element ?? key, member, inner.scalar);
    } else inside += writeElement(elementName(key, inner), member, inner);
  }
  return inside === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${inside}</${name}>`;
}

function elementName(key: string, shape: WireShape): string {
  return isObjectShape(shape) || isScalarShape(shape) ? (shape.element ?? key) : key;
}

function writeList(name: string, value: unknown, shape: ListShape): string {
  if (!Array.isArray(value)) throw new Error(`The field ${name} holds no list.`);
  const wrapper = shape.wrapper === true ? name : shape.wrapper;
  const element = shape.element ?? wrapper ?? name;
  const items = value.map((item: unknown) => writeElement(element, item, shape.list)).join('');
  return wrapper === undefined ? items : `<${wrapper}>${items}</${wrapper}>`;
}

// XML 1.0, 2.2: what no document may hold, not even as a reference.
// oxlint-disable-next-line no-control-regex -- these are the characters that are meant
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

function escapeText(text: string): string {
  if (FORBIDDEN.test(text) || !text.isWellFormed())
    throw new Error('The value holds a character that XML has no place for.');
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}

export function isObjectShape(shape: WireShape): shape is ObjectShape {
  return typeof shape === 'object' && 'object' in shape;
}

export function isListShape(shape: WireShape): shape is ListShape {
  return typeof shape === 'object' && 'list' in shape;
}

export function isScalarShape(shape: WireShape): shape is AttributeShape {
  return typeof shape === 'object' && 'scalar' in shape;
}
