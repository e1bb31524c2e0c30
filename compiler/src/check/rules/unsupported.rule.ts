import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import type { Operation } from '../../model/api-model.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { CallInput } from '../../model/integration-model.ts';
import { isJsonType } from '../../resolve/resolve-operations.ts';
import { childOf, keyAt } from '../../source/source-ref.ts';
import type { PathStep, SourceRef } from '../../source/source-ref.ts';
import type { Gate, GateContext } from '../gate-context.ts';

/** Keys of the language that this version knows and does not handle yet. `*` stands for one name or index. */
const KEYS = [
  'links',
  'allow',
  'systems.*.references',
  'systems.*.limits.reserve',
  'systems.*.facts.*.status',
  'flows.*.from.webhook',
  'flows.*.from.signature',
  'flows.*.from.payload',
  'flows.*.from.kind',
  'flows.*.to.*.batch',
  'flows.*.to.*.key',
  'flows.*.to.*.on',
  'flows.*.to.*.find',
  'flows.*.to.*.map.*.map.*.each',
].map((pattern) => pattern.split('.'));

/** Nothing that the rules say, and nothing that they reach, is silently left out. */
export const unsupportedGate: Gate = {
  name: 'unsupported',
  check(context) {
    const { rules, workspace } = context.model;
    for (const pattern of KEYS) {
      for (const path of findKeys(rules, pattern, [])) {
        context.found.push(
          createDiagnostic(
            'unsupported',
            { what: `The key "${String(path.at(-1))}"` },
            keyAt(workspace.rulesFile, path),
          ),
        );
      }
    }
    for (const { flow } of context.flows) {
      checkOperation(context, flow.source.operation, flow.source.input, childOf(flow.source.origin, 'read'));
      for (const find of flow.find)
        checkOperation(context, find.operation, find.input, childOf(find.origin, 'call'));
      for (const target of flow.targets) {
        checkOperation(context, target.operation, target.input, childOf(target.origin, target.mode));
        for (const once of target.once)
          if (once.kind === 'look-up')
            checkOperation(context, once.operation, once.input, childOf(once.origin, 'call'));
      }
    }
  },
};

function findKeys(node: unknown, pattern: readonly string[], above: readonly PathStep[]): PathStep[][] {
  const [step, ...rest] = pattern;
  if (step === undefined) return node === undefined ? [] : [[...above]];
  if (typeof node !== 'object' || node === null) return [];
  const keys: PathStep[] = Array.isArray(node) ? node.map((_, index) => index) : Object.keys(node);
  return keys
    .filter((key) => step === '*' || step === key)
    .flatMap((key) => findKeys((node as Record<PathStep, unknown>)[key], rest, [...above, key]));
}

function checkOperation(context: GateContext, operation: Operation, input: CallInput, at: SourceRef): void {
  const report = (what: string, origin: SourceRef): void => {
    const related = [{ at: origin, message: 'described here' }];
    context.found.push(
      createDiagnostic('unsupported', { what: `${what} of ${nameOperation(operation)}` }, at, { related }),
    );
  };
  if (operation.body !== undefined && !isJsonType(operation.body.mediaType))
    report(`The request format ${operation.body.mediaType}`, operation.origin);
  for (const response of operation.responses) {
    if (/^2/.test(response.status) && response.mediaType !== undefined && !isJsonType(response.mediaType))
      report(`The answer format ${response.mediaType}`, response.origin);
  }
  for (const { parameter } of input.parameters) {
    const handled =
      (parameter.in === 'query' && parameter.style === 'form') ||
      ((parameter.in === 'path' || parameter.in === 'header') && parameter.style === 'simple') ||
      (parameter.in === 'query' &&
        (parameter.style === 'spaceDelimited' || parameter.style === 'pipeDelimited'));
    if (!handled)
      report(
        `The ${parameter.in} parameter "${parameter.name}" in style ${parameter.style}`,
        parameter.origin,
      );
  }
}
