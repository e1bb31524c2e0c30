import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** Where alerts of the demo end: a webhook and a mail server on loopback, so that none leaves this machine. */
export interface AlertSinks {
  readonly webhookUrl: string;
  readonly smtpUrl: string;
  /** The bodies that the webhook got. */
  readonly posts: readonly string[];
  /** The mails as they came. */
  readonly mails: readonly string[];
  close(): Promise<void>;
}

export async function startAlertSinks(): Promise<AlertSinks> {
  const posts: string[] = [];
  const mails: string[] = [];
  const webhook = createServer((request, response) => {
    readAll(request, (text) => {
      posts.push(text);
      response.end('ok');
    });
  });
  const mailServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 1,
    logger: false,
    onData(stream, _session, callback) {
      readAll(stream, (text) => {
        mails.push(text);
        callback();
      });
    },
  });
  // A service that is killed cuts its connection; that is no fault of the sink.
  mailServer.on('error', () => undefined);
  const [webhookPort, mailPort] = await Promise.all([listen(webhook), listen(mailServer.server)]);
  return {
    webhookUrl: `http://127.0.0.1:${webhookPort}/services/T0000/B0000/demo-alerts-4d21a9e7`,
    smtpUrl: `smtp://127.0.0.1:${mailPort}`,
    posts,
    mails,
    async close() {
      webhook.closeAllConnections();
      await Promise.all([
        new Promise((resolve) => webhook.close(resolve)),
        new Promise<void>((resolve) => mailServer.close(() => resolve())),
      ]);
    },
  };
}

function readAll(stream: NodeJS.ReadableStream, onEnd: (text: string) => void): void {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => onEnd(Buffer.concat(chunks).toString('utf8')));
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
