import { standsInList } from '../../model/field-path.ts';
import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import type { Schema } from '../../model/api-model.ts';
import type { CheckedField } from '../../model/checked-model.ts';
import type { InvalidKind } from '../../model/rules-input.ts';
import { childOf } from '../../source/source-ref.ts';
import { actionOf, formatDecision } from '../format-decision.ts';
import type { Gate } from '../gate-context.ts';
import { labelTarget } from '../../model/integration-model.ts';

const LOSSY = new Set(['truncate', 'round', 'omit', 'drop', 'skip', 'keep']);

/** Opens where a value can break the target's length, pattern, format, enumeration or range. */
export const invalidGate: Gate = {
  name: 'invalid',
  check(context) {
    for (const { flow, target, fields } of context.flows.flatMap(({ targets }) => targets)) {
      for (const checked of fields) {
        const { field } = checked;
        const subject = `${target.name}.${field.path.text}`;
        for (const kind of checked.invalidKinds) {
          const chosen = checked.invalid.get(kind);
          if (chosen === undefined || chosen.from === 'fallback') {
            context.found.push(
              createDiagnostic(
                'invalid',
                { field: subject, problem: describeBound(kind, field.schema) },
                field.origin,
                {
                  related: [{ at: field.schema.origin, message: 'what the target accepts' }],
                  fix: `invalid: { ${kind}: review }   # or: fail, skip, ${field.required ? '' : 'omit, '}${standsInList(field.path) ? 'drop, ' : ''}${kind === 'too-long' ? 'truncate, ' : kind === 'multiple' ? 'round, ' : ''}{ default: … }`,
                },
              ),
            );
            continue;
          }
          context.register.push({
            gate: 'invalid',
            subject: `${flow.name}.${labelTarget(target)}.${field.path.text}, ${kind}`,
            chosen: formatDecision(chosen.decision),
            from: chosen.from,
            because: chosen.from === 'rules' ? field.because : undefined,
            evidence: 'spec',
            origin: field.invalid?.origin ?? field.origin,
          });
        }
        checkReasons(checked, subject, context.found);
      }
    }
  },
};

/** Some data is lost by these decisions, so somebody must say why that is right. */
function checkReasons(
  checked: CheckedField,
  subject: string,
  found: Parameters<Gate['check']>[0]['found'],
): void {
  const { field } = checked;
  if (field.otherwise !== undefined && actionOf(field.otherwise) === 'skip' && field.because === undefined) {
    const what = `"skip" for ${subject} when the table does not list it`;
    found.push(
      createDiagnostic('because-missing', { what }, childOf(field.origin, 'otherwise'), {
        fix: 'because: …',
      }),
    );
  }
  const lossy = [...checked.invalid].find(
    ([, chosen]) => chosen.from === 'rules' && LOSSY.has(actionOf(chosen.decision)),
  );
  const skips = [...checked.blank].find(
    ([, chosen]) => chosen.from === 'rules' && actionOf(chosen.decision) === 'skip',
  );
  const [kind, chosen] = lossy ?? skips ?? [];
  if (kind === undefined || chosen === undefined || field.because !== undefined) return;
  const what = `"${formatDecision(chosen.decision)}" for ${subject} when it is ${kind}`;
  const at = childOf(field.origin, lossy === undefined ? 'blank' : 'invalid');
  found.push(createDiagnostic('because-missing', { what }, at, { fix: 'because: …' }));
}

function describeBound(kind: InvalidKind, schema: Schema): string {
  switch (kind) {
    case 'too-long':
      return `at most ${schema.maxLength} characters`;
    case 'too-short':
      return `at least ${schema.minLength} characters`;
    case 'pattern':
      return `pattern ${schema.pattern}`;
    case 'format':
      return schema.format === undefined ? 'the transform can fail' : `format ${schema.format}`;
    case 'not-listed':
      return `one of ${schema.enum?.length ?? 0} listed values`;
    case 'too-small':
      return schema.exclusiveMinimum === undefined
        ? `at least ${schema.minimum}`
        : `more than ${schema.exclusiveMinimum}`;
    case 'too-large':
      return schema.exclusiveMaximum === undefined
        ? `at most ${schema.maximum}`
        : `less than ${schema.exclusiveMaximum}`;
    case 'multiple':
      return `a multiple of ${schema.multipleOf}`;
  }
}
