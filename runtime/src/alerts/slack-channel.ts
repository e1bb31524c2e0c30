import type { Clock } from '../clock.ts';
import type { Transport } from '../http/transport.ts';
import type { AlertChannel } from './channel.ts';
import { postJson } from './post-json.ts';
import { renderAlert } from './render-alert.ts';

export interface SlackChannelOptions {
  readonly name: string;
  /** The address is the credential: whoever has it can write to the channel. */
  readonly url: string;
  readonly transport: Transport;
  readonly clock: Clock;
}

/** An incoming webhook as Slack, Mattermost, Rocket.Chat and Discord (`…/slack`) take it. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export function createSlackChannel({ name, url, transport, clock }: SlackChannelOptions): AlertChannel {
  return {
    name,
    send(message) {
      const { title, lines } = renderAlert(message);
      const text = [`*${escapeMrkdwn(title)}*`, ...lines.map(escapeMrkdwn)].join('\n');
      return postJson({ transport, clock }, url, JSON.stringify({ text }));
    },
    close: () => transport.close(),
  };
}

/**
 * The three characters that Slack gives a meaning (https://docs.slack.dev/messaging/formatting-message-text): `<!channel>`
 * and `<https://…|text>` stay text. The other receivers call everybody for a plain `@channel`, so a sign without width parts it.
 */
function escapeMrkdwn(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/@(?=channel|here|all|everyone)/gi, '@\u200b');
}
