import { DECIMAL_FUNCTIONS } from '../../check/expression-library.ts';
import { TEMPLATE_TAGS } from '../../model/expression-tree.ts';
import type { ExpressionTree } from '../../model/expression-tree.ts';
import { toConstantCase } from '../../model/name-case.ts';
import { key, literal, quote } from './code-literals.ts';

/** An expression of the rules as code, printed from its tree: nothing of its text is copied. */
export function printExpression(tree: ExpressionTree): string {
  switch (tree.kind) {
    case 'literal':
      return literal(tree.value);
    case 'name':
      return tree.name;
    case 'member':
      return printMember(tree);
    case 'element':
      return `${printOperand(tree.object)}${tree.optional ? '?.' : ''}[${printExpression(tree.index)}]`;
    case 'call':
      if (isOfUnknown(tree, 'Number')) return `toNumber(${tree.args.map(printExpression).join(', ')})`;
      if (isOfUnknown(tree, 'String')) return `toText(${tree.args.map(printExpression).join(', ')})`;
      return `${printOperand(tree.callee)}(${tree.args.map(printExpression).join(', ')})`;
    case 'template':
      return `${printTag(tree)}${printTemplate(tree.texts, tree.parts)}`;
    case 'binary':
      return `${printOperand(tree.left)} ${tree.operator} ${printOperand(tree.right)}`;
    case 'unary':
      return `${tree.operator}${printOperand(tree.operand)}`;
    case 'conditional':
      return `${printOperand(tree.test)} ? ${printOperand(tree.yes)} : ${printOperand(tree.no)}`;
    case 'list':
      return `[${tree.items.map(printExpression).join(', ')}]`;
    case 'object':
      return `{ ${tree.entries.map(([name, value]) => `${key(name)}: ${printExpression(value)}`).join(', ')} }`;
    case 'arrow': {
      const body = printExpression(tree.body);
      return `(${tree.parameters.join(', ')}) => ${tree.body.kind === 'object' ? `(${body})` : body}`;
    }
  }
}

/** A value of the rules: a text with parts gives nothing where a part is blank, instead of a text with a hole. */
export function printValue(tree: ExpressionTree): string {
  return tree.kind === 'template' && tree.tag === undefined
    ? `whole${printExpression(tree)}`
    : printExpression(tree);
}

/** `String(…)` of what may be missing stays missing, so that the decision about blanks sees it; `Number(…)` of it fails. */
function isOfUnknown(tree: ExpressionTree & { readonly kind: 'call' }, name: 'String' | 'Number'): boolean {
  const [argument] = tree.args;
  return (
    tree.callee.kind === 'name' &&
    tree.callee.name === name &&
    argument !== undefined &&
    !['since', 'now', 'config', 'status'].includes(rootOf(argument))
  );
}

function rootOf(tree: ExpressionTree): string {
  if (tree.kind === 'member' || tree.kind === 'element') return rootOf(tree.object);
  return tree.kind === 'name' ? tree.name : '';
}

/** The runtime's functions that printed expressions call. */
export function listHelpers(code: string): string[] {
  const calls = ['toNumber', 'toText', ...DECIMAL_FUNCTIONS].filter((name) =>
    new RegExp(`(?<![.\\w'])${name}\\(`).test(code),
  );
  const tags = ['whole', 'htmlText', ...TEMPLATE_TAGS].filter((name) =>
    new RegExp(`(?<![.\\w'])${name}\``).test(code),
  );
  return [...calls, ...tags];
}

function printMember(tree: ExpressionTree & { readonly kind: 'member' }): string {
  // A plain setting of the rules is a variable of the environment.
  if (tree.object.kind === 'name' && tree.object.name === 'config')
    return `config.${toConstantCase(tree.name)}`;
  const object = printOperand(tree.object);
  if (/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(tree.name))
    return `${object}${tree.optional ? '?.' : '.'}${tree.name}`;
  return `${object}${tree.optional ? '?.' : ''}[${quote(tree.name)}]`;
}

const COMPOUND = new Set(['binary', 'conditional', 'arrow', 'unary']);

/** Parentheses wherever they could matter; Prettier takes the needless ones away. */
function printOperand(tree: ExpressionTree): string {
  const text = printExpression(tree);
  return COMPOUND.has(tree.kind) ||
    tree.kind === 'object' ||
    (tree.kind === 'literal' && typeof tree.value === 'number')
    ? `(${text})`
    : text;
}

/** Formatters write anew what is tagged `html`. */
function printTag({ tag }: ExpressionTree & { readonly kind: 'template' }): string {
  return tag === 'html' ? 'htmlText' : (tag ?? '');
}

function printTemplate(texts: readonly string[], parts: readonly ExpressionTree[]): string {
  const escape = (text: string): string =>
    quote(text)
      .slice(1, -1)
      .replaceAll("\\'", "'")
      .replaceAll('`', '\\`')
      .replaceAll('$', String.raw`\$`);
  return `\`${texts.map((text, index) => escape(text) + (parts[index] === undefined ? '' : `\${${printExpression(parts[index])}}`)).join('')}\``;
}
