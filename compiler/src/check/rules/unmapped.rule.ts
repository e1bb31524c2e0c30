import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { nameOperation } from '../../model/api-model.ts';
import { formatGeneralPath, formatSteps } from '../../model/field-path.ts';
import { listFields } from '../../model/integration-model.ts';
import { childOf, keyAt } from '../../source/source-ref.ts';
import { actionOf } from '../format-decision.ts';
import type { Gate } from '../gate-context.ts';

/** Opens where a required field has no rule, a read-only one is written, or nobody said what is required. No policy may answer. */
export const unmappedGate: Gate = {
  name: 'unmapped',
  check(context) {
    for (const { target, fields } of context.flows.flatMap(({ targets }) => targets)) {
      const operation = nameOperation(target.operation);
      const all = listFields(target.fields);
      const mapped = all.flatMap((field) => [formatGeneralPath(field.path), formatSteps(field.path.steps)]);
      for (const field of target.required) {
        if (
          mapped.some(
            (path) =>
              path === field.path || path.startsWith(`${field.path}.`) || path.startsWith(`${field.path}[`),
          )
        )
          continue;
        const related = [
          { at: field.origin, message: field.because === 'fact' ? 'this fact requires it' : 'required here' },
        ];
        context.found.push(
          createDiagnostic('unmapped', { field: field.path, operation }, childOf(target.origin, 'map'), {
            related,
            fix: `${field.path}: =source.…`,
          }),
        );
      }
      for (const field of all.filter((entry) => entry.readOnly)) {
        const related = [{ at: field.schema.origin, message: 'read-only here' }];
        context.found.push(
          createDiagnostic(
            'read-only',
            { field: field.path.text },
            keyAt(field.origin.file, field.origin.path),
            { related },
          ),
        );
      }
      if (!target.requiredStated) {
        const sample = target.item === undefined ? '' : `${formatGeneralPath(target.item)}.`;
        context.found.push(
          createDiagnostic('required-unstated', { operation }, childOf(target.origin, target.mode), {
            related: [{ at: target.itemSchema.origin, message: 'no field is required here' }],
            fix: `systems.${target.system.name}.facts:\n  - { call: ${operation}, required: ["${sample}…"] }   # [] where the target takes anything`,
          }),
        );
      }
      const omits = fields.some((field) =>
        [...field.blank.values()].some((chosen) => actionOf(chosen.decision) === 'omit'),
      );
      if (target.operation.method === 'PUT' && omits && target.replaces === undefined) {
        context.found.push(
          createDiagnostic('replaces-unstated', { operation }, childOf(target.origin, target.mode), {
            fix: `systems.${target.system.name}.facts:\n  - { call: ${operation}, replaces: true }   # or false`,
          }),
        );
      }
    }
  },
};
