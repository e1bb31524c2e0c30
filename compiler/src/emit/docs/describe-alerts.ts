import type { AlertsModel, ChannelModel, SendModel } from '../../model/integration-model.ts';
import { listUntold } from '../../model/list-untold.ts';
import { ALERT_KINDS } from '../../model/rules-input.ts';
import type { AlertKind } from '../../model/rules-input.ts';
import { formatPath } from '../../source/source-ref.ts';
import { formatDuration } from '../text/format-duration.ts';
import { describeSetting } from './describe-setting.ts';

interface RunbookEntry {
  readonly kind: AlertKind;
  readonly means: string;
  /** Names of the channels, or that nobody is. */
  readonly told: string;
  readonly look: string;
  readonly action: string;
  readonly meanwhile: string;
}

const RUNBOOK: Readonly<Record<AlertKind, Omit<RunbookEntry, 'kind' | 'told'>>> = {
  halt: {
    means:
      'A flow has stopped: going on would do harm, or would leave something out. Its place is kept. Or records wait for a flow or a target that the rules no longer have by that name.',
    look: '`npm run service -- status`, which says why',
    action:
      'repair the cause, and `npm run service -- resume <flow>`. What waits for an old name goes out once the rules have that name again.',
    meanwhile: 'the flow reads and writes nothing. The other flows go on.',
  },
  auth: {
    means: 'A system refuses the credentials. It is asked again from time to time.',
    look: '`npm run service -- doctor`, which says what is refused',
    action:
      'correct the setting (see "Configuration") and start the service again. Where the credentials were right all along, `npm run service -- resume <system>`.',
    meanwhile: 'records for that system wait and do not age.',
  },
  'dead-letter': {
    means: 'Records have failed for good and are not sent again by themselves.',
    look: '`npm run service -- dead list`, which names them and their reasons',
    action:
      'repair the cause, and `npm run service -- dead retry <id>`, or `dead retry --all --like <part of the reason>`.',
    meanwhile: 'these records stay as they are. The others go on.',
  },
  pause: {
    means: 'A system is left alone because it asked for it or fails again and again.',
    look: '`npm run service -- status`, and the page on which its owner tells of outages',
    action:
      'do nothing, if the system is known to be down: the service goes on when it answers. Else ask its owner. `npm run service -- resume <system>` ends the pause.',
    meanwhile:
      'records wait and do not age. How many, and how long the rest takes: see the document on outages.',
  },
  stale: {
    means: 'A flow has not come up to date for too long.',
    look: '`npm run service -- status`, `doctor` and the log',
    action:
      'find out which it is: a halted flow, a system that is down or slow, or a quota that is used up. For the first two, see their entries here.',
    meanwhile: 'what has been read is delivered. What is new at the source has not been read.',
  },
  review: {
    means: 'Records wait for a person.',
    look: '`npm run service -- review list`, and `review show <id>`',
    action:
      '`review retry`, `edit` or `discard`. `review edit <id> --set path=value` changes a field that the source record has; with `--add` it may be a new one. `retry` and `discard` with `--like <id>` decide all that have the same cause. Where the outcome of a write is not known, look at the target and add `--applied <id of the object>` or `--not-applied`.',
    meanwhile: 'these records wait, and so do their newer versions. The others go on.',
  },
};

const BY_KIND: Readonly<Record<ChannelModel['kind'], string>> = {
  slack: 'Slack-compatible webhook',
  email: 'e-mail',
  webhook: 'signed webhook',
};

/** Who is told of what, how, and what is to be done then. */
export function describeAlerts(alerts: AlertsModel | undefined, flows: readonly string[]) {
  const kinds = Object.keys(RUNBOOK) as AlertKind[];
  return {
    channels: (alerts?.channels ?? []).map((channel) => ({
      name: channel.name,
      place: describePlace(channel),
    })),
    send: (alerts?.send ?? []).map(describeLine),
    untold: ALERT_KINDS.flatMap((kind) => listUntold(alerts?.send ?? [], kind, flows)).join(', '),
    runbook: kinds.map((kind): RunbookEntry => ({
      kind,
      told: describeTold(alerts, kind),
      ...RUNBOOK[kind],
    })),
  };
}

function describeTold(alerts: AlertsModel | undefined, kind: AlertKind): string {
  const lines = (alerts?.send ?? []).filter(({ when }) => when.includes(kind));
  const names = new Set(
    lines.flatMap(({ to, flow }) => to.map(({ name }) => (flow === undefined ? name : `${name} of ${flow}`))),
  );
  return names.size === 0 ? 'nobody; it shows in the log and at /status' : [...names].join(', ');
}

function describeLine({ origin, when, to, flow, everyMs, overMs, because }: SendModel) {
  const kinds = when.map((kind) =>
    kind === 'stale' && overMs !== undefined ? `stale over ${formatDuration(overMs)}` : kind,
  );
  return {
    when: `${kinds.join(', ')}${flow === undefined ? '' : ` (only flow ${flow})`}`,
    to: to.map((channel) => `${channel.name} (${BY_KIND[channel.kind]})`).join(', '),
    every: everyMs === undefined ? 'as it happens' : `at most one message in ${formatDuration(everyMs)}`,
    rule: formatPath(origin.path),
    because: because ?? '',
  };
}

function describePlace(channel: ChannelModel): string {
  switch (channel.kind) {
    case 'slack':
      return `Slack-compatible webhook at ${describeSetting(channel.url)}`;
    case 'email': {
      const from = channel.from === undefined ? '' : `, from ${describeSetting(channel.from)}`;
      return `e-mail to ${describeSetting(channel.to)}${from}, by the server ${describeSetting(channel.smtp)}`;
    }
    case 'webhook':
      return `webhook at ${describeSetting(channel.url)}, signed by Standard Webhooks with ${describeSetting(channel.secret)}`;
  }
}

/** The names of the channels that are told of such a thing in a flow. */
export function listToldOf(
  alerts: AlertsModel | undefined,
  kind: AlertKind,
  flow: string,
): readonly string[] {
  const lines = (alerts?.send ?? []).filter(
    (line) => line.when.includes(kind) && (line.flow ?? flow) === flow,
  );
  return [...new Set(lines.flatMap(({ to }) => to.map(({ name }) => name)))];
}
