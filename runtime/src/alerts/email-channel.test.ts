import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import type { AlertMessage, IncidentReport } from './channel.ts';
import { createEmailChannel } from './email-channel.ts';

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly raw: string;
}

interface MailServer {
  readonly port: number;
  readonly mails: readonly Mail[];
}

const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 1,
    logger: false,
    ...options,
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: session.user,
          raw: Buffer.concat(chunks).toString('utf8'),
        });
        callback();
      });
    },
  });
  // A client that turns away from a certificate is the test's point, not the server's trouble.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  cleanUps.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, mails };
}

function incident(given: Partial<IncidentReport> = {}): IncidentReport {
  const sinceMs = Date.UTC(2026, 0, 5, 8, 30);
  return {
    kind: 'halt',
    subject: 'customers',
    phase: 'new',
    message: 'Half of them fail',
    count: 3,
    sinceMs,
    ...given,
  };
}

function message(given: Partial<AlertMessage> = {}): AlertMessage {
  const atMs = Date.UTC(2026, 0, 5, 9);
  return { id: 'a1', integration: 'crm-to-ledger', atMs, incidents: [incident()], ...given };
}

function send(smtp: string, given: AlertMessage = message(), from?: string) {
  return createEmailChannel({ name: 'desk', to: 'desk@example.com', smtp, from }).send(given);
}

/** Header lines unfolded, and the body decoded: RFC 5322, 2.2.3 and RFC 2045, 6.7. */
function readMail(raw: string) {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = lines.map((line) => [line.replace(/: .*/, ''), line.replace(/^[^:]*: /, '')] as const);
  const value = (name: string): string | undefined =>
    headers.find(([given]) => given.toLowerCase() === name)?.[1];
  const encoded = rest.join('\r\n\r\n');
  const body =
    value('content-transfer-encoding') === 'quoted-printable'
      ? Buffer.from(
          encoded
            .replaceAll('=\r\n', '')
            .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) =>
              String.fromCodePoint(Number.parseInt(hex, 16)),
            ),
          'latin1',
        ).toString('utf8')
      : encoded;
  return { names: headers.map(([name]) => name.toLowerCase()), value, body };
}

test('a mail says in its subject what it is about, and in plain text the rest', async () => {
  const { port, mails } = await startMailServer();
  const recovered = incident({
    kind: 'pause',
    subject: 'ledger',
    phase: 'recovered',
    message: 'Läuft',
    count: 0,
  });

  const delivery = await send(`smtp://127.0.0.1:${port}`, message({ incidents: [recovered, incident()] }));
  const { value, body } = readMail(mails[0]?.raw ?? '');

  expect(delivery).toEqual({ kind: 'sent' });
  expect(mails).toMatchObject([{ from: 'desk@example.com', to: ['desk@example.com'], user: undefined }]);
  expect(value('subject')).toBe('[crm-to-ledger] 1 new, 1 recovered: halt');
  expect(value('from')).toBe('desk@example.com');
  expect(value('date')).toBe('Mon, 05 Jan 2026 09:00:00 +0000');
  expect(value('content-type')).toMatch(/^text\/plain; charset=utf-8/);
  expect(value('auto-submitted')).toBe('auto-generated');
  expect(body.split('\r\n')).toEqual([
    '[crm-to-ledger] 1 new, 1 recovered: halt',
    '',
    'NEW halt: customers: 3 records wait: Half of them fail (since 2026-01-05 08:30 UTC)',
    'RECOVERED pause: ledger: Läuft (began 2026-01-05 08:30 UTC)',
    '',
  ]);
});

test('a repeat has the same Message-ID, another message another', async () => {
  const { port, mails } = await startMailServer();
  const smtp = `smtp://127.0.0.1:${port}`;

  await send(smtp, message(), 'mortise@example.org');
  await send(smtp, message(), 'mortise@example.org');
  await send(smtp, message({ id: 'a2' }), 'mortise@example.org');
  await send(smtp, message({ integration: 'other' }), 'mortise@example.org');
  const ids = mails.map(({ raw }) => readMail(raw).value('message-id'));

  expect(mails.map(({ from, to }) => [from, to])).toEqual(
    Array.from({ length: 4 }, () => ['mortise@example.org', ['desk@example.com']]),
  );
  expect(ids[0]).toMatch(/^<[0-9a-f]{40}@example\.org>$/);
  expect(ids[1]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(3);
});

test('no text of a message can add a header, a recipient or a line', async () => {
  const { port, mails } = await startMailServer();
  const hostile = 'x\r\nBcc: all@example.com\r\n\r\n<script>\n.\r\nQUIT';
  const given = message({
    id: hostile,
    integration: hostile,
    incidents: [incident({ subject: hostile, message: hostile })],
  });

  expect(await send(`smtp://127.0.0.1:${port}`, given)).toEqual({ kind: 'sent' });
  const { names, value, body } = readMail(mails[0]?.raw ?? '');

  expect(mails.map(({ to }) => to)).toEqual([['desk@example.com']]);
  expect(names).not.toContain('bcc');
  expect(value('subject')).toBe('[x Bcc: all@example.com <script> . QUIT] 1 new: halt');
  expect(value('message-id')).toMatch(/^<[0-9a-f]{40}@example\.com>$/);
  expect(body.trimEnd().split('\r\n')).toHaveLength(3);
});

test('the name and the password of the URL are used, decoded', async () => {
  const seen: unknown[] = [];
  const { port, mails } = await startMailServer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, callback) {
      seen.push([username, password]);
      callback(null, { user: username });
    },
  });

  expect(await send(`smtp://ops%40example.com:p%40ss%20w@127.0.0.1:${port}`)).toEqual({ kind: 'sent' });
  expect(seen).toEqual([['ops@example.com', 'p@ss w']]);
  expect(mails[0]?.user).toBe('ops@example.com');
});

test('a password goes to another machine only behind TLS', async () => {
  const seen: unknown[] = [];
  const { port, mails } = await startMailServer({
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, callback) {
      seen.push([username, password]);
      callback(null, { user: username });
    },
  });
  // The same server by an address that does not look like this machine's own.
  const smtp = `smtp://ops:secret@[::ffff:127.0.0.1]:${port}`;

  expect(await send(smtp)).toMatchObject({ kind: 'failed' });
  expect([seen, mails]).toEqual([[], []]);
  expect(await send(`${smtp}/?requireTLS=false`)).toEqual({ kind: 'sent' });
});

test('a server whose certificate nobody vouches for gets nothing', async () => {
  const { port, mails } = await startMailServer({ secure: true });

  expect(await send(`smtps://127.0.0.1:${port}`)).toMatchObject({
    kind: 'failed',
    detail: expect.stringMatching(/certificate/i),
  });
  expect(mails).toEqual([]);
});

test('a refusal, a server that says nothing and one that is not there are failures', async () => {
  const refusing = await startMailServer({
    onRcptTo(_address, _session, callback) {
      callback(Object.assign(new Error('No such\r\nmailbox'), { responseCode: 550 }));
    },
  });
  const silent = await startMailServer({ onConnect: () => undefined });
  const gone = await startMailServer();
  await cleanUps.pop()?.();

  expect(await send(`smtp://127.0.0.1:${refusing.port}`)).toMatchObject({
    kind: 'failed',
    detail: expect.stringMatching(/^EENVELOPE: .*550/),
  });
  expect(await send(`smtp://127.0.0.1:${silent.port}/?greetingTimeout=50`)).toMatchObject({
    kind: 'failed',
    detail: expect.stringMatching(/^ETIMEDOUT: /),
  });
  expect(await send(`smtp://127.0.0.1:${gone.port}`)).toMatchObject({
    kind: 'failed',
    detail: expect.stringContaining('ECONNREFUSED'),
  });
});
