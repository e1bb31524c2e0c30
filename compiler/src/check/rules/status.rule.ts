import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import type { Operation, Response, Schema } from '../../model/api-model.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { CallRule, FlowModel, SystemModel } from '../../model/integration-model.ts';
import { childOf } from '../../source/source-ref.ts';
import type { SourceRef } from '../../source/source-ref.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { findErrorField } from './success.rule.ts';

/** One place from which an operation is called. */
interface Use {
  readonly operation: Operation;
  readonly system: SystemModel;
  readonly role: 'read' | 'look-up' | 'write';
  readonly calls: readonly CallRule[];
  readonly name: string;
  readonly at: SourceRef;
}

/**
 * Opens where an operation can answer what no general answer fits: partly done (206, 207), elsewhere (3xx), to be paid for
 * (402), gone for good (410), locked (423), or accepted and perhaps never done (202).
 */
export const statusGate: Gate = {
  name: 'status',
  check(context) {
    for (const { flow } of context.flows)
      for (const use of listUses(flow))
        for (const response of use.operation.responses.filter((entry) => isUndecided(entry, use)))
          checkResponse(context, use, response);
  },
};

/** What each of them means, so that whoever decides knows what there is to decide. */
const MEANINGS: Readonly<Record<string, string>> = {
  202: 'accepted, and perhaps never done',
  206: 'a part of what was asked for',
  207: 'some of it done and some not',
  402: 'not before somebody pays',
  410: 'gone for good',
  423: 'locked',
};

function listUses(flow: FlowModel): Use[] {
  const { source, find, targets } = flow;
  return [
    {
      operation: source.operation,
      system: source.system,
      role: 'read',
      calls: source.calls,
      name: `${flow.name}, reading`,
      at: childOf(source.origin, 'read'),
    },
    ...find.map((entry): Use => ({
      operation: entry.operation,
      system: entry.system,
      role: 'look-up',
      calls: entry.calls,
      name: `${flow.name}.${entry.name}, looking up`,
      at: childOf(entry.origin, 'call'),
    })),
    ...targets.flatMap((target): Use[] => [
      {
        operation: target.operation,
        system: target.system,
        role: 'write',
        calls: target.calls,
        name: `${flow.name}.${target.name}, writing`,
        at: childOf(target.origin, target.mode),
      },
      ...target.once.flatMap((once): Use[] =>
        once.kind === 'look-up'
          ? [
              {
                operation: once.operation,
                system: target.system,
                role: 'look-up',
                calls: target.calls,
                name: `${flow.name}.${target.name}, looking up`,
                at: childOf(once.origin, 'call'),
              },
            ]
          : [],
      ),
    ]),
  ];
}

function isUndecided(response: Response, { operation, role }: Use): boolean {
  const { status, schema } = response;
  // The gate about successes asks about those of a write.
  if (role === 'write' && (status === '202' || hasErrors(status, schema))) return false;
  // Where it is what the operation answers when all is well, there is nothing to decide.
  const usual = operation.responses.find((entry) => /^2/.test(entry.status) && entry.schema !== undefined);
  if (response === usual) return false;
  return Object.hasOwn(MEANINGS, status) || /^3(?:\d\d|XX)$/.test(status);
}

function hasErrors(status: string, schema: Schema | undefined): boolean {
  return /^2/.test(status) && schema !== undefined && findErrorField(schema) !== undefined;
}

function checkResponse(context: GateContext, use: Use, response: Response): void {
  const { status } = response;
  const [from, to] = /^\d+$/.test(status) ? [Number(status), Number(status)] : [300, 399];
  const rule = [...use.calls, ...use.system.calls].find(
    (entry) =>
      entry.when === undefined &&
      entry.on.some((match) => match.kind === 'range' && match.from <= from && to <= match.to),
  );
  if (rule === undefined) {
    const operation = nameOperation(use.operation);
    const meaning = MEANINGS[status] ?? 'what was asked for is elsewhere';
    const action = use.role === 'read' ? 'halt' : 'review';
    context.found.push(
      createDiagnostic('status', { operation, status, meaning }, use.at, {
        related: [{ at: response.origin, message: 'described here' }],
        fix: `systems.${use.system.name}.calls:\n  - { on: ${status.toLowerCase()}, do: ${action} }   # or at the flow: retry, wait, defer, pause, ok, missing, skip, review, fail, halt`,
      }),
    );
    return;
  }
  context.register.push({
    gate: 'status',
    subject: `${use.name} (${nameOperation(use.operation)}), ${status}`,
    chosen: rule.do,
    from: 'rules',
    because: rule.because,
    evidence: 'spec',
    origin: rule.origin,
  });
}
