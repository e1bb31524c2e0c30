import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Response, Schema } from '../../model/api-model.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { TargetModel } from '../../model/integration-model.ts';
import { childOf } from '../../source/source-ref.ts';
import type { SourceRef } from '../../source/source-ref.ts';
import type { Gate } from '../gate-context.ts';
import { identify } from '../declare-types.ts';

/** A word of a field's name that speaks of failure: `validation_errors`, `errorMessages`, `numErrors`; not `terror`. */
const ERROR_WORD = /^(?:errors?|err|errs|faults?|failures?|failed)$/i;
const MAX_DEPTH = 4;

/** Opens where a write's success can carry errors in its body and nothing tells them apart. No policy may answer. */
export const successGate: Gate = {
  name: 'success',
  check(context) {
    for (const { flow, target } of context.flows.flatMap(({ targets }) => targets)) {
      for (const response of target.operation.responses.filter((entry) => /^2/.test(entry.status))) {
        const field = response.schema === undefined ? undefined : findErrorField(response.schema);
        const isAccepted = response.status === '202';
        if (field === undefined && !isAccepted) continue;
        const decided = findDecision(target, response, isAccepted);
        if (decided === undefined) {
          context.found.push(reportOpen(target, response, field));
          continue;
        }
        const subject = `${flow.name}.${target.name}, ${response.status}${field === undefined ? '' : ` with ${field}`}`;
        context.register.push({ gate: 'success', subject, from: 'rules', evidence: 'spec', ...decided });
      }
    }
  },
};

interface Decided {
  readonly chosen: string;
  readonly because: string | undefined;
  readonly origin: SourceRef;
}

/** A rule for the status itself; or the success test, which reads the body of the first success that is described. */
function findDecision(target: TargetModel, response: Response, isAccepted: boolean): Decided | undefined {
  const status = Number(response.status);
  const rule = [...target.calls, ...target.system.calls].find(
    (entry) =>
      entry.when === undefined &&
      entry.on.some((match) => match.kind === 'range' && match.from <= status && status <= match.to),
  );
  if (rule !== undefined) return { chosen: rule.do, because: rule.because, origin: rule.origin };
  // RFC 9110 15.3.3: no test of a body tells whether what was accepted will be done.
  if (isAccepted) return undefined;
  const test = target.batch?.error ?? target.unless;
  if (test === undefined || !hasBodyOfAnswer(target, response)) return undefined;
  return { chosen: `refused when ${test.text}`, because: undefined, origin: test.at };
}

function hasBodyOfAnswer(target: TargetModel, response: Response): boolean {
  const { answer } = target;
  return (
    answer === undefined || response.schema === undefined || identify(answer) === identify(response.schema)
  );
}

function reportOpen(target: TargetModel, response: Response, field: string | undefined): Diagnostic {
  const path = (field ?? '').replaceAll('[]', '?.[0]').replaceAll('.', '?.').replaceAll('??', '?');
  const isBodyTested = response.status !== '202' && hasBodyOfAnswer(target, response);
  const fix = !isBodyTested
    ? `calls:\n  - { on: ${response.status}, do: review, because: … }   # or ok, where it is success all the same`
    : target.batch !== undefined
      ? `error: "=result. …"   # in batch; or =false where a result is always success`
      : `unless: "=${testOf(response.schema, field ?? '', `body.${path}`)}"   # or =false where a 2xx is always success`;
  const params = { operation: nameOperation(target.operation), status: response.status, field };
  const related = [{ at: response.origin, message: 'the answer' }];
  return createDiagnostic('success', params, childOf(target.origin, target.mode), { related, fix });
}

/** What of the field means failure: a flag that is set, a count that is not 0, a list that is not empty, anything else that is there. */
function testOf(root: Schema | undefined, path: string, value: string): string {
  const steps = path.split('.');
  const schema = steps.reduce<Schema | undefined>((above, step) => {
    const property = above?.properties.get(step.replaceAll('[]', ''))?.schema;
    return step.endsWith('[]') ? property?.items : property;
  }, root);
  const types = schema?.types ?? [];
  if (types.includes('boolean')) return `${value} === true`;
  if (schema?.items !== undefined || types.includes('array')) return `(${value}?.length ?? 0) > 0`;
  if (types.includes('string')) return `(${value} ?? '') !== ''`;
  return types.includes('integer') || types.includes('number')
    ? `(${value} ?? 0) !== 0`
    : `(${value} ?? null) !== null`;
}

export function findErrorField(root: Schema): string | undefined {
  const queue: { readonly schema: Schema; readonly path: string; readonly depth: number }[] = [
    { schema: root, path: '', depth: 0 },
  ];
  const seen = new Set<string>();
  for (const { schema, path, depth } of queue) {
    if (seen.has(identify(schema)) || depth > MAX_DEPTH) continue;
    seen.add(identify(schema));
    for (const [name, property] of schema.properties) {
      const below = path === '' ? name : `${path}.${name}`;
      if (splitWords(name).some((word) => ERROR_WORD.test(word))) return below;
      queue.push({ schema: property.schema, path: below, depth: depth + 1 });
    }
    if (schema.items !== undefined) queue.push({ schema: schema.items, path: `${path}[]`, depth });
  }
  return undefined;
}

function splitWords(name: string): string[] {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z0-9]+/);
}
