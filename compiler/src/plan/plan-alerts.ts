import type { AlertsModel } from '../model/integration-model.ts';
import type { AlertsPlan } from '../model/service-plan.ts';

/** @param taken names that `main.ts` imports beside it: a system may be called alerts */
export function planAlerts(
  alerts: AlertsModel | undefined,
  taken: readonly string[],
): AlertsPlan | undefined {
  if (alerts === undefined) return undefined;
  let createName = 'createAlerts';
  for (let count = 2; taken.includes(createName); count += 1) createName = `createAlerts${count}`;
  return { alerts, file: 'src/alerts.ts', createName };
}
