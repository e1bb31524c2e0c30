import type { Setting } from '../../model/integration-model.ts';

/** A value of the rules, or the name of the variable that holds it. */
export function describeSetting(setting: Setting): string {
  return setting.kind === 'environment' ? `$${setting.name}` : setting.value;
}
