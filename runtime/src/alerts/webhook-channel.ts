import { createHmac } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { operatorError } from '../errors.ts';
import type { Transport } from '../http/transport.ts';
import type { AlertChannel, AlertMessage } from './channel.ts';
import { postJson } from './post-json.ts';
import { renderAlert } from './render-alert.ts';

export interface WebhookChannelOptions {
  readonly name: string;
  readonly url: string;
  /** `whsec_` and base64, or any text. */
  readonly secret: string;
  readonly transport: Transport;
  readonly clock: Clock;
}

/**
 * A receiver of one's own, signed by Standard Webhooks 1.0 (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 * The id is the message's, so that a repeat is known; the time is that of the try.
 * @throws OperatorError where the secret begins with `whsec_` and is not base64
 */
export function createWebhookChannel(options: WebhookChannelOptions): AlertChannel {
  const { name, url, transport, clock } = options;
  const key = readKey(name, options.secret);
  return {
    name,
    send(message) {
      const body = JSON.stringify(describe(message));
      const timestamp = String(Math.floor(clock.now() / 1000));
      const signed = `${message.id}.${timestamp}.${body}`;
      return postJson({ transport, clock }, url, body, {
        'webhook-id': message.id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
      });
    },
    close: () => transport.close(),
  };
}

const PREFIX = 'whsec_';
/** Standard Webhooks, "Signature scheme": a key has between 24 and 64 bytes. */
export const FEWEST_KEY_BYTES = 24;

/** The bytes that sign. @throws OperatorError where the secret begins with `whsec_` and is not base64 */
export function readKey(name: string, secret: string): Buffer {
  if (!secret.startsWith(PREFIX)) return Buffer.from(secret);
  const text = secret.slice(PREFIX.length);
  // Node decodes what it can and drops the rest, so a mistyped secret would sign with another key.
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(text) || text === '')
    throw operatorError(
      `The secret of the alert channel "${name}" begins with ${PREFIX}, and what follows is not base64.`,
    );
  return Buffer.from(text, 'base64');
}

function describe(message: AlertMessage): object {
  const { title, lines } = renderAlert(message);
  return {
    type: 'alert',
    timestamp: new Date(message.atMs).toISOString(),
    data: {
      integration: message.integration,
      title,
      text: lines.join('\n'),
      incidents: message.incidents.map(({ sinceMs, ...incident }) => ({
        ...incident,
        since: new Date(sinceMs).toISOString(),
      })),
    },
  };
}
