import { Parser } from 'htmlparser2';
import * as markdown from 'prettier/plugins/markdown';
import ts from 'typescript';
import { toConstantCase, toKebabCase } from '../../compiler/src/model/name-case.ts';
import { BENIGN } from './payloads.ts';

type Files = ReadonlyMap<string, string>;

/**
 * How the structure of an output differs from that of one in which a benign text stands in the same places.
 * @param text what must come out as it is wherever `BENIGN` did @param plain the benign text
 */
export async function compareOutput(
  files: Files,
  benign: Files,
  text: string,
  plain: string,
): Promise<string[]> {
  const named = renameFiles(files, text, plain);
  const problems = [...files.keys()]
    .filter(
      (path) => !/^(?:[\w-]+\/)*[\w.-]+$/.test(path) || path.split('/').some((part) => part.length > 255),
    )
    .map((path) => `the file name ${JSON.stringify(path)}`);
  for (const path of new Set([...named.keys(), ...benign.keys()])) {
    const [here, there] = [named.get(path), benign.get(path)];
    if (here === undefined || there === undefined) problems.push(`${path} is in one of them only`);
    else if (here !== there)
      problems.push(...(await compareFile(path, here, there, text)).map((what) => `${path}: ${what}`));
  }
  return problems;
}

/** A name that the rules may give names files and variables of the environment too. */
function renameFiles(files: Files, text: string, plain: string): Files {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(text)) return files;
  return new Map(
    [...files].map(([path, held]) => [
      path.replaceAll(new RegExp(`(?<=[-/])${toKebabCase(text)}(?=[./-])`, 'g'), toKebabCase(plain)),
      path === '.env.example'
        ? held.replaceAll(
            new RegExp(`^((?:# )?)${toConstantCase(text)}(?=[_=])`, 'gm'),
            `$1${toConstantCase(plain)}`,
          )
        : held,
    ]),
  );
}

async function compareFile(path: string, here: string, there: string, text: string): Promise<string[]> {
  if (path.endsWith('.ts')) return compareCode(here, there, text);
  if (path.endsWith('.json'))
    return differ(
      'JSON',
      JSON.stringify(shapeOf(JSON.parse(here))),
      JSON.stringify(shapeOf(JSON.parse(there))),
    );
  if (path.endsWith('.html') || path.endsWith('.svg')) {
    return [
      ...differ('markup', outlineMarkup(here), outlineMarkup(there)),
      ...findInvisible(here).map((sign) => `${sign} is sent as it is`),
    ];
  }
  if (path.endsWith('.md')) return differ('Markdown', await outline(here), await outline(there));
  // A copy of the rules, which nobody executes; and lines that begin as they should.
  if (path === 'test/rules.yaml') return [];
  return differ('lines', outlineLines(here), outlineLines(there));
}

function differ(what: string, here: string, there: string): string[] {
  if (here === there) return [];
  let at = 0;
  while (here[at] === there[at]) at += 1;
  const cut = (shape: string): string => shape.slice(Math.max(0, at - 60), at + 60);
  return [`the ${what} differs: …${cut(here)}… instead of …${cut(there)}…`];
}

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === 'object' && value !== null) return { entries: Object.values(value).map(shapeOf) };
  return value === null ? null : typeof value;
}

function outlineLines(text: string): string {
  return text
    .split('\n')
    .map((line) => /^(?:# )?[A-Z][A-Z0-9_]*=/.exec(line)?.[0] ?? line.slice(0, 2))
    .join('\n');
}

const SCRIPT_DATA = 'application/json';

/**
 * Elements with the names of their attributes, as htmlparser2 reads them; scripts and styles with all that they hold, and
 * of data its shape. Where a long name may be broken depends on the name.
 */
function outlineMarkup(text: string): string {
  const parts: string[] = [];
  let inside: string | undefined;
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'wbr') return;
      const events = Object.entries(attributes).map(([key, value]) =>
        /^(?:class|role|type|src|href|http-equiv)$/.test(key)
          ? `${key}=${key === 'href' ? value.slice(0, 1) : value}`
          : key,
      );
      parts.push(`<${[name, ...events].join(' ')}>`);
      inside = name === 'script' || name === 'style' ? (attributes['type'] ?? 'code') : undefined;
    },
    ontext(held) {
      if (inside === SCRIPT_DATA) parts.push(JSON.stringify(shapeOf(JSON.parse(held))));
      else if (inside !== undefined) parts.push(held);
    },
    oncomment: (held) => void parts.push(`<!--${held}`),
    onprocessinginstruction: (name) => void parts.push(`<?${name}`),
    onclosetag(name) {
      inside = undefined;
      if (name !== 'wbr') parts.push(`</${name}>`);
    },
  });
  parser.end(text);
  return parts.join('');
}

/** Signs that turn the direction of writing, or steer a terminal, are named on a page. */
function findInvisible(text: string): string[] {
  const signs =
    text.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069\ufeff]/gu) ?? [];
  return [...new Set(signs)].map((sign) => `U+${sign.codePointAt(0)?.toString(16)}`);
}

interface MarkdownNode {
  readonly type: string;
  readonly depth?: number;
  readonly url?: string;
  readonly children?: readonly MarkdownNode[];
  readonly position?: { readonly start: { readonly offset: number } };
}

/** Blocks, cells, links, code and HTML, without their texts; what Prettier takes for Liquid is text to everybody else. */
async function outline(text: string): Promise<string> {
  const visit = ({ type, depth, url, children, position }: MarkdownNode): string => {
    // A bare address leads where it says.
    const isBare =
      type === 'link' && /^(?:https?|mailto):/.test(url ?? '') && text[position?.start.offset ?? 0] !== '[';
    if (
      isBare ||
      type === 'text' ||
      type === 'liquidNode' ||
      type === 'sentence' ||
      type === 'word' ||
      type === 'whitespace'
    )
      return '';
    const inner = (children ?? []).map(visit).join('');
    return `${type}${depth ?? ''}${url === undefined ? '' : (/^[a-z]*:/.exec(url)?.[0] ?? '')}(${inner})`;
  };
  return visit((await markdown.parsers.markdown.parse(text, {} as never)) as MarkdownNode);
}

interface CodeShape {
  readonly kinds: string;
  /** Strings and names, in the order of the tree. */
  readonly texts: readonly string[];
  readonly comments: number;
}

function compareCode(here: string, there: string, text: string): string[] {
  const [one, other] = [readCode(here), readCode(there)];
  if (one.kinds !== other.kinds) return differ('code', one.kinds, other.kinds);
  if (one.comments !== other.comments) return [`${one.comments} comments instead of ${other.comments}`];
  // Whatever holds the benign text as it is must hold this one as it is.
  const changed = other.texts.flatMap((expected, index) => {
    const wanted = expected.replaceAll(BENIGN, () => text);
    return expected.includes(BENIGN) && one.texts[index] !== wanted
      ? [`${JSON.stringify(one.texts[index])} instead of ${JSON.stringify(wanted)}`]
      : [];
  });
  return changed;
}

function readCode(text: string): CodeShape {
  const file = ts.createSourceFile('emitted.ts', text, ts.ScriptTarget.ESNext, true);
  const texts: string[] = [];
  const kinds: string[] = [];
  const visit = (node: ts.Node): void => {
    kinds.push(nameKind(node), '(');
    if (ts.isStringLiteralLike(node) || ts.isIdentifier(node)) texts.push(node.text);
    ts.forEachChild(node, visit);
    kinds.push(')');
  };
  visit(file);
  const { parseDiagnostics } = file as unknown as { readonly parseDiagnostics: readonly unknown[] };
  return {
    kinds: kinds.join('') + '!'.repeat(parseDiagnostics.length),
    texts,
    comments: countComments(file),
  };
}

/** Names are quoted, bare or computed, and members are reached by a dot or in brackets, as the name asks for. */
function nameKind(node: ts.Node): string {
  if (isName(node)) return 'Name';
  if (ts.isComputedPropertyName(node) && ts.isStringLiteral(node.expression)) return 'Name(Name()';
  if (ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression))
    return ts.SyntaxKind[ts.SyntaxKind.PropertyAccessExpression] ?? '';
  return ts.SyntaxKind[node.kind] ?? '';
}

function isName(node: ts.Node): boolean {
  if (!ts.isIdentifier(node) && !ts.isStringLiteral(node)) return false;
  const { parent } = node;
  return (
    ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node) ||
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isElementAccessExpression(parent) && parent.argumentExpression === node)
  );
}

function countComments(file: ts.SourceFile): number {
  const starts = new Set<number>();
  const visit = (node: ts.Node): void => {
    for (const range of ts.getLeadingCommentRanges(file.text, node.pos) ?? []) starts.add(range.pos);
    for (const range of ts.getTrailingCommentRanges(file.text, node.end) ?? []) starts.add(range.pos);
    for (const child of node.getChildren(file)) if (!ts.isJSDoc(child)) visit(child);
  };
  visit(file);
  return starts.size;
}
