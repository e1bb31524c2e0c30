import type { AlertsModel, ChannelModel, SendModel, Setting } from '../../model/integration-model.ts';
import { ALERT_KINDS } from '../../model/rules-input.ts';
import type { AlertKind } from '../../model/rules-input.ts';
import { formatPath } from '../../source/source-ref.ts';
import { formatDuration } from '../text/format-duration.ts';

interface RunbookEntry {
  readonly kind: AlertKind;
  readonly means: string;
  readonly action: string;
}

const RUNBOOK: Readonly<Record<AlertKind, Omit<RunbookEntry, 'kind'>>> = {
  halt: {
    means: 'A flow has stopped: going on would do harm, or would leave something out. Its place is kept.',
    action:
      '`npm run service -- status` says why. Repair the cause, then `npm run service -- resume <flow>`.',
  },
  auth: {
    means:
      'A system refuses the credentials. It is asked again from time to time; records wait and do not age.',
    action:
      '`npm run service -- doctor` says what is refused. Correct the setting (see README.md, "Settings") and start the service again.',
  },
  'dead-letter': {
    means: 'Records have failed for good and are not sent again by themselves.',
    action:
      '`npm run service -- dead list` names them and their reasons. Repair the cause, then `npm run service -- dead retry <id>`, or `dead retry --all --like <part of the reason>`.',
  },
  pause: {
    means:
      'A system is left alone because it asked for it or fails again and again. Records wait and do not age.',
    action:
      'Nothing, if the system is known to be down: the service goes on when it answers. Else ask its owner.',
  },
  stale: {
    means: 'A flow has not come up to date for too long.',
    action:
      'Look at `npm run service -- status`, `doctor` and the log: the flow is halted, its system is down or slow, or the quota is used up.',
  },
  review: {
    means: 'Records wait for a person. The others go on.',
    action:
      '`npm run service -- review list`, then `review show <id>`, and `review retry`, `edit` or `discard`. `review edit <id> --set path=value` changes a field that the source record has; with `--add` it may be a new one. `retry` and `discard` with `--like <id>` decide all that have the same cause. Where the outcome of a write is not known, look at the target and add `--applied <id of the object>` or `--not-applied`.',
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
    untold: ALERT_KINDS.flatMap((kind) => describeUntold(alerts?.send ?? [], kind, flows)).join(', '),
    runbook: kinds.map((kind): RunbookEntry => ({ kind, ...RUNBOOK[kind] })),
  };
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

/** A kind that reaches nobody, or reaches nobody for some flows. */
function describeUntold(send: readonly SendModel[], kind: AlertKind, flows: readonly string[]): string[] {
  const lines = send.filter(({ when }) => when.includes(kind));
  if (lines.length === 0) return [kind];
  const missing = flows.filter((flow) => lines.every((line) => (line.flow ?? flow) !== flow));
  return missing.length === 0 ? [] : [`${kind} of ${missing.join(' and ')}`];
}

function describePlace(channel: ChannelModel): string {
  switch (channel.kind) {
    case 'slack':
      return `Slack-compatible webhook at ${describe(channel.url)}`;
    case 'email': {
      const from = channel.from === undefined ? '' : `, from ${describe(channel.from)}`;
      return `e-mail to ${describe(channel.to)}${from}, by the server ${describe(channel.smtp)}`;
    }
    case 'webhook':
      return `webhook at ${describe(channel.url)}, signed by Standard Webhooks with ${describe(channel.secret)}`;
  }
}

function describe(setting: Setting): string {
  return setting.kind === 'environment' ? `$${setting.name}` : setting.value;
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
