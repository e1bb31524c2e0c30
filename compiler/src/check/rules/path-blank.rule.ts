import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import type { Operation } from '../../model/api-model.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { CallInput, FlowModel, TargetModel } from '../../model/integration-model.ts';
import { BLANK_KINDS } from '../../model/rules-input.ts';
import type { BlankKind } from '../../model/rules-input.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { measureValue } from '../measure-blank.ts';
import { scopeOf } from '../value-scope.ts';

/**
 * A blank in a path calls another operation: `/contacts/` is the whole list. Part of the gate `blank`; of a write a policy
 * may answer by which a required field that is blank goes to review, of any other call nothing may.
 */
export const pathBlankGate: Gate = {
  name: 'blank',
  check(context) {
    for (const { flow } of context.flows) {
      checkPath(context, flow, flow.source.operation, flow.source.input);
      for (const target of flow.targets) {
        checkPath(context, flow, target.operation, target.input, target);
        for (const once of target.once)
          if (once.kind === 'look-up') checkPath(context, flow, once.operation, once.input);
      }
    }
  },
};

/** Settings are read before anything runs, times are always there, and what a look-up stands on is never sent blank. */
const ALWAYS_FILLED: ReadonlySet<string> = new Set(['config', 'since', 'now', 'sent']);

/** How a value of a path can be blank; in no way where the parameter stands elsewhere. */
export function measurePathValue(
  expressions: GateContext['expressions'],
  flow: FlowModel,
  { parameter, value }: CallInput['parameters'][number],
): readonly BlankKind[] {
  if (parameter.in !== 'path' || (value.kind !== 'literal' && value.kind !== 'expression')) return [];
  const possible = measureValue(value, {
    ...scopeOf(flow),
    checked: (given) => expressions.get(given.expression),
    filled: ALWAYS_FILLED,
  });
  return BLANK_KINDS.filter((kind) => possible.has(kind));
}

function checkPath(
  context: GateContext,
  flow: FlowModel,
  operation: Operation,
  input: CallInput,
  target?: TargetModel,
): void {
  for (const { parameter, value } of input.parameters) {
    const kinds = measurePathValue(context.expressions, flow, { parameter, value }).join(', ');
    if (kinds === '') continue;
    if (target !== undefined && value.kind === 'expression' && context.model.policy?.required === 'review') {
      context.register.push({
        gate: 'blank',
        subject: `${flow.name}.${target.name}, {${parameter.name}} of its path, ${kinds}`,
        chosen: 'review',
        from: 'policy',
        because: undefined,
        evidence: 'spec',
        origin: value.at,
      });
      continue;
    }
    const field = `${parameter.name} of ${nameOperation(operation)}`;
    const why = ', and a path with a gap is another address';
    context.found.push(
      createDiagnostic('blank', { field, kinds, rate: '', why }, value.at, {
        related: [{ at: parameter.origin, message: 'the parameter' }],
        ...(target === undefined
          ? {}
          : {
              fix: 'policy: standard   # or a policy of your own with "required: review": then a person looks at such a record',
            }),
      }),
    );
  }
}
