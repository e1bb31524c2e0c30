import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import type { Transport, WireOutcome } from './transport.ts';
import { createUndiciTransport } from './undici-transport.ts';

const cleanUps: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function serve(onRequest: (socket: Socket, text: string) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => onRequest(socket, chunk.toString()));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function send(
  url: string,
  options: {
    readonly timeoutMs?: number;
    readonly maxBytes?: number;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<WireOutcome> {
  const transport: Transport = createUndiciTransport({ connections: 1 });
  cleanUps.push(() => transport.close());
  return transport.send({
    method: 'POST',
    url,
    headers: options.headers ?? {},
    body: '{}',
    timeoutMs: options.timeoutMs ?? 5000,
    maxBytes: options.maxBytes ?? 1000,
  });
}

function answer(socket: Socket, head: string, body: Buffer | string = ''): void {
  socket.write(`HTTP/1.1 ${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`);
  socket.write(body);
}

test('a connection that is refused was surely not used', async () => {
  const url = await serve(() => undefined);
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  expect(await send(url)).toMatchObject({ kind: 'not-sent' });
});

test('a header that cannot be written is refused before anything is sent', async () => {
  const url = await serve((socket) => answer(socket, '200 OK'));
  expect(await send(url, { headers: { 'x-name': '漢' } })).toMatchObject({ kind: 'not-sent' });
});

test('a connection that is cut before the answer leaves the outcome unknown', async () => {
  const url = await serve((socket) => socket.destroy());
  expect(await send(url)).toMatchObject({ kind: 'unknown', reason: 'cut' });
});

test('a connection that is cut inside the body leaves the outcome unknown, and gives no shorter body', async () => {
  const url = await serve((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a":1}');
    setImmediate(() => socket.destroy());
  });
  expect(await send(url)).toMatchObject({ kind: 'unknown', reason: 'cut' });
});

test('a chunked body without its end leaves the outcome unknown', async () => {
  const url = await serve((socket) => {
    socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n');
  });
  expect(await send(url)).toMatchObject({ kind: 'unknown', reason: 'cut' });
});

test('an answer that is no HTTP leaves the outcome unknown', async () => {
  const url = await serve((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
  expect(await send(url)).toMatchObject({ kind: 'unknown' });
});

test('a gzip body is decoded whole, and one that was cut inside is malformed, never shorter', async () => {
  const text = JSON.stringify(Array.from({ length: 20 }, (_, index) => index));
  const zipped = gzipSync(text);
  const whole = await serve((socket) => answer(socket, '200 OK\r\ncontent-encoding: gzip', zipped));
  const outcome = await send(whole);
  expect(outcome.kind === 'response' && outcome.body.toString()).toBe(text);
  const cut = await serve((socket) =>
    answer(socket, '200 OK\r\ncontent-encoding: gzip', zipped.subarray(0, -9)),
  );
  expect(await send(cut)).toMatchObject({ kind: 'unknown', reason: 'malformed' });
  const strange = await serve((socket) => answer(socket, '200 OK\r\ncontent-encoding: zstd-x', zipped));
  expect(await send(strange)).toMatchObject({ kind: 'unknown', reason: 'malformed' });
});

test('an answer that is too large is given up, before and after decoding', async () => {
  const plain = await serve((socket) => answer(socket, '200 OK', 'x'.repeat(1001)));
  expect(await send(plain)).toMatchObject({ kind: 'unknown', reason: 'too-large' });
  const bomb = await serve((socket) =>
    answer(socket, '200 OK\r\ncontent-encoding: gzip', gzipSync('x'.repeat(100_000))),
  );
  expect(await send(bomb)).toMatchObject({ kind: 'unknown', reason: 'too-large' });
});

test('a redirect is an answer and is not followed', async () => {
  let asked = 0;
  const url = await serve((socket) => {
    asked += 1;
    answer(socket, '307 Temporary Redirect\r\nlocation: /elsewhere');
  });
  expect(await send(url)).toMatchObject({
    kind: 'response',
    status: 307,
    headers: { location: '/elsewhere' },
  });
  expect(asked).toBe(1);
});

test.each(['', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{'])(
  'a server that hangs is given up as unknown: after "%s"',
  async (head) => {
    const url = await serve((socket) => socket.write(head));
    expect(await send(url, { timeoutMs: 100 })).toMatchObject({ kind: 'unknown', reason: 'timeout' });
  },
);

test('a request that waits for its connection until it is given up was not sent, and never will be', async () => {
  const asked: string[] = [];
  const sockets: Socket[] = [];
  const url = await serve((socket, text) => {
    asked.push(text.split(' ')[1] ?? '');
    sockets.push(socket);
  });
  const transport = createUndiciTransport({ connections: 1 });
  cleanUps.push(() => transport.close());
  const request = { method: 'POST', headers: {}, body: '{}', maxBytes: 1000 };
  const first = transport.send({ ...request, url: `${url}/first`, timeoutMs: 5000 });
  expect(await transport.send({ ...request, url: `${url}/second`, timeoutMs: 50 })).toMatchObject({
    kind: 'not-sent',
  });
  for (const socket of sockets) answer(socket, '200 OK');
  expect(await first).toMatchObject({ kind: 'response', status: 200 });
  expect(await transport.send({ ...request, url: `${url}/third`, timeoutMs: 50 })).toMatchObject({
    kind: 'unknown',
    reason: 'timeout',
  });
  expect(asked).toEqual(['/first', '/third']);
});

test('a header that cannot be sent does not keep the service from ending', async () => {
  const url = await serve((socket) => answer(socket, '200 OK'));
  const transport = createUndiciTransport({ connections: 2 });
  const outcomes = Array.from({ length: 12 }, (_, index) =>
    transport.send({
      method: 'POST',
      url,
      headers: { 'x-tenant': index % 2 === 0 ? 'plain' : 'with a\nbreak' },
      body: '{}',
      timeoutMs: 300,
      maxBytes: 1000,
    }),
  );
  const kinds = (await Promise.all(outcomes)).map(({ kind }) => kind);
  expect(kinds.filter((_, index) => index % 2 === 1)).toEqual(Array.from({ length: 6 }, () => 'not-sent'));
  await transport.close();
});

test('the names of headers are in small letters, and repeated ones are joined', async () => {
  const url = await serve((socket) => answer(socket, '200 OK\r\nX-Two: a\r\nx-two: b\r\nRetry-After: 5'));
  expect(await send(url)).toMatchObject({
    kind: 'response',
    headers: { 'x-two': 'a, b', 'retry-after': '5' },
  });
});
