import type { CheckedModel } from '../model/checked-model.ts';
import type { OperationPlan, ServicePlan, SystemPlan } from '../model/service-plan.ts';
import { toKebabCase } from '../model/name-case.ts';
import { createNameAllocator, toPascalCase } from './allocate-names.ts';
import { planCustom } from './plan-custom.ts';
import { planAlerts } from './plan-alerts.ts';
import { planFlow } from './plan-flow.ts';
import { planOperation } from './plan-operation.ts';
import type { PlanOne } from './plan-operation.ts';
import { planSettings } from './plan-settings.ts';

export interface PlanOptions {
  /** Names that an earlier run gave. */
  readonly names: Readonly<Record<string, string>>;
  /** Where the rules stand, seen from the output folder. */
  readonly rulesPath: string;
}

/** Settles every file, name and statement of the service. Cannot fail for the user's reasons. */
export function planService(checked: CheckedModel, options: PlanOptions): ServicePlan {
  const { model } = checked;
  const names = createNameAllocator(options.names);
  const operations = new Map<string, OperationPlan>();
  const plan: PlanOne = (use) => planOperation(checked, names, operations, use);
  const flows = checked.flows.map((entry) => planFlow(checked, entry, names, plan));
  const systems = model.systems.map((system): SystemPlan => ({
    system,
    file: `src/systems/${toKebabCase(system.name)}.ts`,
    createName: `create${toPascalCase(system.name)}`,
    typesText: checked.types.get(system.name)?.text ?? '',
    operations: [...operations.values()].filter((entry) => entry.operation.system === system.name),
    customAuth:
      system.auth.kind === 'custom'
        ? {
            file: `custom/auth-${toKebabCase(system.name)}.ts`,
            functionName: `authenticate${toPascalCase(system.name)}`,
          }
        : undefined,
  }));
  return {
    checked,
    integration: model.rules.integration,
    purpose: model.rules.purpose,
    rulesName: model.workspace.rulesName,
    rulesPath: options.rulesPath,
    settings: planSettings(model),
    systems,
    flows,
    custom: planCustom(checked),
    alerts: planAlerts(model.alerts, [
      ...systems.map(({ createName }) => createName),
      ...flows.map(({ name }) => name),
    ]),
    names: Object.fromEntries([...names.names].toSorted(([left], [right]) => (left < right ? -1 : 1))),
    needsKey: model.systems.some(({ auth }) => auth.kind === 'oauth2' || auth.kind === 'login'),
  };
}
