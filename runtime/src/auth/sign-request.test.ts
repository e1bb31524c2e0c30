import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { CallOptions } from '../http/call-outcome.ts';
import { createUndiciTransport } from '../http/undici-transport.ts';
import { createTestClient } from '../testing/create-test-client.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import { createMemoryTransport, respond } from '../testing/memory-transport.ts';
import { createVirtualClock } from '../testing/virtual-clock.ts';
import { signRequest } from './sign-request.ts';
import type { HmacAuth } from './system-auth.ts';

const AUTH: HmacAuth = {
  kind: 'hmac',
  secret: 'shared-secret',
  hash: 'sha256',
  encoding: 'hex',
  parts: ['timestamp', 'method', 'path', 'query', 'body'],
  separator: '\n',
  signature: { header: 'X-Signature', prefix: 'v1=' },
  timestamp: { header: 'X-Timestamp', unit: 's' },
};
const WIRE = {
  method: 'POST',
  url: 'https://api.example/v1/orders/a%2Fb?x=1&y=%C3%A9',
  headers: { accept: 'application/json' },
  body: '{"name":"Zoë"}',
  timeoutMs: 1000,
  maxBytes: 1000,
};
const clock = createVirtualClock(Date.UTC(2026, 0, 5, 9, 0, 0, 500));

test('the parts are signed in their order, as their bytes go out', () => {
  const text = ['1767603600', 'POST', '/v1/orders/a%2Fb', 'x=1&y=%C3%A9', '{"name":"Zoë"}'].join('\n');
  const signature = createHmac('sha256', 'shared-secret').update(text).digest('hex');
  expect(signRequest(AUTH, WIRE, clock)).toEqual({
    ...WIRE,
    headers: { ...WIRE.headers, 'x-timestamp': '1767603600', 'x-signature': `v1=${signature}` },
  });
});

test('hash, encoding, separator, body hash and the form of the time are as stated', () => {
  const auth: HmacAuth = {
    ...AUTH,
    hash: 'sha512',
    encoding: 'base64',
    parts: ['body-hash', 'timestamp'],
    separator: '',
    signature: { header: 'Signature' },
    timestamp: { header: 'Date-Time', unit: 'iso' },
  };
  const hash = createHash('sha256').update(WIRE.body).digest('base64');
  const signature = createHmac('sha512', 'shared-secret').update(`${hash}2026-01-05T09:00:00.500Z`);
  const { headers } = signRequest(auth, WIRE, clock);
  expect(headers['signature']).toBe(signature.digest('base64'));
  const timed = signRequest({ ...AUTH, timestamp: { header: 't', unit: 'ms' } }, WIRE, clock);
  expect(timed.headers['t']).toBe('1767603600500');
});

test('a call without query and body signs them as empty', () => {
  const auth: HmacAuth = { ...AUTH, parts: ['method', 'query', 'body'], separator: '|' };
  const bare = { ...WIRE, method: 'GET', url: 'https://api.example/v1', body: undefined };
  const signature = createHmac('sha256', 'shared-secret').update('GET||').digest('hex');
  expect(signRequest(auth, bare, clock).headers['x-signature']).toBe(`v1=${signature}`);
});

const REQUEST = {
  operation: 'POST /orders',
  method: 'POST',
  target: '/orders?q=a%20b',
  headers: { 'content-type': 'application/json' },
  body: '{"name":"Zoë","n":"1"}',
};
const OPTIONS: CallOptions = { role: 'write', tier: 1, flow: 'f' };

test('each try is signed anew, with its own time', async () => {
  const context = createTestContext();
  const transport = createMemoryTransport(context.clock, (_request, index) =>
    index === 0 ? respond(503, {}, { 'retry-after': '3' }) : respond(200, {}),
  );
  const client = createTestClient(context, transport, { auth: AUTH });
  expect((await context.clock.drive(client.call(REQUEST, OPTIONS))).kind).toBe('ok');
  const [first, second] = transport.requests.map(({ headers }) => ({
    time: Number(headers['x-timestamp']),
    signature: headers['x-signature'],
  }));
  expect((second?.time ?? 0) - (first?.time ?? 0)).toBeGreaterThanOrEqual(3);
  expect(first?.signature).not.toBe(second?.signature);
});

test('a server that checks the bytes that it received accepts the signature', async () => {
  const problems: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const [path = '', query = ''] = (request.url ?? '').split('?');
      const head = [request.headers['x-timestamp'], request.method, path, query].join('\n');
      const hmac = createHmac('sha256', 'shared-secret').update(`${head}\n`).update(Buffer.concat(chunks));
      const good = request.headers['x-signature'] === `v1=${hmac.digest('hex')}`;
      if (!good) problems.push(`${head} ${Buffer.concat(chunks).toString()}`);
      response.writeHead(good ? 200 : 403, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const context = createTestContext();
  const transport = createUndiciTransport({ connections: 1 });
  const client = createTestClient(context, transport, {
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base path`,
    auth: AUTH,
  });
  try {
    const call = context.clock.drive(context.clock.busy(client.call(REQUEST, OPTIONS)));
    expect((await call).kind).toBe('ok');
    expect(problems).toEqual([]);
  } finally {
    await client.close();
    server.close();
  }
});
