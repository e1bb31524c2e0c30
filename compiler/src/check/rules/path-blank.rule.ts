import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import type { Operation } from '../../model/api-model.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { CallInput, FlowModel } from '../../model/integration-model.ts';
import { BLANK_KINDS } from '../../model/rules-input.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { measureValue } from '../measure-blank.ts';
import { scopeOf } from '../value-scope.ts';

/** A blank in a path calls another operation: `/contacts/` is the whole list. Part of the gate `blank`; nothing may answer. */
export const pathBlankGate: Gate = {
  name: 'blank',
  check(context) {
    for (const { flow } of context.flows) {
      checkPath(context, flow, flow.source.operation, flow.source.input);
      for (const target of flow.targets) {
        checkPath(context, flow, target.operation, target.input);
        for (const once of target.once)
          if (once.kind === 'look-up') checkPath(context, flow, once.operation, once.input);
      }
    }
  },
};

/** Settings are read before anything runs, times are always there, and what a look-up stands on is never sent blank. */
const ALWAYS_FILLED: ReadonlySet<string> = new Set(['config', 'since', 'now', 'sent']);

function checkPath(context: GateContext, flow: FlowModel, operation: Operation, input: CallInput): void {
  for (const { parameter, value } of input.parameters) {
    if (parameter.in !== 'path' || (value.kind !== 'literal' && value.kind !== 'expression')) continue;
    const possible = measureValue(value, {
      ...scopeOf(flow),
      checked: (given) => context.expressions.get(given.expression),
      filled: ALWAYS_FILLED,
    });
    if (possible.size === 0) continue;
    const kinds = BLANK_KINDS.filter((kind) => possible.has(kind)).join(', ');
    const field = `${parameter.name} of ${nameOperation(operation)}`;
    const why = ', and a path with a gap is another address';
    context.found.push(
      createDiagnostic('blank', { field, kinds, rate: '', why }, value.at, {
        related: [{ at: parameter.origin, message: 'the parameter' }],
      }),
    );
  }
}
