import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { labelTarget } from '../../model/integration-model.ts';
import type { FieldModel } from '../../model/integration-model.ts';
import type { Scalar } from '../../model/rules-input.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { childOf, keyAt } from '../../source/source-ref.ts';
import { formatDecision } from '../format-decision.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { classify } from '../measure-blank.ts';
import { findRead, scopeOf } from '../value-scope.ts';
import type { ValueScope } from '../value-scope.ts';

/** Opens where a table may meet a value that it does not list. No policy may answer. */
export const enumGate: Gate = {
  name: 'enum',
  check(context) {
    for (const { flow, target, fields } of context.flows.flatMap(({ targets }) => targets)) {
      for (const { field } of fields) {
        if (field.table === undefined) continue;
        const subject = `${target.name}.${field.path.text}`;
        reportBlank(field, scopeOf(flow), context);
        reportStrangers(field, scopeOf(flow), context);
        if (field.otherwise !== undefined) {
          context.register.push({
            gate: 'enum',
            subject: `${flow.name}.${labelTarget(target)}.${field.path.text}, a value outside the table`,
            chosen: formatDecision(field.otherwise),
            from: 'rules',
            because: field.because,
            evidence: 'author',
            origin: childOf(field.origin, 'otherwise'),
          });
        } else if (!coversAll(field, scopeOf(flow), context)) {
          context.found.push(
            createDiagnostic('enum', { field: subject }, childOf(field.origin, 'table'), {
              related: [{ at: field.schema.origin, message: 'the target' }],
              fix: 'otherwise: review   # or: fail, skip, omit, { default: … }',
            }),
          );
        }
      }
    }
  },
};

/** A blank value never comes to the table. */
function reportBlank({ table }: FieldModel, scope: ValueScope, context: GateContext): void {
  for (const { from, origin } of table ?? []) {
    const [kind] = classify(from, scope);
    if (kind === undefined) continue;
    const way = kind === 'sentinel' ? ', or leave it out of "sentinels" where it is a value' : '';
    const problem = `${JSON.stringify(from)} is never looked up: it is blank (${kind}), and "blank" decides about it. Take the line out${way}.`;
    context.found.push(createDiagnostic('invalid-value', { problem }, keyAt(origin.file, origin.path)));
  }
}

/** A line for a value that the source never has is a slip of the pen, and the value that was meant goes elsewhere. */
function reportStrangers(field: FieldModel, scope: ValueScope, context: GateContext): void {
  const members = field.values.map((value) => {
    // What a transform makes of the source's values is looked up, and not they themselves.
    if (value.kind === 'literal' || field.as.length > 0) return undefined;
    const checked = context.expressions.get(value.expression);
    const found = checked === undefined ? undefined : findRead(checked.tree, scope);
    const listed = found?.kind === 'found' ? found.schema.enum : undefined;
    return (checked?.type.literals ?? listed)?.map(String);
  });
  if (members.includes(undefined)) return;
  const known = members.flatMap((list) => list ?? []);
  for (const { from, origin } of field.table ?? []) {
    if (known.includes(from)) continue;
    const problem = `The source never has "${from}".${didYouMean(from, known)} It has ${known.slice(0, 12).join(', ')}${known.length > 12 ? ', …' : ''}.`;
    context.found.push(createDiagnostic('invalid-value', { problem }, keyAt(origin.file, origin.path)));
  }
}

/** The source's own enumeration, where it has one, with every member in the table that is not blank. */
function coversAll(field: FieldModel, scope: ValueScope, context: GateContext): boolean {
  const listed = new Set(field.table?.map((row) => row.from));
  const isListed = (member: Scalar): boolean =>
    listed.has(String(member)) || classify(member, scope).size > 0;
  if (field.as.length > 0) return false;
  return field.values.every((value) => {
    if (value.kind === 'literal') return listed.has(value.text);
    const checked = context.expressions.get(value.expression);
    const literals = checked?.type.literals;
    if (literals !== undefined) return literals.every(isListed);
    const found = checked === undefined ? undefined : findRead(checked.tree, scope);
    return (
      found?.kind === 'found' &&
      found.schema.enum !== undefined &&
      found.schema.enum.every((member) => isListed(member as Scalar))
    );
  });
}
