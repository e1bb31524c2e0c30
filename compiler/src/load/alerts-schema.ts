import { z } from 'zod';
import { ALERT_KINDS } from '../model/rules-input.ts';
import { key, section } from './document-key.ts';
import { because, duration, name, setting } from './schema-parts.ts';

const mailAddress = z
  .string()
  .regex(
    /^(?:\$[A-Z][A-Z0-9_]*|[^\s@,;:<>"()[\]\\]+@[^\s@,;:<>"()[\]\\]+)$/,
    'This must be one e-mail address, like desk@example.com, or $NAME.',
  );
const channel = z.discriminatedUnion('kind', [
  section(
    z.strictObject({
      kind: key(z.literal('slack'), 'A webhook that takes what Slack takes.'),
      url: key(setting, 'Its address; a secret, so `$NAME`.'),
    }),
    'alerts.channels.*(slack)',
    'A channel of Slack, Mattermost, Rocket.Chat and the like.',
    'kind: slack\nurl: $OPS_WEBHOOK',
  ),
  section(
    z.strictObject({
      kind: key(z.literal('email'), 'Mail by SMTP.'),
      to: key(mailAddress, 'One address.'),
      smtp: key(setting, 'The server, as `smtps://user:password@host`; a secret, so `$NAME`.'),
      from: key(
        mailAddress.optional(),
        'Who it comes from.',
        'kind: email\nto: desk@example.com\nsmtp: $SMTP_URL\nfrom: mortise@example.com',
        {
          otherwise: 'the user of the server',
        },
      ),
    }),
    'alerts.channels.*(email)',
    'A mailbox.',
    'kind: email\nto: desk@example.com\nsmtp: $SMTP_URL',
  ),
  section(
    z.strictObject({
      kind: key(z.literal('webhook'), 'A POST of JSON, signed by Standard Webhooks.'),
      url: key(setting, 'Its address.'),
      secret: key(setting, 'What it is signed with: `whsec_` and at least 24 bytes in base64.'),
    }),
    'alerts.channels.*(webhook)',
    'A program that takes alerts.',
    'kind: webhook\nurl: $ALERT_URL\nsecret: $ALERT_SECRET',
  ),
]);
const alertKind = z.enum(ALERT_KINDS);

const send = section(
  z.strictObject({
    when: key(
      z.union([alertKind, z.array(alertKind).min(1, 'Nothing is named here.')]),
      '`review`: records wait for a person. `dead-letter`: records failed for good. `halt`: a flow has stopped. `pause`: a system is not called. `auth`: credentials are refused. `stale`: a flow is behind. One, or a list.',
    ),
    to: key(
      z.union([z.string(), z.array(z.string()).min(1, 'No channel is named here.')]),
      'One channel, or several.',
    ),
    every: key(duration.optional(), 'At most one message in so long.', 'when: review\nto: ops\nevery: 1h', {
      otherwise: 'as soon as something is new',
    }),
    flow: key(
      z.string().optional(),
      'Only of this flow.',
      'when: stale\nflow: contacts\nover: 30m\nto: ops',
      {
        otherwise: 'of every flow',
      },
    ),
    over: key(
      duration.optional(),
      'For `stale`: how long a flow may be behind.',
      'when: stale\nover: 30m\nto: ops',
      {
        otherwise: 'required for `stale`',
      },
    ),
    because: key(because, 'Why.', 'when: halt\nto: ops\nbecause: They carry the telephone.', {
      otherwise: 'not said',
    }),
  }),
  'alerts.send[]',
  'Who is told of what. Messages are grouped: what is new, what goes on, what is over.',
  'when: halt\nto: ops',
);

/** Section `alerts` of the rules: where people are, and who is told of what. */
export const alertsSchema = section(
  z.strictObject({
    channels: key(
      z.record(name, channel),
      'Where people are, by name.',
      'channels: { ops: { kind: slack, url: $OPS_WEBHOOK } }',
    ),
    send: key(
      z.array(send).min(1, 'There is no line here, so nobody is told of anything.'),
      'Who is told of what.',
      'send: [{ when: [review, dead-letter, halt, pause, auth], to: ops }]',
    ),
  }),
  'alerts',
  'Who is told when something needs a person.',
);
