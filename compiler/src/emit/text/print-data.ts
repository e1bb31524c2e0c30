import { coerceLiteral } from '../../check/coerce-literal.ts';
import type { Schema } from '../../model/api-model.ts';
import type { CheckedExpression } from '../../model/checked-model.ts';
import type { Data, Expression } from '../../model/integration-model.ts';
import { invariant } from '../../diagnostics/invariant.ts';
import { key, literal } from './code-literals.ts';
import { printExpression, printValue } from './print-expression.ts';

export type Expressions = ReadonlyMap<Expression, CheckedExpression>;

/** What `with` gives, as code; literals as the description wants them. */
export function printData(
  data: Data,
  schema: Schema | undefined,
  expressions: Expressions,
  print = (expression: Expression): string => printChecked(expression, expressions),
): string {
  switch (data.kind) {
    case 'literal':
      return literal(schema === undefined ? data.value : coerceLiteral(data, schema));
    case 'expression':
      return print(data.expression);
    case 'list':
      return `[${data.items.map((item) => printData(item, schema?.items, expressions, print)).join(', ')}]`;
    case 'map': {
      const entries = data.entries.map(
        ([name, value]) =>
          `${key(name)}: ${printData(value, schema?.properties.get(name)?.schema ?? schema?.additional, expressions, print)}`,
      );
      return `{ ${entries.join(', ')} }`;
    }
  }
}

export function printChecked(expression: Expression, expressions: Expressions): string {
  const checked = expressions.get(expression);
  invariant(checked !== undefined, `the expression "${expression.text}" was not checked`);
  return printExpression(checked.tree);
}

/** The value of a field. */
export function printCheckedValue(expression: Expression, expressions: Expressions): string {
  const checked = expressions.get(expression);
  invariant(checked !== undefined, `the expression "${expression.text}" was not checked`);
  return printValue(checked.tree);
}
