import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { Operation } from '../../model/api-model.ts';
import type { PagesModel } from '../../model/integration-model.ts';
import { childOf } from '../../source/source-ref.ts';
import type { SourceRef } from '../../source/source-ref.ts';
import type { Gate, GateContext } from '../gate-context.ts';

/** Opens for any call that reads a list without stated paging. No policy may answer. */
export const pagesGate: Gate = {
  name: 'pages',
  check(context) {
    for (const { flow } of context.flows) {
      checkCall(context, flow.source.operation, flow.source.pages, childOf(flow.source.origin, 'read'));
      for (const find of flow.find)
        checkCall(context, find.operation, find.pages, childOf(find.origin, 'call'));
      for (const once of flow.targets.flatMap((target) => target.once)) {
        if (once.kind === 'look-up')
          checkCall(context, once.operation, once.pages, childOf(once.origin, 'call'));
      }
    }
  },
};

function checkCall(
  context: GateContext,
  operation: Operation,
  pages: PagesModel | undefined,
  at: SourceRef,
): void {
  const name = nameOperation(operation);
  if (pages === undefined) {
    context.found.push(
      createDiagnostic('pages', { operation: name }, at, {
        related: [{ at: operation.origin, message: 'the operation' }],
        fix: `systems.${operation.system}.pages:\n  - { for: "${name}", kind: cursor, next: …, send: … }   # or link, next-url, page, offset, or none (because)`,
      }),
    );
    return;
  }
  context.register.push({
    gate: 'pages',
    subject: name,
    chosen: pages.kind === 'none' ? 'one answer holds everything' : `by ${pages.kind}, until ${pages.until}`,
    from: 'rules',
    because: pages.because,
    evidence: 'author',
    origin: pages.origin,
  });
}
