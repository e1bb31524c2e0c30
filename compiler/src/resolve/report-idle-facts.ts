import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { nameOperation } from '../model/api-model.ts';
import type { FlowModel } from '../model/integration-model.ts';
import type { RulesInput } from '../model/rules-input.ts';
import { childOf } from '../source/source-ref.ts';
import type { ResolvedSystem } from './resolve-context.ts';

/** Facts about calls that no target makes: what they say of writes changes nothing. */
export function reportIdleFacts(
  { systems }: RulesInput,
  resolved: ReadonlyMap<string, ResolvedSystem>,
  flows: readonly FlowModel[],
): Diagnostic[] {
  const targets = flows.flatMap((flow) => flow.targets);
  return [...resolved].flatMap(([name, { model }]) => {
    const made = targets
      .filter(({ system }) => system.name === name)
      .flatMap(({ operation }) => [nameOperation(operation).toLowerCase(), operation.id]);
    return (systems[name]?.facts ?? []).flatMap(({ call }, index) => {
      const wanted = call?.trim().replaceAll(/\s+/g, ' ');
      return wanted === undefined || made.includes(wanted.toLowerCase()) || made.includes(wanted)
        ? []
        : [
            createDiagnostic(
              'unused-fact',
              { target: wanted },
              childOf(model.origin, 'facts', index, 'call'),
            ),
          ];
    });
  });
}
