import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createUndiciTransport } from '../http/undici-transport.ts';
import { createVirtualClock } from '../testing/virtual-clock.ts';
import type { AlertChannel, AlertMessage } from './channel.ts';
import { createSlackChannel } from './slack-channel.ts';
import { createWebhookChannel } from './webhook-channel.ts';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const cleanUps: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function startReceiver(answer: Answer = { status: 200, body: 'ok' }): Promise<Receiver> {
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', headers } = request;
      received.push({ path: url, headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/T0/B0`, received };
}

function createSlack(url: string): AlertChannel {
  const channel = createSlackChannel({
    name: 'ops',
    url,
    transport: createUndiciTransport({ connections: 1 }),
    clock: createVirtualClock(),
  });
  cleanUps.push(() => channel.close());
  return channel;
}

function createWebhook(url: string, secret: string, startMs?: number): AlertChannel {
  const transport = createUndiciTransport({ connections: 1 });
  const channel = createWebhookChannel({
    name: 'own',
    url,
    secret,
    transport,
    clock: createVirtualClock(startMs),
  });
  cleanUps.push(() => channel.close());
  return channel;
}

function message(text: string): AlertMessage {
  const sinceMs = Date.UTC(2026, 0, 5, 8, 30);
  const incident = {
    kind: 'dead-letter',
    subject: 'customers',
    phase: 'new',
    count: 2,
    sinceMs,
    message: text,
  } as const;
  return {
    id: 'msg_1',
    integration: 'crm-to-ledger',
    atMs: Date.UTC(2026, 0, 5, 9),
    incidents: [incident],
  };
}

test('Slack gets one text, in which nothing of a message is markup', async () => {
  const { url, received } = await startReceiver();

  const delivery = await createSlack(url).send(
    message('<!channel> <https://evil.example|Café & "Co"> @channel\nNEW'),
  );

  expect(delivery).toEqual({ kind: 'sent' });
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({
    path: '/hooks/T0/B0',
    headers: { 'content-type': 'application/json' },
  });
  expect(JSON.parse(received[0]?.body ?? '')).toEqual({
    text:
      '*[crm-to-ledger] 1 new: dead-letter*\n' +
      'NEW dead-letter: customers: 2 records failed for good: &lt;!channel&gt; &lt;https://evil.example|Café &amp; "Co"&gt; @\u200bchannel NEW (since 2026-01-05 08:30 UTC)',
  });
});

test.each([
  [{ status: 204 }, { kind: 'sent' }],
  [
    { status: 429, headers: { 'retry-after': '30' }, body: 'rate_limited' },
    { kind: 'failed', detail: 'answered 429: rate_limited', untilMs: Date.UTC(2026, 0, 5, 9, 0, 30) },
  ],
  [
    {
      status: 429,
      headers: { 'retry-after': '30', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '60' },
    },
    { kind: 'failed', detail: 'answered 429', untilMs: Date.UTC(2026, 0, 5, 9, 1) },
  ],
  [{ status: 500 }, { kind: 'failed', detail: 'answered 500' }],
  [
    { status: 404, body: 'no_service\r\nforged line' },
    { kind: 'failed', detail: 'answered 404: no_service forged line' },
  ],
] as const)('an answer of %o is %o for both', async (answer, expected) => {
  const { url, received } = await startReceiver(answer);

  expect(await createSlack(url).send(message('x'))).toEqual(expected);
  expect(await createWebhook(url, 'a plain secret').send(message('x'))).toEqual(expected);
  expect(received).toHaveLength(2);
});

test('a redirect is a failure, and where it leads gets nothing', async () => {
  const other = await startReceiver();
  const { url } = await startReceiver({ status: 307, headers: { location: other.url } });

  expect(await createSlack(url).send(message('x'))).toEqual({ kind: 'failed', detail: 'answered 307' });
  expect(other.received).toEqual([]);
});

test('no connection and an endless answer are failures', async () => {
  const large = await startReceiver({ status: 200, body: 'x'.repeat(100_001) });
  const closed = await startReceiver();
  for (const cleanUp of cleanUps.splice(1)) await cleanUp();

  const tooLarge = await createSlack(large.url).send(message('x'));
  const refused = await createSlack(closed.url).send(message('x'));

  expect(tooLarge).toEqual({ kind: 'failed', detail: 'the answer has more than 100000 bytes' });
  expect(refused).toEqual({ kind: 'failed', detail: expect.stringContaining('ECONNREFUSED') });
});

test('the webhook carries every incident as data, and the words', async () => {
  const { url, received } = await startReceiver();

  await createWebhook(url, 'a plain secret').send(message('Line one\nline two'));

  expect(JSON.parse(received[0]?.body ?? '')).toEqual({
    type: 'alert',
    timestamp: '2026-01-05T09:00:00.000Z',
    data: {
      integration: 'crm-to-ledger',
      title: '[crm-to-ledger] 1 new: dead-letter',
      text: 'NEW dead-letter: customers: 2 records failed for good: Line one line two (since 2026-01-05 08:30 UTC)',
      incidents: [
        {
          kind: 'dead-letter',
          subject: 'customers',
          phase: 'new',
          message: 'Line one\nline two',
          count: 2,
          since: '2026-01-05T08:30:00.000Z',
        },
      ],
    },
  });
});

/** The check of a receiver, written from the specification with Web Crypto instead of what the channel uses. */
async function isGenuine({ headers, body }: Received, key: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const usage = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, usage, false, ['verify']);
  const [version, given = ''] = String(headers['webhook-signature']).split(',');
  const signed = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.');
  const bytes = Uint8Array.from(atob(given), (sign) => sign.codePointAt(0) ?? 0);
  return version === 'v1' && crypto.subtle.verify('HMAC', imported, bytes, new TextEncoder().encode(signed));
}

const KEY = Uint8Array.from({ length: 32 }, (_, index) => 7 * index + 3);
const WHSEC = `whsec_${btoa(String.fromCodePoint(...KEY))}`;

test.each([
  ['whsec_ and base64', WHSEC, KEY],
  ['plain text', 'schlüssel', new TextEncoder().encode('schlüssel')],
] as const)('a signature by a secret of %s is genuine', async (_name, secret, key) => {
  const { url, received } = await startReceiver();

  await createWebhook(url, secret).send(message('Café'));
  const [first] = received as readonly [Received];

  expect(first.headers).toMatchObject({ 'webhook-id': 'msg_1', 'webhook-timestamp': '1767603600' });
  expect(await isGenuine(first, key)).toBe(true);
  expect(await isGenuine({ ...first, body: `${first.body} ` }, key)).toBe(false);
  expect(
    await isGenuine(first, Uint8Array.from(key).with(0, (key[0] ?? 0) ^ 1) as Uint8Array<ArrayBuffer>),
  ).toBe(false);
  for (const [name, value] of [
    ['webhook-id', 'msg_2'],
    ['webhook-timestamp', '1767603601'],
  ] as const)
    expect(await isGenuine({ ...first, headers: { ...first.headers, [name]: value } }, key)).toBe(false);
});

test('a repeat has the same id and body, and the time and signature of its own try', async () => {
  const { url, received } = await startReceiver();
  const at = Date.UTC(2026, 0, 5, 9);

  await createWebhook(url, WHSEC, at).send(message('x'));
  await createWebhook(url, WHSEC, at + 60_000).send(message('x'));
  const [first, second] = received as readonly [Received, Received];

  expect(second.body).toBe(first.body);
  expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  expect(second.headers['webhook-timestamp']).toBe('1767603660');
  expect(second.headers['webhook-signature']).not.toBe(first.headers['webhook-signature']);
  expect(await isGenuine(second, KEY)).toBe(true);
});

test.each(['whsec_', 'whsec_not base64', 'whsec_YWJj=', 'whsec_YWJjZ'])(
  'a secret that begins like an encoded one and is none is refused: %s',
  (secret) => {
    expect(() => createWebhook('http://127.0.0.1:1/', secret)).toThrow(/"own".*not base64/);
  },
);
