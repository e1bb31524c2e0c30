import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  Scalar,
  visit,
} from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import { createLineIndex } from './line-index.ts';
import type { LineIndex } from './line-index.ts';
import { mapScalarOffset } from './map-scalar-offset.ts';
import { measureValue } from './measure-value.ts';
import type { Location, PathStep, SourceRef } from './source-ref.ts';
import { toSwaggerPath } from './swagger-path.ts';

/** A YAML (or JSON) text whose every value can be found again. The only importer of `yaml`. */
export interface YamlFile {
  readonly path: string;
  readonly text: string;
  readonly lines: LineIndex;
  /** What is wrong with the text, found when it is first asked for; placing a message never pays for it. */
  readonly problems: readonly YamlProblem[];
  /** Undefined where there is a problem. */
  readonly value: unknown;
  /** The scalar as it was typed (`2.10`), or undefined where the path holds no scalar. */
  sourceText(path: readonly PathStep[]): string | undefined;
  /** Scalars that begin with `=`, as written, with the comment that YAML cut off, if any. */
  readonly cutExpressions: readonly { readonly path: readonly PathStep[]; readonly comment: string }[];
  locate(ref: SourceRef): Location;
  /**
   * What stands in a line, counted from 1: the path of the innermost value that it begins or lies in.
   * @param column counted from 1; where it is left out, that of the line's first sign
   */
  pathAt(line: number, column?: number): readonly PathStep[];
}

export interface YamlProblem {
  readonly kind: 'syntax' | 'duplicate-key' | 'unsupported' | 'too-large';
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly key?: string;
}

const MAX_ALIASES = 100;

export function parseYamlFile(path: string, text: string): YamlFile {
  const counter = new LineCounter();
  const doc = parseDocument(text, { lineCounter: counter, prettyErrors: false, keepSourceTokens: true });
  const lines = createLineIndex(text);
  let read: ReadValue | undefined;
  const readOnce = (): ReadValue => (read ??= readValue(doc, text));
  return {
    path,
    text,
    lines,
    get problems() {
      return readOnce().problems;
    },
    get value() {
      return readOnce().value;
    },
    sourceText(steps) {
      const node = doc.getIn(steps, true);
      if (!isScalar(node)) return undefined;
      return node.type === Scalar.PLAIN ? (node.source ?? String(node.value)) : String(node.value);
    },
    get cutExpressions() {
      return readOnce().problems.length === 0 ? listCutExpressions(doc.contents, []) : [];
    },
    locate: (ref) => locate(path, text, lines, doc, ref),
    pathAt(line, column) {
      const shown = lines.lineText(line);
      const first = shown.length - shown.trimStart().length;
      return findPath(doc.contents, lines.offsetOf(line) + (column === undefined ? first : column - 1));
    },
  };
}

interface ReadValue {
  readonly problems: readonly YamlProblem[];
  readonly value: unknown;
}

function readValue(doc: Document, text: string): ReadValue {
  const problems = [...listSyntaxProblems(doc, text), ...listUnsupported(doc)];
  if (problems.length > 0) return { problems, value: undefined };
  try {
    const value: unknown = doc.toJS({ maxAliasCount: MAX_ALIASES });
    const excess = measureValue(value);
    if (excess === undefined) return { problems, value };
    return {
      problems: [atFirstAlias(doc, 'too-large', 'an alias makes it endless or too deep')],
      value: undefined,
    };
  } catch (error) {
    // The library throws only for aliases: more than the bound, or one without its anchor.
    const { message } = error as Error;
    if (/^Unresolved alias/.test(message))
      return {
        problems: [atFirstAlias(doc, 'unsupported', message, /: (.*)$/.exec(message)?.[1])],
        value: undefined,
      };
    return {
      problems: [atFirstAlias(doc, 'too-large', 'its aliases stand for too many values')],
      value: undefined,
    };
  }
}

function atFirstAlias(
  doc: Document,
  kind: YamlProblem['kind'],
  message: string,
  source?: string,
): YamlProblem {
  let range: readonly number[] = [0, 1];
  visit(doc, {
    Alias(_, node) {
      if (source !== undefined && node.source !== source) return undefined;
      range = node.range ?? range;
      return visit.BREAK;
    },
  });
  return { kind, message, start: range[0] ?? 0, end: range[1] ?? 1 };
}

function listSyntaxProblems(doc: Document, text: string): YamlProblem[] {
  const first = doc.errors[0];
  if (first === undefined) return [];
  const [start, end] = first.pos;
  if (first.code !== 'DUPLICATE_KEY') return [{ kind: 'syntax', message: first.message, start, end }];
  const key = /^[^:\n]*/.exec(text.slice(start))?.[0].trim() ?? '';
  return [{ kind: 'duplicate-key', message: first.message, start, end: start + key.length, key }];
}

function listUnsupported(doc: Document): YamlProblem[] {
  const warning = doc.warnings.find((entry) => entry.code === 'TAG_RESOLVE_FAILED');
  if (warning === undefined) return [];
  return [{ kind: 'unsupported', message: warning.message, start: warning.pos[0], end: warning.pos[1] }];
}

function listCutExpressions(
  node: unknown,
  path: readonly PathStep[],
): { path: PathStep[]; comment: string }[] {
  if (isScalar(node)) {
    const cut = node.type === Scalar.PLAIN && typeof node.value === 'string' && node.value.startsWith('=');
    // A comment behind a plain expression is nearly always a `#` that was meant as code.
    return cut && typeof node.comment === 'string' && looksLikeCode(node)
      ? [{ path: [...path], comment: node.comment }]
      : [];
  }
  if (!isCollection(node)) return [];
  return node.items.flatMap((item, index) => {
    if (isPair(item)) return listCutExpressions(item.value, [...path, keyOf(item)]);
    return listCutExpressions(item, [...path, index]);
  });
}

/** An expression that YAML cut at a `#` has an open quote or bracket; a remark behind a whole one has not. */
function looksLikeCode(node: Scalar): boolean {
  const text = String(node.value);
  const quotes = ["'", '"', '`'].some((quote) => text.split(quote).length % 2 === 0);
  return quotes || text.split(/[([{]/).length !== text.split(/[)\]}]/).length;
}

function keyOf(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

function locate(file: string, text: string, lines: LineIndex, doc: Document, ref: SourceRef): Location {
  const [start, end] = findRange(doc, ref, text);
  const from = lines.locate(start);
  const to = lines.locate(Math.max(start, end));
  return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

function findRange(doc: Document, given: SourceRef, text: string): readonly [number, number] {
  const ref = toOriginal(doc, given);
  if (ref.raw !== undefined) return [ref.raw.start, ref.raw.end];
  const found = findNode(doc, ref.path);
  if (found.depth < ref.path.length || ref.part === 'key') {
    const pair = found.depth < ref.path.length ? found.pair : findNode(doc, ref.path).pair;
    const key = pair?.key;
    if (isScalar(key) && key.range) return [key.range[0], key.range[1]];
  }
  const node = found.node;
  if (!node?.range) return [0, 0];
  if (isScalar(node) && ref.span !== undefined && found.depth === ref.path.length) {
    return [mapScalarOffset(text, node, ref.span.start), mapScalarOffset(text, node, ref.span.end)];
  }
  if (isCollection(node)) return findHead(node, found.pair, text);
  return [node.range[0], node.range[1]];
}

function findPath(node: unknown, offset: number): PathStep[] {
  if (!isCollection(node)) return [];
  for (const [index, item] of node.items.entries()) {
    const value: unknown = isPair(item) ? item.value : item;
    const head: unknown = isPair(item) ? item.key : item;
    const start = (head as Node | null)?.range?.[0];
    const end = (value as Node | null)?.range?.[1] ?? (head as Node | null)?.range?.[1];
    if (start === undefined || end === undefined || offset < start - DASH || offset >= end) continue;
    return [isPair(item) ? keyOf(item) : index, ...findPath(value, offset)];
  }
  return [];
}

/** An element of a list is meant by its dash, too. */
const DASH = 2;

/** References into a Swagger 2.0 file name places in what the loader has made of it. */
function toOriginal(doc: Document, ref: SourceRef): SourceRef {
  if (!isMap(doc.contents) || !doc.has('swagger')) return ref;
  return { ...ref, path: toSwaggerPath(ref.path, (path) => doc.getIn(path)) };
}

/** A whole map or list is shown by its key, or by its first line. */
function findHead(node: Node, pair: Pair | undefined, text: string): readonly [number, number] {
  if (isScalar(pair?.key) && pair.key.range) return [pair.key.range[0], pair.key.range[1]];
  const start = node.range?.[0] ?? 0;
  const lineEnd = text.indexOf('\n', start);
  return [start, Math.min(lineEnd === -1 ? text.length : lineEnd, node.range?.[1] ?? start)];
}

/** Walks as far as the path leads, so that a missing value is shown at its nearest parent. */
function findNode(doc: Document, path: readonly PathStep[]) {
  let node: Node | null = doc.contents as Node | null;
  let pair: Pair | undefined;
  let depth = 0;
  for (const step of path) {
    let next: Node | null | undefined;
    let nextPair: Pair | undefined;
    const target: Node | null | undefined = isAlias(node) ? node.resolve(doc) : node;
    if (isMap(target)) {
      nextPair = target.items.find((item) => keyOf(item) === String(step));
      next = nextPair === undefined ? undefined : ((nextPair.value ?? nextPair.key) as Node);
    } else if (isCollection(target) && typeof step === 'number') {
      next = target.items[step] as Node | undefined;
    }
    if (next === undefined || next === null) break;
    node = next;
    pair = nextPair;
    depth += 1;
  }
  return { node, pair, depth };
}
