import { toKebabCase } from '../../model/name-case.ts';
import type { SettingPlan } from '../../model/service-plan.ts';

/** What the tests of a service set a setting to: it leads nowhere. */
export function sampleSetting({ kind, name }: SettingPlan): string | number | boolean {
  if (kind === 'url') return `http://${toKebabCase(name)}.invalid`;
  if (kind === 'number' || kind === 'count') return 1;
  return kind === 'boolean' ? true : `test-${toKebabCase(name)}`;
}
