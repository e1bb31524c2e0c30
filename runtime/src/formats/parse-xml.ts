import type * as Xml from 'fast-xml-parser';
import { onFirstUse } from '../on-first-use.ts';

const xml = onFirstUse((require) => require('fast-xml-parser') as typeof Xml);

/** An element; namespace prefixes are left out. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What stands in it as text, also in CDATA sections, put together. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const parser = onFirstUse(
  () =>
    new (xml().XMLParser)({
      preserveOrder: true,
      ignoreAttributes: false,
      attributeNamePrefix: '',
      parseTagValue: false,
      parseAttributeValue: false,
      trimValues: false,
      // Text is decoded below: entities that the document itself defines are never expanded, nor fetched.
      processEntities: false,
      cdataPropName: '#cdata',
      ignoreDeclaration: true,
      ignorePiTags: true,
      removeNSPrefix: true,
    }),
);

/**
 * The root of an XML document. One with a document type is refused whole: data needs none, and "billion laughs" and
 * external entities (OWASP's XXE) do. The only importer of `fast-xml-parser`.
 * @throws SyntaxError where the text is not well-formed
 */
export function parseXml(text: string): XmlElement {
  if (/<!DOCTYPE/i.test(text)) throw new SyntaxError('the document has a document type');
  const judged = xml().XMLValidator.validate(text);
  if (judged !== true) throw new SyntaxError(`${judged.err.msg} (line ${judged.err.line})`);
  const roots = (parser().parse(text) as Node[]).flatMap((node) => readElement(node) ?? []);
  const [root] = roots;
  if (root === undefined || roots.length > 1) throw new SyntaxError('there is not one root');
  return root;
}

/** As `preserveOrder` gives it: the name with what stands in it, and `:@` with the attributes. */
type Node = Readonly<Record<string, readonly Node[] | string | Readonly<Record<string, string>>>>;

function readElement(node: Node): XmlElement | undefined {
  const name = Object.keys(node).find((key) => key !== ':@' && !key.startsWith('#'));
  if (name === undefined) return undefined;
  const inside = node[name] as readonly Node[];
  const attributes = (node[':@'] ?? {}) as Readonly<Record<string, string>>;
  return {
    name,
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([key, value]) => [key, decodeReferences(String(value))]),
    ),
    text: inside.map((part) => readText(part)).join(''),
    children: inside.flatMap((part) => readElement(part) ?? []),
  };
}

function readText(node: Node): string {
  const { '#text': text, '#cdata': cdata } = node;
  if (text !== undefined) return decodeReferences(String(text));
  if (!Array.isArray(cdata)) return '';
  return (cdata as readonly Node[]).map((part) => String(part['#text'] ?? '')).join('');
}

const PREDEFINED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** XML 1.0, 4.1 and 4.6: characters by number, and the five entities that need no definition. */
function decodeReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([\da-f]+)|#(\d+)|([^;&\s]*));?/gi, (whole, hex, decimal, name) => {
    if (!whole.endsWith(';')) throw new SyntaxError(`"${whole}" stands there unescaped`);
    if (name !== undefined) {
      const known = Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name as string] : undefined;
      if (known === undefined) throw new SyntaxError(`nothing says what ${whole} stands for`);
      return known;
    }
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex as string, 16);
    if (!isCharacter(code)) throw new SyntaxError(`${whole} is no character`);
    return String.fromCodePoint(code);
  });
}

/** XML 1.0, 2.2. */
function isCharacter(code: number): boolean {
  return (
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  );
}
