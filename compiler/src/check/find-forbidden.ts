import type { ExpressionTree } from '../model/expression-tree.ts';
import { listChildren } from '../model/expression-tree.ts';
import { EXPRESSION_FUNCTIONS, FORBIDDEN_MEMBERS } from './expression-library.ts';

/** Names of the language that are known in other places. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  found: ' A look-up sees only what those above it have found, and a flow without "find" has nothing found.',
  ids: ' A target sees the ids of those above it that say where theirs stands ("id").',
  each: ' It stands for one element in a map below "each".',
  custom:
    ' Functions of your own are known where "source" is: in keep, in map, and in the "with" of a look-up or target.',
};

/** What an expression uses and may not, and what to write in its place. */
export interface ForbiddenUse {
  readonly tree: ExpressionTree;
  readonly what: string;
  readonly instead: string;
}

/** The first use of what the language does not have, or not here. @param names what is in scope */
export function findForbidden(tree: ExpressionTree, names: ReadonlySet<string>): ForbiddenUse | undefined {
  const own = names.has('custom') ? findCustomMisuse(tree) : undefined;
  if (own !== undefined) return own;
  if (tree.kind === 'name' && EXPRESSION_FUNCTIONS.has(tree.name)) {
    return {
      tree,
      what: `"${tree.name}" without its argument`,
      instead: ` Write item => ${tree.name}(item).`,
    };
  }
  if (tree.kind === 'name' && !names.has(tree.name)) {
    const what = `"${tree.name}"`;
    const known = Object.hasOwn(ELSEWHERE, tree.name) ? ELSEWHERE[tree.name] : '';
    const inScope = ` In scope here: ${[...names, ...EXPRESSION_FUNCTIONS].join(', ')}.`;
    return { tree, what, instead: `${known}${inScope}` };
  }
  if (tree.kind === 'member' && FORBIDDEN_MEMBERS.has(tree.name))
    return { tree, what: `"${tree.name}"`, instead: '' };
  if (
    tree.kind === 'element' &&
    tree.index.kind === 'literal' &&
    FORBIDDEN_MEMBERS.has(String(tree.index.value))
  ) {
    return { tree, what: `"${tree.index.value}"`, instead: '' };
  }
  if (tree.kind === 'element' && tree.index.kind !== 'literal') {
    return { tree, what: 'a computed key', instead: ' Name the field.' };
  }
  if (
    tree.kind === 'call' &&
    (isCallOfFunction(tree) || (names.has('custom') && isCustomMember(tree.callee)))
  )
    return firstOf(tree.args, names);
  if (tree.kind === 'call' && tree.callee.kind !== 'member') {
    return {
      tree,
      what: 'a call of this',
      instead: ` Call a method of a value, or ${[...EXPRESSION_FUNCTIONS].join(', ')}.`,
    };
  }
  const inside = tree.kind === 'arrow' ? new Set([...names, ...tree.parameters]) : names;
  return firstOf(listChildren(tree), inside);
}

function isCallOfFunction({ callee }: ExpressionTree & { readonly kind: 'call' }): boolean {
  return callee.kind === 'name' && EXPRESSION_FUNCTIONS.has(callee.name);
}

function isCustomMember(tree: ExpressionTree): boolean {
  return tree.kind === 'member' && isCustom(tree.object) && !FORBIDDEN_MEMBERS.has(tree.name);
}

function isCustom(tree: ExpressionTree): boolean {
  return tree.kind === 'name' && tree.name === 'custom';
}

/** A function of the user's own is only ever called: what it is given must be known. */
function findCustomMisuse(tree: ExpressionTree): ForbiddenUse | undefined {
  if (isCustom(tree)) return { tree, what: '"custom" without a call', instead: ' Write custom.<name>(…).' };
  if (tree.kind === 'member' && isCustomMember(tree)) {
    const what = `"custom.${tree.name}" without its arguments`;
    return { tree, what, instead: ` Write item => custom.${tree.name}(item).` };
  }
  if (tree.kind === 'arrow' && tree.parameters.includes('custom'))
    return { tree, what: 'a parameter named "custom"', instead: ' It would hide your functions.' };
  return undefined;
}

function firstOf(trees: readonly ExpressionTree[], names: ReadonlySet<string>): ForbiddenUse | undefined {
  for (const tree of trees) {
    const forbidden = findForbidden(tree, names);
    if (forbidden !== undefined) return forbidden;
  }
  return undefined;
}
