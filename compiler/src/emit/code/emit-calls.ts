import type { CallRule, Expression } from '../../model/integration-model.ts';
import { mentions } from '../../model/expression-tree.ts';
import { formatPath } from '../../source/source-ref.ts';
import { quote } from '../text/code-literals.ts';
import { formatNumber } from '../text/format-number.ts';
import { printChecked } from '../text/print-data.ts';
import type { Expressions } from '../text/print-data.ts';

/** Decisions about a call's outcome, as data with a predicate where the rules give one. */
export function emitCallRules(rules: readonly CallRule[], expressions: Expressions): string {
  const entries = rules.map((rule) => {
    const on = rule.on.map((match) =>
      match.kind === 'class' ? quote(match.name) : `[${match.from}, ${match.to}]`,
    );
    const when =
      rule.when === undefined
        ? ''
        : `when: (${emitPredicateParameters(rule.when, expressions)}) => ${printChecked(rule.when, expressions)}, `;
    return `{ on: [${on.join(', ')}], ${when}do: ${quote(rule.do)}, ${rule.afterMs === undefined ? '' : `afterMs: ${formatNumber(rule.afterMs)}, `}rule: ${quote(formatPath(rule.origin.path))} }`;
  });
  return `[${entries.join(', ')}]`;
}

function emitPredicateParameters(when: Expression, expressions: Expressions): string {
  const tree = expressions.get(when)?.tree;
  const used = ['status', 'headers', 'body'].filter((name) => tree !== undefined && mentions(tree, name));
  return used.length === 0 ? '' : `{ ${used.join(', ')} }`;
}
