import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { Operation } from '../../model/api-model.ts';
import type { FindModel, PagesModel } from '../../model/integration-model.ts';
import { findPageField } from '../../resolve/find-page-field.ts';
import { childOf } from '../../source/source-ref.ts';
import type { SourceRef } from '../../source/source-ref.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { suggestPages } from '../suggest-pages.ts';

/** Opens for any call that reads a list without stated paging. No policy may answer. */
export const pagesGate: Gate = {
  name: 'pages',
  check(context) {
    for (const { flow } of context.flows) {
      checkCall(context, flow.source.operation, flow.source.pages, childOf(flow.source.origin, 'read'));
      for (const find of flow.find) {
        if (find.records === undefined) checkObject(context, find);
        else checkCall(context, find.operation, find.pages, childOf(find.origin, 'call'));
      }
      for (const once of flow.targets.flatMap((target) => target.once)) {
        if (once.kind === 'look-up')
          checkCall(context, once.operation, once.pages, childOf(once.origin, 'call'));
      }
    }
  },
};

/** What comes in pages is a list, also where the answer is an object that holds it. */
function checkObject(context: GateContext, { operation, origin, answer }: FindModel): void {
  const { line, why } = suggestPages(operation, answer, false);
  if (!/kind: (?:cursor|page|offset)\b/.test(line)) return;
  const problem = `${nameOperation(operation)} seems to come in pages (${why}), so its answer holds a list and is not the object. Name the list: records: …`;
  const related = [{ at: operation.origin, message: 'the operation' }];
  context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'take'), { related }));
}

function checkCall(
  context: GateContext,
  operation: Operation,
  pages: PagesModel | undefined,
  at: SourceRef,
): void {
  const name = nameOperation(operation);
  if (pages === undefined) {
    const answer = operation.responses.find(({ status }) => /^2/.test(status))?.schema;
    const { line, why } = suggestPages(operation, answer, answersWithLink(context, operation));
    context.found.push(
      createDiagnostic('pages', { problem: unpaged(name) }, at, {
        related: [{ at: operation.origin, message: 'the operation' }],
        fix: `systems.${operation.system}.pages:\n  - ${line}   # ${why}`,
      }),
    );
    return;
  }
  if (pages.until === 'short' && !pages.isUntilStated && !isSizeDescribed(operation, pages)) {
    const problem = `Nothing says which page of ${name} is the last. A vendor that gives fewer than it is asked for would be taken for one that has come to the end, and the rest would be lost.`;
    context.found.push(
      createDiagnostic('pages', { problem }, pages.origin, {
        related: [{ at: operation.origin, message: 'the operation' }],
        fix: 'until: empty   # one call more, and sure; or next: …, where the answer says whether more is to come; short, where every page but the last is surely full',
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
    evidence: pages.until === 'short' && !pages.isUntilStated ? 'spec' : 'author',
    origin: pages.origin,
  });
}

function unpaged(operation: string): string {
  return `Nothing says how ${operation} is paged, so a second page would be lost.`;
}

/** How much a page holds at most: what is asked for is no more than that (`checkPages`), so it is given. */
function isSizeDescribed({ parameters, body }: Operation, { size }: PagesModel): boolean {
  const parameter = parameters.find(({ name }) => name === size?.name);
  const schema = parameter?.schema ?? findPageField(body?.schema, size?.name ?? '')?.schema;
  return schema?.maximum !== undefined;
}

/** RFC 8288: the next page's address in a header. Headers are no part of the model, so the description is asked. */
function answersWithLink({ model }: GateContext, { origin, system }: Operation): boolean {
  const document = model.workspace.specs.get(system)?.find(({ file }) => file === origin.file);
  let node: unknown = document?.value;
  for (const step of [...origin.path, 'responses']) node = isObject(node) ? node[step] : undefined;
  const answers = isObject(node) ? Object.entries(node) : [];
  return answers.some(
    ([status, answer]) =>
      status.startsWith('2') &&
      isObject(answer) &&
      isObject(answer['headers']) &&
      Object.keys(answer['headers']).some((header) => header.toLowerCase() === 'link'),
  );
}

function isObject(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null;
}
