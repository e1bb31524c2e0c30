import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { FlowModel, TargetModel } from '../../model/integration-model.ts';
import { childOf, formatPath } from '../../source/source-ref.ts';
import type { Gate } from '../gate-context.ts';

/** Opens where a changed record is posted once more and nothing leads the target to the object of the version before. */
export const changedWriteGate: Gate = {
  name: 'adds-per-change',
  check(context) {
    for (const { flow, target } of context.flows.flatMap(({ targets }) => targets)) {
      if (flow.later.changed !== 'update' || !isPostedAnew(target)) continue;
      const [first] = target.once;
      // Without a word of protection the write is refused for that.
      if (first === undefined) continue;
      const at = childOf(flow.later.origin, 'changed');
      if (first.kind === 'look-up') {
        const problem = `The look-up of "${target.name}" would find the object of the version before, so that a change is never sent. Use "create" with an "update", or write ignore or review.`;
        context.found.push(createDiagnostic('invalid-value', { problem }, at));
        continue;
      }
      const operation = nameOperation(target.operation);
      context.found.push(
        createDiagnostic('adds-per-change', { operation, target: target.name }, at, {
          related: [
            { at: target.operation.origin, message: 'the operation' },
            { at: childOf(target.origin, 'write'), message: 'it is written here' },
          ],
          fix: suggest(flow, target, formatPath(at.path)),
        }),
      );
    }
  },
};

/** What a path or a field of the body names is the same object each time. */
export function isPostedAnew({ mode, operation, once }: TargetModel): boolean {
  if (mode !== 'write' || operation.method !== 'POST' || operation.path.endsWith('}')) return false;
  return !once.some(({ kind }) => kind === 'upsert');
}

function suggest({ name }: FlowModel, { operation }: TargetModel, at: string): string {
  return `once: { kind: upsert, by: … }   # where the target knows the object again by a field\n# or create: ${nameOperation(operation)}, with an update; or flows.${name}.later: { changed: ignore }   # or review\n# or, where each change is to be an object of its own:\nallow:\n  - { code: adds-per-change, at: "${at}", because: …, until: … }`;
}
