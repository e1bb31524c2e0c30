import { blankKind, evaluate, isExpression } from './oracle-expressions.ts';
import type { ExpressionScope } from './oracle-expressions.ts';

/** What becomes of the call of a look-up, by its `with` and one record: without a value nothing is asked for. */
export type Asked =
  | { readonly kind: 'asked'; readonly values: Readonly<Record<string, unknown>> }
  | { readonly kind: 'blank' | 'failed' };

/** A look-up as the rules have it. */
export interface FindRules {
  readonly with?: unknown;
  readonly none?: string;
  readonly many?: string;
}

export type FindScope = ExpressionScope;

/** The look-ups of a flow by their names, with those of its targets. */
export function listFinds<T>(flow: {
  readonly find?: Readonly<Record<string, T>>;
  readonly to?: readonly { readonly find?: unknown }[];
}): Readonly<Record<string, T>> {
  const own = (flow.to ?? []).map(({ find }) => (find ?? {}) as Readonly<Record<string, T>>);
  return Object.assign({}, flow.find, ...own) as Readonly<Record<string, T>>;
}

/** @param given the `with` of the rules */
export function judgeAsked(given: unknown, scope: FindScope): Asked {
  let hasBlank = false;
  const evaluateAll = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(evaluateAll);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, evaluateAll(member)]));
    if (!isExpression(value)) return value;
    const made = evaluate(value.slice(1), scope);
    hasBlank ||= [made].flat().some((element) => blankKind(element, scope.sentinels) !== undefined);
    return made;
  };
  try {
    const values = evaluateAll(given ?? {}) as Readonly<Record<string, unknown>>;
    return hasBlank ? { kind: 'blank' } : { kind: 'asked', values };
  } catch {
    return { kind: 'failed' };
  }
}

/** What of the `with` of a write stands in the path of its call. */
export function selectPath(given: unknown, path: string): Readonly<Record<string, unknown>> {
  const all = Object.entries((given ?? {}) as Readonly<Record<string, unknown>>);
  return Object.fromEntries(all.filter(([name]) => path.includes(`{${name.replace(/^path\./, '')}}`)));
}

/** What a look-up before a create asks for, of the `once` of a target. */
export function findLookUp(once: unknown): unknown {
  const entries = [once ?? []].flat() as readonly { readonly kind?: string; readonly with?: unknown }[];
  return entries.find(({ kind }) => kind === 'look-up')?.with;
}
