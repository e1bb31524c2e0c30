import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import type { Operation } from '../../model/api-model.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { CallInput, TargetModel } from '../../model/integration-model.ts';
import { formatOf } from '../../model/media-type.ts';
import { childOf, keyAt } from '../../source/source-ref.ts';
import type { PathStep, SourceRef } from '../../source/source-ref.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import {
  findUnhandledAnswer,
  findUnhandledBody,
  findUnhandledMethod,
  findUnhandledParameter,
} from '../unhandled-format.ts';
import type { UnhandledFormat } from '../unhandled-format.ts';

/** Keys of the language that this version knows and does not handle yet. `*` stands for one name or index. */
const KEYS = [
  'links',
  'flows.*.from.webhook',
  'flows.*.from.signature',
  'flows.*.from.payload',
  'flows.*.from.kind',
  'flows.*.to.*.key',
  'flows.*.to.*.on',
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
      for (const target of flow.targets) checkTarget(context, target);
    }
  },
};

function checkTarget(context: GateContext, target: TargetModel): void {
  const { operation } = target;
  checkOperation(context, operation, target.input, childOf(target.origin, target.mode), listSent(target));
  if (target.batch !== undefined && formatOf(operation.body?.mediaType ?? 'application/json') !== 'json') {
    const what = `A batch in the ${operation.body?.mediaType}`;
    report(context, operation, target.batch.origin)({ what, origin: operation.origin });
  }
  for (const once of target.once) {
    if (once.kind !== 'look-up') continue;
    const at = childOf(once.origin, 'call');
    checkOperation(context, once.operation, once.input, at);
    const mediaType = operation.body?.mediaType ?? 'application/json';
    if (formatOf(mediaType) !== 'json') {
      const what = `A look-up by the ${mediaType} that is sent as the body`;
      report(context, operation, at)({ what, origin: operation.origin });
    }
  }
}

/** The properties of the body that the mapping fills. */
function listSent({ item, fields }: TargetModel): string[] {
  const [above] = item?.steps ?? [];
  if (above?.kind === 'name') return [above.name];
  return fields.flatMap(({ path }) => (path.steps[0]?.kind === 'name' ? [path.steps[0].name] : []));
}

function findKeys(node: unknown, pattern: readonly string[], above: readonly PathStep[]): PathStep[][] {
  const [step, ...rest] = pattern;
  if (step === undefined) return node === undefined ? [] : [[...above]];
  if (typeof node !== 'object' || node === null) return [];
  const keys: PathStep[] = Array.isArray(node) ? node.map((_, index) => index) : Object.keys(node);
  return keys
    .filter((key) => step === '*' || step === key)
    .flatMap((key) => findKeys((node as Record<PathStep, unknown>)[key], rest, [...above, key]));
}

function checkOperation(
  context: GateContext,
  operation: Operation,
  input: CallInput,
  at: SourceRef,
  sent: readonly string[] = input.body.map(({ name }) => name),
): void {
  const tell = report(context, operation, at);
  const method = findUnhandledMethod(operation);
  if (method !== undefined) tell(method);
  findUnhandledBody(operation, new Set(sent)).forEach(tell);
  for (const response of operation.responses) {
    const found = /^2/.test(response.status) ? findUnhandledAnswer(response) : undefined;
    if (found !== undefined) tell(found);
  }
  for (const { parameter } of input.parameters) {
    const found = findUnhandledParameter(parameter);
    if (found !== undefined) tell(found);
  }
}

function report(context: GateContext, operation: Operation, at: SourceRef): (found: UnhandledFormat) => void {
  return ({ what, origin }) => {
    const related = [{ at: origin, message: 'described here' }];
    context.found.push(
      createDiagnostic('unsupported', { what: `${what} of ${nameOperation(operation)}` }, at, { related }),
    );
  };
}
