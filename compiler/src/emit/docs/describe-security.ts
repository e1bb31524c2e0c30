import { nameOperation } from '../../model/api-model.ts';
import type { ChannelModel, Setting, SystemModel } from '../../model/integration-model.ts';
import type { ServicePlan } from '../../model/service-plan.ts';
import { parseSetting } from '../../resolve/parse-units.ts';
import { describeSetting } from './describe-setting.ts';
import { listPersonalData } from './list-personal-data.ts';
import { viewScopes } from './view-scopes.ts';

interface HostRow {
  readonly host: string;
  readonly whose: string;
  readonly sent: string;
  readonly rule: string;
}

/** Whom the service talks to, what it may do there, and what it keeps of whom. */
export function viewSecurity(plan: ServicePlan) {
  const data = listPersonalData(plan);
  return {
    hosts: [
      ...plan.systems.flatMap(({ system }) => listHosts(plan, system)),
      ...(plan.alerts?.alerts.channels ?? []).map(describeChannel),
    ],
    scopes: plan.systems.map(viewScopes),
    personal: data.personal,
    others: data.others,
    keepsTokens: plan.needsKey,
  };
}

function listHosts(plan: ServicePlan, system: SystemModel): HostRow[] {
  const { auth, name } = system;
  const rule = `systems.${name}`;
  const own = plan.systems.find((entry) => entry.system === system)?.operations ?? [];
  const calls = own.map(({ operation }) => nameOperation(operation)).join(', ');
  const rows: HostRow[] = [
    { host: describeHost(system.server), whose: name, sent: calls || 'nothing', rule: `${rule}.server` },
  ];
  if (auth.kind !== 'oauth2') return rows;
  const { tokenUrl, authorizeUrl } = auth;
  rows.push({
    host: describeHost(parseSetting(tokenUrl)),
    whose: `${name}, for tokens`,
    sent: 'the credentials of the client',
    rule: `${rule}.auth.tokenUrl`,
  });
  if (authorizeUrl !== undefined)
    rows.push({
      host: describeHost(parseSetting(authorizeUrl)),
      whose: `${name}, for logging in`,
      sent: 'opened in the browser of the person who logs in',
      rule: `${rule}.auth.authorizeUrl`,
    });
  return rows;
}

function describeChannel(channel: ChannelModel): HostRow {
  return {
    host: describeHost(channel.kind === 'email' ? channel.smtp : channel.url),
    whose: `the alert channel ${channel.name}`,
    sent: 'messages: what is wrong, where and how often; a reason may quote what a system answered',
    rule: `alerts.channels.${channel.name}`,
  };
}

/** The host of an address; the name of the setting where the address is known only to whoever runs the service. */
function describeHost(setting: Setting): string {
  if (setting.kind === 'environment') return describeSetting(setting);
  return URL.canParse(setting.value) ? new URL(setting.value).host : setting.value;
}
