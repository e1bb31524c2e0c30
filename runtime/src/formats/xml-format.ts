import type { BodyFormat } from './body-format.ts';
import { saysNothing } from './body-format.ts';
import { parseXml } from './parse-xml.ts';
import type { XmlElement } from './parse-xml.ts';
import { readScalar } from './wire-shape.ts';
import type { ListShape, WireScalar, WireShape } from './wire-shape.ts';
import { isListShape, isObjectShape, isScalarShape, writeElement } from './write-xml.ts';

export interface XmlOptions {
  /** What the outermost element is called; in an answer any name will do where it is left out. */
  readonly root?: string;
  readonly type?: string;
}

/** XML as OpenAPI's `xml` objects lay it out: elements by name, attributes, lists with and without a wrapper. */
export function xmlFormat(shape: WireShape, { root, type = 'application/xml' }: XmlOptions = {}): BodyFormat {
  return {
    type,
    write: (value) => ({
      text: `<?xml version="1.0" encoding="UTF-8"?>\n${writeElement(root ?? 'root', value, shape)}\n`,
      contentType: `${type}; charset=utf-8`,
    }),
    read(text, hasBrokenBytes) {
      const element = parseXml(text);
      if (root !== undefined && element.name !== localName(root))
        throw new SyntaxError(`the root is called ${element.name} and not ${root}`);
      return isListShape(shape)
        ? readItems(element.children, shape, hasBrokenBytes)
        : readValue(element, shape, hasBrokenBytes);
    },
    accepts: (given) => saysNothing(given) || /^[\w.+-]+\/(?:[\w.-]+\+)?xml$/.test(given),
  };
}

function readValue(element: XmlElement, shape: WireShape, hasBrokenBytes: boolean): unknown {
  if (element.attributes['nil'] === 'true') return null;
  if (isListShape(shape)) return readItems([element], shape, hasBrokenBytes);
  if (!isObjectShape(shape))
    return readText(element.text, isScalarShape(shape) ? shape.scalar : shape, hasBrokenBytes);
  const members = Object.entries(shape.object).map(
    ([name, inner]) => [name, readMember(element, name, inner, hasBrokenBytes)] as const,
  );
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function readMember(element: XmlElement, name: string, shape: WireShape, hasBrokenBytes: boolean): unknown {
  if (isListShape(shape)) return readList(element, name, shape, hasBrokenBytes);
  if (isScalarShape(shape)) {
    if (shape.isText === true) return readText(element.text, shape.scalar, hasBrokenBytes);
    if (shape.attribute !== undefined) {
      const { attributes } = element;
      const attribute = localName(shape.attribute);
      const text = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
      return text === undefined ? undefined : readText(text, shape.scalar, hasBrokenBytes);
    }
  }
  const wanted = localName(isObjectShape(shape) || isScalarShape(shape) ? (shape.element ?? name) : name);
  const [only, ...more] = element.children.filter((child) => child.name === wanted);
  if (more.length > 0) return { $damage: `there are ${more.length + 1} elements called ${wanted}` };
  return only === undefined ? undefined : readValue(only, shape, hasBrokenBytes);
}

/** XML cannot tell an empty list from none; one that has a wrapper is there where its wrapper is. */
function readList(element: XmlElement, name: string, shape: ListShape, hasBrokenBytes: boolean): unknown {
  const wrapper = shape.wrapper === true ? name : shape.wrapper;
  const inner = { ...shape, element: shape.element ?? wrapper ?? name };
  const holder =
    wrapper === undefined ? element : element.children.find((child) => child.name === localName(wrapper));
  return holder === undefined ? undefined : readItems(holder.children, inner, hasBrokenBytes);
}

function readItems(elements: readonly XmlElement[], shape: ListShape, hasBrokenBytes: boolean): unknown[] {
  const wanted = shape.element === undefined ? undefined : localName(shape.element);
  return elements
    .filter((child) => wanted === undefined || child.name === wanted)
    .map((child) => readValue(child, shape.list, hasBrokenBytes));
}

/** Answers are read whatever prefix they give a namespace. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function readText(text: string, type: WireScalar, hasBrokenBytes: boolean): unknown {
  if (text.includes('\0')) return { $damage: 'the text holds U+0000' };
  if (hasBrokenBytes && text.includes('\uFFFD'))
    return { $damage: 'the text holds bytes that are not UTF-8' };
  return text === '' && type !== 'text' ? undefined : readScalar(text, type);
}
