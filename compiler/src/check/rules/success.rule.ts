import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import type { Schema } from '../../model/api-model.ts';
import { nameOperation } from '../../model/api-model.ts';
import { childOf } from '../../source/source-ref.ts';
import type { Gate } from '../gate-context.ts';
import { identify } from '../declare-types.ts';

/** A word of a field's name that speaks of failure: `validation_errors`, `errorMessages`, `numErrors`; not `terror`. */
const ERROR_WORD = /^(?:errors?|err|errs|faults?|failures?|failed)$/i;
const MAX_DEPTH = 4;

/** Opens where a write's success can carry errors in its body and nothing tells them apart. No policy may answer. */
export const successGate: Gate = {
  name: 'success',
  check(context) {
    for (const { flow } of context.flows) {
      const { target } = flow;
      const operation = nameOperation(target.operation);
      for (const response of target.operation.responses.filter((entry) => /^2/.test(entry.status))) {
        const field = response.schema === undefined ? undefined : findErrorField(response.schema);
        if (field === undefined) continue;
        if (target.unless !== undefined) {
          context.register.push({
            gate: 'success',
            subject: `${flow.name}.${target.name}, ${response.status} with ${field}`,
            chosen: `refused when ${target.unless.text}`,
            from: 'rules',
            because: undefined,
            evidence: 'spec',
            origin: target.unless.at,
          });
          continue;
        }
        context.found.push(
          createDiagnostic(
            'success',
            { operation, status: response.status, field },
            childOf(target.origin, target.mode),
            {
              related: [{ at: response.origin, message: 'the answer' }],
              fix: `unless: "=body.${field.replaceAll('[]', '?.[0]').replaceAll('.', '?.').replaceAll('??', '?')} …"   # or =false where a 2xx is always success`,
            },
          ),
        );
      }
    }
  },
};

function findErrorField(root: Schema): string | undefined {
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
