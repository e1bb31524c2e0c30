import type { CheckedField } from '../model/checked-model.ts';
import { formatGeneralPath } from '../model/field-path.ts';
import type { Decision } from '../model/integration-model.ts';
import type { FlowPlan, ServicePlan, TargetPlan } from '../model/service-plan.ts';
import { listTroubled } from './tests/emit-samples.ts';
import type { TroubledSample } from './tests/emit-samples.ts';

const STOPS: ReadonlySet<string> = new Set(['review', 'fail', 'skip']);

/**
 * Whether what troubles a field of one target stops the record at another, which is sent the same field of the source: then
 * the record does not end as the one field's decision says.
 * @param action what was decided about the field
 */
export function stopsElsewhere(
  plan: ServicePlan,
  flow: FlowPlan,
  own: TargetPlan,
  { sample, action }: { readonly sample: TroubledSample; readonly action: string },
): boolean {
  const isBlank = sample.kind.startsWith('blank');
  const troubled = new Set(sample.paths.map(formatSteps));
  return flow.targets.some((target, index) => {
    if (target.checked.target.name === own.checked.target.name) return false;
    // What has stopped already never comes to a target below.
    if (STOPS.has(action) && index > flow.targets.indexOf(own)) return false;
    return listTroubled(plan.checked, flow.flow, target.checked).some(
      ({ field, kind, paths }) =>
        kind.startsWith('blank') === isBlank &&
        paths.some((path) => troubled.has(formatSteps(path))) &&
        listDecisions(field, isBlank).some((decision) => 'action' in decision && STOPS.has(decision.action)),
    );
  });
}

function formatSteps(steps: TroubledSample['paths'][number]): string {
  return formatGeneralPath({ text: '', steps });
}

function listDecisions(field: CheckedField, isBlank: boolean): Decision[] {
  const chosen = [...(isBlank ? field.blank : field.invalid).values()].map(({ decision }) => decision);
  return field.otherwise === undefined || isBlank ? chosen : [...chosen, field.otherwise];
}
