import type { TextSpan } from '../source/source-ref.ts';

/** HTML, an address, and query languages of vendors. */
export const TEMPLATE_TAGS = ['html', 'url', 'odata', 'soql', 'jql'] as const;
export type TemplateTag = (typeof TEMPLATE_TAGS)[number];

/** The part of TypeScript that an expression of the rules may use. Spans count inside the expression's text. */
export type ExpressionTree =
  | {
      readonly kind: 'literal';
      readonly value: string | number | boolean | null | undefined;
      readonly span: TextSpan;
    }
  | { readonly kind: 'name'; readonly name: string; readonly span: TextSpan }
  | {
      readonly kind: 'member';
      readonly object: ExpressionTree;
      readonly name: string;
      readonly optional: boolean;
      readonly span: TextSpan;
    }
  | {
      readonly kind: 'element';
      readonly object: ExpressionTree;
      readonly index: ExpressionTree;
      readonly optional: boolean;
      readonly span: TextSpan;
    }
  | {
      readonly kind: 'call';
      readonly callee: ExpressionTree;
      readonly args: readonly ExpressionTree[];
      readonly span: TextSpan;
    }
  | {
      readonly kind: 'template';
      /** By which its parts are escaped. */
      readonly tag?: TemplateTag;
      readonly texts: readonly string[];
      readonly parts: readonly ExpressionTree[];
      readonly span: TextSpan;
    }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: ExpressionTree;
      readonly right: ExpressionTree;
      readonly span: TextSpan;
    }
  | {
      readonly kind: 'unary';
      readonly operator: string;
      readonly operand: ExpressionTree;
      readonly span: TextSpan;
    }
  | {
      readonly kind: 'conditional';
      readonly test: ExpressionTree;
      readonly yes: ExpressionTree;
      readonly no: ExpressionTree;
      readonly span: TextSpan;
    }
  | { readonly kind: 'list'; readonly items: readonly ExpressionTree[]; readonly span: TextSpan }
  | {
      readonly kind: 'object';
      readonly entries: readonly (readonly [string, ExpressionTree])[];
      readonly span: TextSpan;
    }
  | {
      readonly kind: 'arrow';
      readonly parameters: readonly string[];
      readonly body: ExpressionTree;
      readonly span: TextSpan;
    };

export function listChildren(tree: ExpressionTree): readonly ExpressionTree[] {
  switch (tree.kind) {
    case 'member':
      return [tree.object];
    case 'element':
      return [tree.object, tree.index];
    case 'call':
      return [tree.callee, ...tree.args];
    case 'template':
      return tree.parts;
    case 'binary':
      return [tree.left, tree.right];
    case 'unary':
      return [tree.operand];
    case 'conditional':
      return [tree.test, tree.yes, tree.no];
    case 'list':
      return tree.items;
    case 'object':
      return tree.entries.map(([, value]) => value);
    case 'arrow':
      return [tree.body];
    case 'literal':
    case 'name':
      return [];
  }
}

/** What TypeScript knows of an expression's value. */
export interface TypeFacts {
  readonly undefined: boolean;
  readonly null: boolean;
  readonly string: boolean;
  readonly number: boolean;
  readonly boolean: boolean;
  /** Every value it can have, where they are all known. */
  readonly literals: readonly (string | number | boolean)[] | undefined;
  /** The type as text, where it is none of the above. */
  readonly other: string | undefined;
  readonly text: string;
}

/** Whether the expression uses the name, wherever in it. */
export function mentions(tree: ExpressionTree, name: string): boolean {
  return (
    (tree.kind === 'name' && tree.name === name) || listChildren(tree).some((child) => mentions(child, name))
  );
}
