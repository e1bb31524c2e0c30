import type { Setting } from '../../model/integration-model.ts';
import { quote } from '../text/code-literals.ts';

export function emitSetting(setting: Setting): string {
  return setting.kind === 'environment' ? `config.${setting.name}` : quote(setting.value);
}
