import { createHash } from 'node:crypto';
import type { AlertChannel, AlertDelivery, AlertMessage } from './channel.ts';
import { flatten, renderAlert } from './render-alert.ts';

export interface EmailChannelOptions {
  readonly name: string;
  /** One address. */
  readonly to: string;
  /** `smtps://user:password@host:465`, or `smtp://…:587`; nodemailer's own options may follow as a query. */
  readonly smtp: string;
  /** The address that it comes from, where that is not `to`. */
  readonly from?: string | undefined;
}

/** For each step of the dialogue with the server. */
const STEP_TIMEOUT_MS = 10_000;
/** For all of it: a server that says a word now and then never runs into the other. */
const WHOLE_TIMEOUT_MS = 30_000;

/** Plain text by SMTP. Each message has a connection of its own: alerts are rare. */
export function createEmailChannel(options: EmailChannelOptions): AlertChannel {
  return {
    name: options.name,
    async send(message) {
      // It takes a tenth of a second to load, which no start should wait for.
      const { createTransport } = await import('nodemailer');
      const mailer = createTransport(describeServer(options.smtp));
      try {
        const signal = AbortSignal.timeout(WHOLE_TIMEOUT_MS);
        await mailer.sendMail({ ...describeMail(options, message), signal });
        return { kind: 'sent' };
      } catch (error) {
        return describeFailure(error as Error & { readonly code?: string });
      } finally {
        mailer.close();
      }
    },
    close: () => Promise.resolve(),
  };
}

/** What stands in the query of the URL wins over this. */
function describeServer(smtp: string) {
  const { username, hostname } = new URL(smtp);
  return {
    url: smtp,
    dnsTimeout: STEP_TIMEOUT_MS,
    connectionTimeout: STEP_TIMEOUT_MS,
    greetingTimeout: STEP_TIMEOUT_MS,
    socketTimeout: STEP_TIMEOUT_MS,
    // Whoever stands between could take the offer of STARTTLS away and read the password.
    requireTLS: username !== '' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function describeMail({ to, from = to }: EmailChannelOptions, message: AlertMessage) {
  const { title, lines } = renderAlert(message);
  // Hashed, so that no id can break out of the header; the same for every try (RFC 5322, 3.6.4).
  const id = createHash('sha256').update(`${message.integration} ${message.id}`).digest('hex').slice(0, 40);
  return {
    // As objects they are one address each and are not parsed.
    from: { name: '', address: from },
    to: { name: '', address: to },
    subject: title,
    text: `${title}\n\n${lines.join('\n')}\n`,
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    date: new Date(message.atMs),
    // RFC 3834: nobody's out-of-office note answers.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

function describeFailure(error: Error & { readonly code?: string }): AlertDelivery {
  return { kind: 'failed', detail: flatten(`${error.code ?? error.name}: ${error.message}`) };
}
