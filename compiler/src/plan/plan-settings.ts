import type { Model, Setting, SystemModel } from '../model/integration-model.ts';
import type { SettingPlan } from '../model/service-plan.ts';
import { parseSetting } from '../resolve/parse-units.ts';
import { toConstantCase } from './allocate-names.ts';

/** The variables of the environment that a service reads, each once, in the order of the rules. */
export function planSettings(model: Model): SettingPlan[] {
  const settings = new Map<string, SettingPlan>();
  const add = (setting: SettingPlan): void => {
    if (!settings.has(setting.name)) settings.set(setting.name, setting);
  };
  const name = (given: Setting, kind: SettingPlan['kind'], summary: string, rule: string): void => {
    if (given.kind === 'environment') add({ name: given.name, kind, required: true, summary, rule });
  };
  for (const system of model.systems) {
    const rule = `systems.${system.name}`;
    name(system.server, 'url', `base URL of ${system.name}`, `${rule}.server`);
    for (const entry of listAuthSettings(system))
      name(parseSetting(entry.value), entry.kind, entry.summary, `${rule}.auth.${entry.key}`);
    for (const header of system.headers)
      name(header.value, 'text', `header ${header.name} of ${system.name}`, `${rule}.headers`);
    for (const limit of listLimits(system)) add(limit);
  }
  for (const [key, type] of Object.entries(model.rules.config ?? {})) {
    const kind = type === 'string' ? 'text' : type;
    add({
      name: toConstantCase(key),
      kind,
      required: true,
      summary: `setting ${key} of the rules`,
      rule: `config.${key}`,
    });
  }
  return [...settings.values()];
}

interface AuthSetting {
  readonly key: string;
  readonly value: string;
  readonly kind: SettingPlan['kind'];
  readonly summary: string;
}

function listAuthSettings(system: SystemModel): AuthSetting[] {
  const { auth } = system;
  const of = (
    key: string,
    value: string | undefined,
    kind: SettingPlan['kind'],
    what: string,
  ): AuthSetting[] =>
    value === undefined ? [] : [{ key, value, kind, summary: `${what} of ${system.name}` }];
  switch (auth.kind) {
    case 'none':
      return [];
    case 'bearer':
      return of('token', auth.token, 'secret', 'access token');
    case 'apiKey':
      return of('value', auth.value, 'secret', 'API key');
    case 'basic':
      return [
        ...of('user', auth.user, 'text', 'user name'),
        ...of('password', auth.password, 'secret', 'password'),
      ];
    case 'oauth2':
      return [
        ...of('tokenUrl', auth.tokenUrl, 'url', 'token address'),
        ...of('client', auth.client, 'text', 'OAuth client id'),
        ...of('secret', auth.secret, 'secret', 'OAuth client secret'),
        ...of(
          'refresh',
          auth.refresh,
          'secret',
          'first refresh token, used until the service has stored one of its own,',
        ),
      ];
  }
}

/** Limits may be lowered or raised at start without a new build; the service prints which hold. */
function listLimits(system: SystemModel): SettingPlan[] {
  const prefix = toConstantCase(system.name);
  const rule = `systems.${system.name}.limits`;
  const optional = (suffix: string, kind: SettingPlan['kind'], summary: string): SettingPlan => ({
    name: `${prefix}_${suffix}`,
    kind,
    required: false,
    summary: `${summary} of ${system.name}, instead of what the rules say`,
    rule,
  });
  return [
    optional('RATE', 'rate', 'rate'),
    optional('CONCURRENCY', 'count', 'calls at the same time'),
    optional('DAILY', 'count', 'calls a day'),
  ];
}
