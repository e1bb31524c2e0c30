import type { ChannelModel, Model, Setting, SystemModel } from '../model/integration-model.ts';
import type { SettingPlan } from '../model/service-plan.ts';
import { parseSetting } from '../resolve/parse-units.ts';
import { toConstantCase } from '../model/name-case.ts';
import { listAuthSettings } from './list-auth-settings.ts';

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
  for (const channel of model.alerts?.channels ?? []) {
    for (const entry of listChannelSettings(channel))
      name(entry.value, entry.kind, entry.summary, `alerts.channels.${channel.name}.${entry.key}`);
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

interface ChannelSetting {
  readonly key: string;
  readonly value: Setting;
  readonly kind: SettingPlan['kind'];
  readonly summary: string;
}

function listChannelSettings(channel: ChannelModel): ChannelSetting[] {
  const of = (key: string, value: Setting, kind: SettingPlan['kind'], what: string): ChannelSetting => ({
    key,
    value,
    kind,
    summary: `${what} of the alert channel ${channel.name}`,
  });
  switch (channel.kind) {
    case 'slack':
      return [of('url', channel.url, 'url', 'webhook address, which is a secret,')];
    case 'email':
      return [
        of('smtp', channel.smtp, 'url', 'mail server, as smtps://user:password@host:465,'),
        of('to', channel.to, 'text', 'address of the reader'),
        ...(channel.from === undefined ? [] : [of('from', channel.from, 'text', 'address of the sender')]),
      ];
    case 'webhook':
      return [
        of('url', channel.url, 'url', 'webhook address, which is a secret,'),
        of('secret', channel.secret, 'secret', 'secret for the signatures'),
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
