import { TEMPLATE_TAGS } from '../model/expression-tree.ts';
import type { ExpressionTree } from '../model/expression-tree.ts';
import type { TextSpan } from '../source/source-ref.ts';
import { findTagMisuse } from './template-tags.ts';
import { ts } from './type-oracle.ts';

export type ParsedExpression =
  | { readonly kind: 'tree'; readonly tree: ExpressionTree }
  | { readonly kind: 'syntax'; readonly problem: string; readonly span: TextSpan }
  | { readonly kind: 'forbidden'; readonly what: string; readonly instead: string; readonly span: TextSpan };

class Forbidden {
  readonly what: string;
  readonly instead: string;
  readonly node: ts.Node;
  constructor(what: string, instead: string, node: ts.Node) {
    this.what = what;
    this.instead = instead;
    this.node = node;
  }
}

/** What a person writes is never so deep, and what is deeper ends the stack of some stage. */
const MAX_DEPTH = 250;

function isTooDeep(root: ts.Node): boolean {
  const waiting = [{ node: root, depth: 0 }];
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    const { node, depth } = entry;
    if (depth > MAX_DEPTH) return true;
    ts.forEachChild(node, (child) => void waiting.push({ node: child, depth: depth + 1 }));
  }
  return false;
}

/** Undefined where even the parser comes to the end of its stack. */
function parseText(text: string): ts.SourceFile | undefined {
  try {
    const file = ts.createSourceFile('expression.ts', text, ts.ScriptTarget.ESNext, true);
    return isTooDeep(file) ? undefined : file;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** One TypeScript expression as a tree of what is allowed. @param text without its `=` */
export function parseExpression(text: string): ParsedExpression {
  const prefix = '(';
  const file = parseText(`${prefix}${text}\n);`);
  if (file === undefined)
    return { kind: 'syntax', problem: 'it is nested too deeply.', span: { start: 0, end: text.length } };
  const [broken] = (file as unknown as { parseDiagnostics: ts.DiagnosticWithLocation[] }).parseDiagnostics;
  const clamp = (at: number): number => Math.max(0, Math.min(text.length, at - prefix.length));
  if (broken !== undefined) {
    const problem = ts.flattenDiagnosticMessageText(broken.messageText, ' ');
    return {
      kind: 'syntax',
      problem,
      span: { start: clamp(broken.start), end: clamp(broken.start + Math.max(1, broken.length)) },
    };
  }
  const [statement] = file.statements;
  const outer =
    statement !== undefined && ts.isExpressionStatement(statement) ? statement.expression : undefined;
  if (file.statements.length !== 1 || outer === undefined || !ts.isParenthesizedExpression(outer)) {
    return { kind: 'syntax', problem: 'one expression is wanted.', span: { start: 0, end: text.length } };
  }
  try {
    return {
      kind: 'tree',
      tree: convert(outer.expression, (node) => ({
        start: clamp(node.getStart()),
        end: clamp(node.getEnd()),
      })),
    };
  } catch (error) {
    if (!(error instanceof Forbidden)) throw error;
    const span = { start: clamp(error.node.getStart()), end: clamp(error.node.getEnd()) };
    return { kind: 'forbidden', what: error.what, instead: error.instead, span };
  }
}

type SpanOf = (node: ts.Node) => TextSpan;

const BINARY_OPERATORS = new Set([
  '===',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  '&&',
  '||',
  '??',
  '+',
  '-',
  '*',
  '/',
  '%',
]);

function convert(node: ts.Expression, spanOf: SpanOf): ExpressionTree {
  const span = spanOf(node);
  const inner = (child: ts.Expression): ExpressionTree => convert(child, spanOf);
  if (ts.isParenthesizedExpression(node)) return inner(node.expression);
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
    return { kind: 'literal', value: node.text, span };
  if (ts.isNumericLiteral(node)) return { kind: 'literal', value: Number(node.text), span };
  if (node.kind === ts.SyntaxKind.TrueKeyword) return { kind: 'literal', value: true, span };
  if (node.kind === ts.SyntaxKind.FalseKeyword) return { kind: 'literal', value: false, span };
  if (node.kind === ts.SyntaxKind.NullKeyword) return { kind: 'literal', value: null, span };
  if (ts.isIdentifier(node))
    return node.text === 'undefined'
      ? { kind: 'literal', value: undefined, span }
      : { kind: 'name', name: node.text, span };
  if (ts.isPropertyAccessExpression(node)) {
    return {
      kind: 'member',
      object: inner(node.expression),
      name: node.name.text,
      optional: node.questionDotToken !== undefined,
      span,
    };
  }
  if (ts.isElementAccessExpression(node)) {
    return {
      kind: 'element',
      object: inner(node.expression),
      index: inner(node.argumentExpression),
      optional: node.questionDotToken !== undefined,
      span,
    };
  }
  if (ts.isCallExpression(node)) {
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword) throw new Forbidden('import()', '', node);
    return { kind: 'call', callee: inner(node.expression), args: node.arguments.map(inner), span };
  }
  if (ts.isTemplateExpression(node)) {
    const texts = [node.head.text, ...node.templateSpans.map((part) => part.literal.text)];
    return { kind: 'template', texts, parts: node.templateSpans.map((part) => inner(part.expression)), span };
  }
  if (ts.isTaggedTemplateExpression(node)) return convertTagged(node, spanOf);
  return convertCompound(node, spanOf);
}

function convertTagged(node: ts.TaggedTemplateExpression, spanOf: SpanOf): ExpressionTree {
  const tag = TEMPLATE_TAGS.find((name) => ts.isIdentifier(node.tag) && node.tag.text === name);
  if (tag === undefined)
    throw new Forbidden('this tag of a template', ` There are ${TEMPLATE_TAGS.join(', ')}.`, node.tag);
  const tree = convert(node.template, spanOf);
  const span = spanOf(node);
  if (tree.kind !== 'template') {
    const instead = ' Without a part that is filled in there is nothing to escape: write a text.';
    throw new Forbidden(`"${tag}" of a plain text`, instead, node);
  }
  const misuse = findTagMisuse(tag, tree.texts);
  if (misuse !== undefined) throw new Forbidden(misuse.what, misuse.instead, node);
  return { ...tree, tag, span };
}

function convertCompound(node: ts.Expression, spanOf: SpanOf): ExpressionTree {
  const span = spanOf(node);
  const inner = (child: ts.Expression): ExpressionTree => convert(child, spanOf);
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.getText();
    if (operator === '==' || operator === '!=')
      throw new Forbidden(`"${operator}"`, ` Use "${operator}=".`, node.operatorToken);
    if (!BINARY_OPERATORS.has(operator))
      throw new Forbidden(
        `"${operator}"`,
        ' An expression changes nothing; it only computes.',
        node.operatorToken,
      );
    return { kind: 'binary', operator, left: inner(node.left), right: inner(node.right), span };
  }
  if (ts.isPrefixUnaryExpression(node)) {
    const operator = ts.tokenToString(node.operator) ?? '';
    if (!['!', '-', '+'].includes(operator))
      throw new Forbidden(`"${operator}"`, ' An expression changes nothing; it only computes.', node);
    return { kind: 'unary', operator, operand: inner(node.operand), span };
  }
  if (ts.isConditionalExpression(node)) {
    return {
      kind: 'conditional',
      test: inner(node.condition),
      yes: inner(node.whenTrue),
      no: inner(node.whenFalse),
      span,
    };
  }
  if (ts.isArrayLiteralExpression(node)) return { kind: 'list', items: node.elements.map(inner), span };
  if (ts.isObjectLiteralExpression(node))
    return {
      kind: 'object',
      entries: node.properties.map((property) => convertEntry(property, inner)),
      span,
    };
  if (ts.isArrowFunction(node)) return convertArrow(node, spanOf);
  throw new Forbidden(describeForbidden(node), '', node);
}

function convertEntry(
  property: ts.ObjectLiteralElementLike,
  inner: (child: ts.Expression) => ExpressionTree,
): readonly [string, ExpressionTree] {
  if (
    ts.isPropertyAssignment(property) &&
    (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name))
  ) {
    if (property.name.text === '__proto__') throw new Forbidden('__proto__', '', property);
    return [property.name.text, inner(property.initializer)];
  }
  throw new Forbidden('this form of a property', ' Write { name: value }.', property);
}

function convertArrow(node: ts.ArrowFunction, spanOf: SpanOf): ExpressionTree {
  const isArgument = ts.isCallExpression(node.parent) && node.parent.arguments.includes(node);
  if (!isArgument) throw new Forbidden('a function outside a call', '', node);
  if (ts.isBlock(node.body))
    throw new Forbidden('a function with statements', ' Give it one expression.', node.body);
  if (node.modifiers !== undefined) throw new Forbidden('async', '', node);
  const parameters = node.parameters.map((parameter) => {
    if (
      !ts.isIdentifier(parameter.name) ||
      parameter.initializer !== undefined ||
      parameter.type !== undefined ||
      parameter.dotDotDotToken !== undefined
    ) {
      throw new Forbidden('this form of a parameter', ' Use a plain name.', parameter);
    }
    if ((TEMPLATE_TAGS as readonly string[]).includes(parameter.name.text))
      throw new Forbidden(
        `a parameter named "${parameter.name.text}"`,
        ' It is the tag of a template.',
        parameter,
      );
    return parameter.name.text;
  });
  const body = ts.isParenthesizedExpression(node.body) ? node.body.expression : node.body;
  return { kind: 'arrow', parameters, body: convert(body, spanOf), span: spanOf(node) };
}

function describeForbidden(node: ts.Node): string {
  const names: Partial<Record<ts.SyntaxKind, string>> = {
    [ts.SyntaxKind.AwaitExpression]: 'await',
    [ts.SyntaxKind.ThisKeyword]: 'this',
    [ts.SyntaxKind.NewExpression]: 'new',
    [ts.SyntaxKind.AsExpression]: 'a cast',
    [ts.SyntaxKind.SatisfiesExpression]: 'a cast',
    [ts.SyntaxKind.TypeAssertionExpression]: 'a cast',
    [ts.SyntaxKind.NonNullExpression]: 'a non-null "!"',
    [ts.SyntaxKind.SpreadElement]: 'a spread',
    [ts.SyntaxKind.FunctionExpression]: 'function',
    [ts.SyntaxKind.ClassExpression]: 'class',
    [ts.SyntaxKind.TypeOfExpression]: 'typeof',
    [ts.SyntaxKind.DeleteExpression]: 'delete',
    [ts.SyntaxKind.VoidExpression]: 'void',
    [ts.SyntaxKind.YieldExpression]: 'yield',
    [ts.SyntaxKind.PostfixUnaryExpression]: 'a change of a value',
    [ts.SyntaxKind.RegularExpressionLiteral]: 'a regular expression',
    [ts.SyntaxKind.TaggedTemplateExpression]: 'a tagged template',
    [ts.SyntaxKind.BigIntLiteral]: 'a bigint',
    [ts.SyntaxKind.SuperKeyword]: 'super',
    [ts.SyntaxKind.MetaProperty]: 'import.meta',
  };
  return names[node.kind] ?? 'this construct';
}
