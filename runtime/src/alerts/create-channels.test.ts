import { expect, test } from 'vitest';
import { isOperatorError } from '../errors.ts';
import type { Transport, WireOutcome, WireRequest } from '../http/transport.ts';
import { createScrubber } from '../log/scrub.ts';
import { createVirtualClock } from '../testing/virtual-clock.ts';
import type { ChannelOptions } from './alert-options.ts';
import type { AlertMessage } from './channel.ts';
import { createChannels } from './create-channels.ts';

const SLACK = 'https://hooks.slack.example/services/T0000/B0000/abcdefghijklmnopqrstuvwx';

function create(
  channels: Readonly<Record<string, ChannelOptions>>,
  answer: (request: WireRequest) => WireOutcome = () => ({
    kind: 'response',
    status: 200,
    headers: {},
    body: Buffer.from('ok'),
  }),
) {
  const requests: WireRequest[] = [];
  const closed: string[] = [];
  const scrubber = createScrubber();
  const createTransport = (url: string): Transport => ({
    send(request) {
      requests.push(request);
      return Promise.resolve(answer(request));
    },
    close() {
      closed.push(url);
      return Promise.resolve();
    },
  });
  const ports = { createTransport, clock: createVirtualClock(), scrubber };
  return { channels: createChannels({ channels, send: [] }, ports), requests, closed, scrubber };
}

function message(text: string): AlertMessage {
  const incident = {
    kind: 'auth',
    subject: 'ledger',
    phase: 'new',
    message: text,
    count: 0,
    sinceMs: 0,
  } as const;
  return { id: 'a1', integration: 'crm-to-ledger', atMs: 0, incidents: [incident] };
}

test('each name has its channel, and an HTTP channel has connections of its own', async () => {
  const { channels, requests, closed } = create({
    ops: { kind: 'slack', url: SLACK },
    own: { kind: 'webhook', url: 'https://own.example/alerts', secret: 'a plain secret' },
    desk: { kind: 'email', to: 'desk@example.com', smtp: 'smtps://mail.example.com' },
  });

  expect([...channels].map(([name, channel]) => [name, channel.name])).toEqual([
    ['ops', 'ops'],
    ['own', 'own'],
    ['desk', 'desk'],
  ]);
  expect(await channels.get('ops')?.send(message('x'))).toEqual({ kind: 'sent' });
  expect(await channels.get('own')?.send(message('x'))).toEqual({ kind: 'sent' });
  expect(requests).toMatchObject([
    { method: 'POST', url: SLACK, timeoutMs: 10_000, maxBytes: 100_000 },
    { method: 'POST', url: 'https://own.example/alerts', timeoutMs: 10_000, maxBytes: 100_000 },
  ]);
  for (const channel of channels.values()) await channel.close();
  expect(closed).toEqual([SLACK, 'https://own.example/alerts']);
});

test('addresses, their telling parts, secrets and passwords are known to the scrubber', () => {
  const { scrubber } = create({
    ops: { kind: 'slack', url: SLACK },
    own: { kind: 'webhook', url: 'https://own.example/a', secret: 'whsec_c2VjcmV0LXNlY3JldA==' },
    desk: { kind: 'email', to: 'desk@example.com', smtp: 'smtps://ops:p%40ss-word@mail.example.com' },
  });

  const text = scrubber.scrub(
    [
      SLACK,
      '/services/T0000/B0000/abcdefghijklmnopqrstuvwx',
      'https://own.example/a',
      'whsec_c2VjcmV0LXNlY3JldA==',
      'smtps://ops:p%40ss-word@mail.example.com',
      'p@ss-word',
    ].join(' '),
  );

  expect(text).toBe(Array.from({ length: 6 }, () => '[secret]').join(' '));
  expect(scrubber.scrub('an error at /a of desk@example.com')).toBe('an error at /a of desk@example.com');
});

test('no secret leaves in a message, and none comes back in a failure', async () => {
  const { channels, requests, scrubber } = create({ ops: { kind: 'slack', url: SLACK } }, ({ url }) => ({
    kind: 'response',
    status: 403,
    headers: {},
    body: Buffer.from(`nobody writes to ${url}`),
  }));
  scrubber.add('token-of-the-ledger');

  const delivery = await channels.get('ops')?.send(message('refused: Bearer token-of-the-ledger'));

  expect(requests[0]?.body).toContain('refused: Bearer [secret]');
  expect(delivery).toEqual({ kind: 'failed', detail: 'answered 403: nobody writes to [secret]' });
});

test('a channel never throws, whatever it is given', async () => {
  const { channels } = create({ ops: { kind: 'slack', url: SLACK } }, ({ url }) => {
    throw new Error(`broken at ${url}`);
  });
  const ops = channels.get('ops');
  const [incident] = message('x').incidents;
  const withoutTime = { ...message('x'), incidents: incident ? [{ ...incident, sinceMs: Number.NaN }] : [] };

  expect(await ops?.send(message('x'))).toEqual({ kind: 'failed', detail: 'Error: broken at [secret]' });
  expect(await ops?.send(withoutTime)).toMatchObject({ kind: 'failed' });
});

test.each([
  ['no URL', { kind: 'slack', url: 'hooks.example/secret-path' }],
  ['another scheme', { kind: 'webhook', url: 'smtp://mail.example/secret-path', secret: 'x' }],
  ['HTTP for mail', { kind: 'email', to: 'desk@example.com', smtp: 'https://mail.example/secret-path' }],
  ['two addresses', { kind: 'email', to: 'a@example.com,secret-path@b', smtp: 'smtp://mail.example' }],
  [
    'an address with a header',
    { kind: 'email', to: 'a@example.com', smtp: 'smtp://mail.example', from: 'a@b\r\nBcc:secret-path@d' },
  ],
  ['a mistyped secret', { kind: 'webhook', url: 'https://own.example/', secret: 'whsec_secret-path' }],
] as const)('%s is refused at the start without being shown', (_name, channel) => {
  const attempt = (): unknown => create({ ops: channel });

  expect(attempt).toThrow(/alert channel "ops"/);
  try {
    attempt();
  } catch (error) {
    expect(isOperatorError(error)).toBe(true);
    expect(String(error)).not.toContain('secret-path');
  }
});
