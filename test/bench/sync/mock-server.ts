import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRecords, PAGE_SIZE } from './records.ts';
import type { SourcePage } from './records.ts';

/**
 * A source and a target in a process of their own, with as little work a call as can be: pages are rendered beforehand.
 * Every write is kept with its idempotency key, for the assertions afterwards. Forked by bench-sync, told by messages.
 */
export interface Write {
  readonly key: string | undefined;
  readonly body: string;
}

export type MockMessage =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'writes'; readonly writes: readonly Write[] };

const pages = renderPages();
let writes: Write[] = [];

const server = createServer({ keepAlive: true, keepAliveTimeout: 60_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString();
    const answer =
      request.url === '/contacts'
        ? accept(body, request.headers['idempotency-key'] as string | undefined)
        : readPage(body);
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) })
      .end(answer);
  });
});

function accept(body: string, key: string | undefined): string {
  writes.push({ key, body });
  return `{"id":"c-${writes.length}","ok":true}`;
}

function readPage(body: string): string {
  const { after } = JSON.parse(body) as { readonly after?: string };
  return pages[Number(after ?? 0)] ?? '{"results":[]}';
}

function renderPages(): readonly string[] {
  const records = createRecords();
  const count = Math.ceil(records.length / PAGE_SIZE);
  return Array.from({ length: count }, (_, index) => {
    const results = records.slice(index * PAGE_SIZE, (index + 1) * PAGE_SIZE);
    const page: SourcePage = index + 1 < count ? { results, next: String(index + 1) } : { results };
    return JSON.stringify(page);
  });
}

const tell = (message: MockMessage): void => void process.send?.(message);

/** Any message asks for what was written since the last one. */
process.on('message', () => {
  tell({ kind: 'writes', writes });
  writes = [];
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () =>
  tell({ kind: 'listening', port: (server.address() as AddressInfo).port }),
);
