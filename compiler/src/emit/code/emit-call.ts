import { invariant } from '../../diagnostics/invariant.ts';
import type { CallInput, Expression } from '../../model/integration-model.ts';
import type { OperationPlan } from '../../model/service-plan.ts';
import { findPageField } from '../../resolve/find-page-field.ts';
import { key } from '../text/code-literals.ts';
import { printData } from '../text/print-data.ts';
import type { Expressions } from '../text/print-data.ts';

export interface CallExtras {
  /** Code for parameters or body fields that the rules do not give themselves, by name. */
  readonly extra: ReadonlyMap<string, string>;
  /** The whole body, where something else makes it. */
  readonly body: string | undefined;
  /** How an expression is printed, where it is not just itself. */
  readonly print?: (expression: Expression) => string;
}

/** A call of an operation's function, with what the rules and the paging give it. */
export function emitCall(
  operation: OperationPlan,
  input: CallInput,
  expressions: Expressions,
  extras: CallExtras,
): string {
  const given = new Map(
    input.parameters.map(({ parameter, value }) => [
      `${parameter.in} ${parameter.name}`,
      printData(value, parameter.schema, expressions, extras.print),
    ]),
  );
  const properties = operation.parameters.flatMap((parameter) => {
    const code = given.get(`${parameter.in} ${parameter.name}`) ?? extras.extra.get(parameter.name);
    if (code === undefined) return [];
    return code === parameter.property ? [code] : [`${parameter.property}: ${code}`];
  });
  const fields = input.body.map(
    (field) => `${key(field.name)}: ${printData(field.value, field.schema, expressions, extras.print)}`,
  );
  fields.push(...printPaging(operation, extras.extra));
  const body = extras.body ?? (operation.bodyType === undefined ? undefined : `{ ${fields.join(', ')} }`);
  invariant(body !== undefined || fields.length === 0, `the body of ${operation.functionName} has no type`);
  if (body === undefined)
    return properties.length === 0
      ? `${operation.functionName}()`
      : `${operation.functionName}({ ${properties.join(', ')} })`;
  if (operation.parameters.length === 0) return `${operation.functionName}(${body})`;
  return `${operation.functionName}({ ${[...properties, `body: ${body}`].join(', ')} })`;
}

/** What paging fills of the body; fields inside one object stand there together. */
function printPaging({ operation }: OperationPlan, extra: CallExtras['extra']): string[] {
  const inside = new Map<string, { readonly steps: readonly string[]; readonly code: string }[]>();
  for (const [name, code] of extra) {
    const [first, ...steps] = findPageField(operation.body?.schema, name)?.steps ?? [];
    if (first !== undefined) inside.set(first, [...(inside.get(first) ?? []), { steps, code }]);
  }
  return [...inside].map(([name, entries]) => `${key(name)}: ${printNested(entries)}`);
}

function printNested(
  entries: readonly { readonly steps: readonly string[]; readonly code: string }[],
): string {
  const [only] = entries;
  if (only !== undefined && only.steps.length === 0) return only.code;
  const names = [...new Set(entries.map(({ steps: [name = ''] }) => name))];
  const fields = names.map((name) => {
    const below = entries
      .filter(({ steps }) => steps[0] === name)
      .map(({ steps, code }) => ({ steps: steps.slice(1), code }));
    return `${key(name)}: ${printNested(below)}`;
  });
  return `{ ${fields.join(', ')} }`;
}
