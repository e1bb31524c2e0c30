import { z } from 'zod';
import { ALERT_KINDS } from '../model/rules-input.ts';
import { because, duration, name, setting } from './schema-parts.ts';

const mailAddress = z
  .string()
  .regex(
    /^(?:\$[A-Z][A-Z0-9_]*|[^\s@,;:<>"()[\]\\]+@[^\s@,;:<>"()[\]\\]+)$/,
    'This must be one e-mail address, like desk@example.com, or $NAME.',
  );
const channel = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('slack'), url: setting }),
  z.strictObject({
    kind: z.literal('email'),
    to: mailAddress,
    smtp: setting,
    from: mailAddress.optional(),
  }),
  z.strictObject({ kind: z.literal('webhook'), url: setting, secret: setting }),
]);
const alertKind = z.enum(ALERT_KINDS);

/** Section `alerts` of the rules: where people are, and who is told of what. */
export const alertsSchema = z.strictObject({
  channels: z.record(name, channel),
  send: z
    .array(
      z.strictObject({
        when: z.union([alertKind, z.array(alertKind).min(1, 'Nothing is named here.')]),
        to: z.union([z.string(), z.array(z.string()).min(1, 'No channel is named here.')]),
        every: duration.optional(),
        flow: z.string().optional(),
        over: duration.optional(),
        because,
      }),
    )
    .min(1, 'There is no line here, so nobody is told of anything.'),
});
