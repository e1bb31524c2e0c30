import type { Clock } from '../clock.ts';
import { operatorError } from '../errors.ts';
import type { Transport } from '../http/transport.ts';
import type { Scrubber } from '../log/scrub.ts';
import type { AlertOptions, ChannelOptions } from './alert-options.ts';
import type { AlertChannel, AlertMessage } from './channel.ts';
import { createEmailChannel } from './email-channel.ts';
import { createSlackChannel } from './slack-channel.ts';
import { createWebhookChannel } from './webhook-channel.ts';

export interface ChannelPorts {
  /** @param url the channel's address: each has connections of its own */
  readonly createTransport: (url: string) => Transport;
  readonly clock: Clock;
  readonly scrubber: Scrubber;
}

/**
 * The channels by their names. Their addresses and secrets are known to the scrubber from then on.
 * @throws OperatorError where a setting cannot be an address or a secret
 */
export function createChannels(
  options: AlertOptions,
  ports: ChannelPorts,
): ReadonlyMap<string, AlertChannel> {
  return new Map(
    Object.entries(options.channels).map(([name, channel]) => {
      for (const secret of listSecrets(channel)) ports.scrubber.add(secret);
      checkAddresses(name, channel);
      return [name, guard(createChannel(name, channel, ports), ports.scrubber)];
    }),
  );
}

function createChannel(name: string, channel: ChannelOptions, ports: ChannelPorts): AlertChannel {
  if (channel.kind === 'email') return createEmailChannel({ name, ...channel });
  const transport = ports.createTransport(channel.url);
  const { clock } = ports;
  return channel.kind === 'slack'
    ? createSlackChannel({ name, url: channel.url, transport, clock })
    : createWebhookChannel({ name, url: channel.url, secret: channel.secret, transport, clock });
}

/** Shorter paths are words that stand in any text; Slack's tokens alone have 24 characters. */
const SHORTEST_SECRET_PATH = 20;

/** The whole address, and the parts of it that a message about a failure could show. */
function listSecrets(channel: ChannelOptions): string[] {
  const address = channel.kind === 'email' ? channel.smtp : channel.url;
  const own = channel.kind === 'webhook' ? [address, channel.secret] : [address];
  if (!URL.canParse(address)) return own;
  const { pathname, search, password } = new URL(address);
  const path = `${pathname}${search}`;
  return [
    ...own,
    ...(path.length < SHORTEST_SECRET_PATH ? [] : [path]),
    ...(password === '' ? [] : [password, decodeText(password)]),
  ];
}

/** A password may hold a `%` that encodes nothing. */
function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const MAIL_ADDRESS = /^[^\s@,;:<>"()[\]\\]+@[^\s@,;:<>"()[\]\\]+$/;

/** At the start, where somebody looks on, and not when the first alert is due. Never shows what was given. */
function checkAddresses(name: string, channel: ChannelOptions): void {
  const isMail = channel.kind === 'email';
  const schemes = isMail ? ['smtps:', 'smtp:'] : ['https:', 'http:'];
  const address = isMail ? channel.smtp : channel.url;
  if (!URL.canParse(address) || !schemes.includes(new URL(address).protocol))
    throw operatorError(
      `The address of the alert channel "${name}" must be a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}.`,
    );
  if (!isMail) return;
  for (const given of [channel.to, channel.from ?? channel.to])
    if (!MAIL_ADDRESS.test(given))
      throw operatorError(
        `The alert channel "${name}" needs one e-mail address each for "to" and "from", like desk@example.com.`,
      );
}

/** Nothing that a channel does can throw, and no secret leaves in a message or comes back in a failure. */
function guard(channel: AlertChannel, scrubber: Scrubber): AlertChannel {
  return {
    name: channel.name,
    async send(message) {
      try {
        const delivery = await channel.send(scrubMessage(message, scrubber));
        return delivery.kind === 'sent' ? delivery : { ...delivery, detail: scrubber.scrub(delivery.detail) };
      } catch (error) {
        return { kind: 'failed', detail: scrubber.scrub(String(error)) };
      }
    },
    close: () => channel.close(),
  };
}

function scrubMessage(message: AlertMessage, scrubber: Scrubber): AlertMessage {
  const incidents = message.incidents.map((incident) => ({
    ...incident,
    subject: scrubber.scrub(incident.subject),
    message: scrubber.scrub(incident.message),
  }));
  return { ...message, incidents };
}
