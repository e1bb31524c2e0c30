import type { Service } from '../engine/create-service.ts';
import { operatorError } from '../errors.ts';
import type { AnyFlow } from '../flow.ts';

/** @throws OperatorError where the service has no such flow, or none was named */
export function findFlow({ definition }: Service, name: string | undefined, usage: string): AnyFlow {
  const flow = definition.flows.find((entry) => entry.name === name);
  if (flow !== undefined) return flow;
  const flows = definition.flows.map((entry) => entry.name).join(', ');
  throw operatorError(
    name === undefined ? `Usage: ${usage}\nFlows: ${flows}` : `There is no flow "${name}". Flows: ${flows}`,
  );
}
