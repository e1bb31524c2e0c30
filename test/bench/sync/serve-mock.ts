import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the target of a mock process takes in, and what its source answers. */
export interface MockSystem {
  /** The page after this cursor, as JSON. */
  readPage(after: string | undefined): string;
  /** @returns the number of the object that was made */
  accept(body: string, key: string | undefined): number;
  /** What came since the last time it was asked: it is sent to the parent. */
  report(): object;
}

/**
 * A source and a target in a process of their own, with as little work a call as can be; any message asks for the report.
 * @param writeMs how long a write takes beside that work, in milliseconds
 */
export function serveMock(system: MockSystem, writeMs = 0): void {
  const answer = (path: string | undefined, body: string, key: string | undefined): string =>
    path === '/contacts'
      ? `{"id":"c-${system.accept(body, key)}","ok":true}`
      : system.readPage((JSON.parse(body) as { readonly after?: string }).after);
  const server = createServer({ keepAlive: true, keepAliveTimeout: 60_000 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString();
      const text = answer(request.url, body, request.headers['idempotency-key'] as string | undefined);
      const send = (): void =>
        void response
          .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
          .end(text);
      if (writeMs > 0 && request.url === '/contacts') setTimeout(send, writeMs);
      else send();
    });
  });
  process.on('message', () => process.send?.(system.report()));
  process.on('disconnect', () => process.exit(0));
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
}
