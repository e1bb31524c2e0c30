import { blankKind, evaluate, isExpression } from './oracle-expressions.ts';
import type { ExpressionScope } from './oracle-expressions.ts';

/** What becomes of the call of a look-up, by its `with` and one record: without a value nothing is asked for. */
export type Asked = 'asked' | 'blank' | 'failed';

/** A look-up as the rules have it. */
export interface FindRules {
  readonly with?: unknown;
  readonly none?: string;
  readonly many?: string;
}

export type FindScope = Omit<ExpressionScope, 'ids'>;

export function judgeAsked(given: unknown, scope: FindScope): Asked {
  if (typeof given === 'object' && given !== null) {
    const parts = Object.values(given).map((value) => judgeAsked(value, scope));
    return parts.find((part) => part === 'failed') ?? parts.find((part) => part === 'blank') ?? 'asked';
  }
  if (!isExpression(given)) return 'asked';
  try {
    return blankKind(evaluate(given.slice(1), { ...scope, ids: undefined })) === undefined
      ? 'asked'
      : 'blank';
  } catch {
    return 'failed';
  }
}
