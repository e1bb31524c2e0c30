import { TRANSFORMS } from '../../check/transform-catalog.ts';
import type { TransformFacts } from '../../check/transform-facts.ts';
import type { TransformCall } from '../../model/integration-model.ts';
import type { ServicePlan } from '../../model/service-plan.ts';
import { quote } from '../text/code-literals.ts';

/** The runtime's function, with its argument or the zone of the rules where it takes one. */
export function emitTransform(plan: ServicePlan, call: TransformCall, imports: Set<string>): string {
  const facts = TRANSFORMS[call.name];
  if (facts === undefined) return '';
  imports.add(facts.runtimeName);
  const argument = facts.needsZone
    ? quote(plan.checked.model.rules.zone ?? 'UTC')
    : emitArgument(facts, call.argument);
  return argument === undefined ? facts.runtimeName : `(text) => ${facts.runtimeName}(text, ${argument})`;
}

function emitArgument(facts: TransformFacts, argument: string | undefined): string | undefined {
  if (argument === undefined) return undefined;
  return facts.argument === 'length' || facts.argument === 'places' ? argument : quote(argument);
}
