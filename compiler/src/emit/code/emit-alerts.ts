import type { ChannelModel, SendModel } from '../../model/integration-model.ts';
import type { AlertsPlan, ServicePlan } from '../../model/service-plan.ts';
import { formatPath } from '../../source/source-ref.ts';
import { key, quote } from '../text/code-literals.ts';
import { formatNumber } from '../text/format-number.ts';
import { emitHeader, emitImport } from './emit-header.ts';
import { emitSetting } from './emit-setting.ts';

/** Where people are, and who is told of what. */
export function emitAlerts(plan: ServicePlan, { alerts, createName }: AlertsPlan): string {
  const channels = alerts.channels.map(
    (channel) => `${key(channel.name)}: { ${emitChannel(channel).join(', ')} },`,
  );
  return `${emitHeader(plan)}${emitImport(['AlertOptions'], '@mortise/runtime', 'type')}${emitImport(['Config'], './config.ts', 'type')}
/** rules: alerts */
export function ${createName}(config: Config): AlertOptions {
  return {
    channels: {
${channels.join('\n')}
    },
    send: [
${alerts.send.flatMap(emitSend).join('\n')}
    ],
  };
}
`;
}

function emitChannel(channel: ChannelModel): string[] {
  const kind = `kind: ${quote(channel.kind)}`;
  switch (channel.kind) {
    case 'slack':
      return [kind, `url: ${emitSetting(channel.url)}`];
    case 'email':
      return [
        kind,
        `to: ${emitSetting(channel.to)}`,
        `smtp: ${emitSetting(channel.smtp)}`,
        ...(channel.from === undefined ? [] : [`from: ${emitSetting(channel.from)}`]),
      ];
    case 'webhook':
      return [kind, `url: ${emitSetting(channel.url)}`, `secret: ${emitSetting(channel.secret)}`];
  }
}

/** A line that goes to several channels is one for each: each is throttled by itself. */
function emitSend(line: SendModel): string[] {
  return line.to.map(({ name }) => {
    const parts = [
      `when: [${line.when.map(quote).join(', ')}]`,
      `to: ${quote(name)}`,
      ...(line.flow === undefined ? [] : [`flow: ${quote(line.flow)}`]),
      ...(line.everyMs === undefined ? [] : [`everyMs: ${formatNumber(line.everyMs)}`]),
      ...(line.overMs === undefined ? [] : [`overMs: ${formatNumber(line.overMs)}`]),
      `rule: ${quote(formatPath(line.origin.path))}`,
    ];
    return `{ ${parts.join(', ')} },`;
  });
}
