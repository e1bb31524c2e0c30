import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import type { RelatedPlace } from '../../diagnostics/diagnostic.ts';
import { nameOperation } from '../../model/api-model.ts';
import { mentions } from '../../model/expression-tree.ts';
import type { ChangesModel, FlowModel } from '../../model/integration-model.ts';
import { childOf } from '../../source/source-ref.ts';
import { collectInput } from '../collect-expressions.ts';
import type { Gate, GateContext } from '../gate-context.ts';

/** The gates `changes`, `first` and `later`: how a poll reads on, where it begins, what happens after delivery. No policy may answer. */
export const readingOnGate: Gate = {
  name: 'changes',
  check(context) {
    for (const { flow } of context.flows) {
      checkChanges(context, flow);
      checkLater(context, flow);
    }
  },
};

function checkChanges(context: GateContext, flow: FlowModel): void {
  const { changes, origin } = flow.source;
  if (changes === undefined || (changes.field === undefined && !changes.full)) {
    const problem = `Nothing says how the flow "${flow.name}" reads on from where it was.`;
    context.found.push(
      createDiagnostic('changes', { problem }, changes?.origin ?? origin, {
        related: atOperation(flow),
        fix: 'changes: { field: …, lookback: 5m, first: … }   # or { full: true, first: … }',
      }),
    );
    return;
  }
  checkSince(context, flow, changes);
  checkExactTime(context, flow);
  const reading = changes.full
    ? 'everything, every time'
    : `from the newest ${changes.field?.text ?? ''} seen, less ${changes.lookbackMs / 1000} s`;
  context.register.push(entry('changes', flow, reading, changes.origin));
  if (changes.first === undefined) {
    const fix = 'first: all   # or now, seen, or a date: a first run must not bill history by accident';
    context.found.push(
      createDiagnostic('first', { flow: flow.name }, changes.origin, { fix, related: atOperation(flow) }),
    );
    return;
  }
  context.register.push(entry('first', flow, changes.first, childOf(changes.origin, 'first')));
}

function atOperation({ source }: FlowModel): RelatedPlace[] {
  return [{ at: source.operation.origin, message: 'what is read' }];
}

/** Where a description has `StartTime` and `StartTime>`, the first asks for that very time, and what came later is not read. */
function checkExactTime({ expressions, found }: GateContext, { source }: FlowModel): void {
  const { operation, input } = source;
  for (const { parameter, value } of input.parameters) {
    const tree = value.kind === 'expression' ? expressions.get(value.expression)?.tree : undefined;
    if (tree === undefined || !mentions(tree, 'since')) continue;
    const wanted = operation.parameters.find(
      ({ name }) => name === `${parameter.name}>` || name === `${parameter.name}>=`,
    );
    if (wanted === undefined) continue;
    const problem = `"${parameter.name}" asks for exactly that time, and what is later would not be read.`;
    found.push(
      createDiagnostic('changes', { problem }, value.at, {
        fix: `${JSON.stringify(wanted.name)}: =since.…`,
        related: [{ at: wanted.origin, message: 'what asks for later ones' }],
      }),
    );
  }
}

/** A flow that says to read on, and asks for everything each time, is not what its documents say. */
function checkSince({ expressions, found }: GateContext, flow: FlowModel, changes: ChangesModel): void {
  const { source } = flow;
  const uses = collectInput(source.input).some((expression) => {
    const tree = expressions.get(expression)?.tree;
    // One that is wrong has a message of its own.
    return tree === undefined || mentions(tree, 'since');
  });
  if (changes.full || uses) return;
  const problem = `The flow "${flow.name}" reads on from "${changes.field?.text ?? ''}", but nothing in "with" uses "since", so each pass of ${nameOperation(source.operation)} would read everything.`;
  found.push(
    createDiagnostic('changes', { problem }, childOf(changes.origin, 'field'), {
      related: atOperation(flow),
      fix: 'with: { …: =since.iso }   # where the call has such a filter; else changes: { full: true, first: … }',
    }),
  );
}

const LATER = {
  changed: { key: 'has changed', choices: 'update, ignore or review' },
  left: { key: 'is no longer kept', choices: 'ignore, review, or unseen where leaving cannot be observed' },
  deleted: { key: 'was deleted at the source', choices: 'ignore' },
} as const;

function checkLater(context: GateContext, flow: FlowModel): void {
  const { later } = flow;
  for (const [name, text] of Object.entries(LATER) as [
    keyof typeof LATER,
    (typeof LATER)[keyof typeof LATER],
  ][]) {
    const chosen = later[name];
    if (chosen === undefined) {
      const fix = `later: { ${name}: … }   # ${text.choices}`;
      context.found.push(
        createDiagnostic('later', { flow: flow.name, key: text.key }, later.origin, { fix }),
      );
      continue;
    }
    context.register.push({
      ...entry('later', flow, chosen, childOf(later.origin, name)),
      subject: `${flow.name}, a record ${text.key}`,
      because: later.because,
    });
  }
  for (const target of flow.targets) {
    if (target.mode === 'update' && later.changed === 'ignore') {
      const problem =
        'An update is never sent where changed records are ignored. Leave it out, or write update or review for "changed".';
      context.found.push(createDiagnostic('invalid-value', { problem }, childOf(target.origin, 'update')));
    }
    const isUpdated = flow.targets.some(({ mode, name }) => mode === 'update' && name === target.name);
    if (target.mode !== 'create' || isUpdated || later.changed !== 'update') continue;
    const problem = `The target "${target.name}" is only created, so a changed record has no update. Write ignore or review, or add "update".`;
    context.found.push(createDiagnostic('invalid-value', { problem }, childOf(later.origin, 'changed')));
  }
}

function entry(gate: string, flow: FlowModel, chosen: string, origin: FlowModel['origin']) {
  return {
    gate,
    subject: flow.name,
    chosen,
    from: 'rules' as const,
    because: undefined,
    evidence: 'author' as const,
    origin,
  };
}
