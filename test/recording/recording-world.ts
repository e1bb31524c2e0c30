import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../runtime/src/clock.ts';
import { createService } from '../../runtime/src/engine/create-service.ts';
import type { ServiceDefinition } from '../../runtime/src/engine/create-service.ts';
import type { AnyFlow, System } from '../../runtime/src/flow.ts';
import { createUndiciTransport } from '../../runtime/src/http/undici-transport.ts';
import { createLog } from '../../runtime/src/log/create-log.ts';
import { createScrubber } from '../../runtime/src/log/scrub.ts';
import { recordService } from '../../runtime/src/recording/record-service.ts';
import type { RecordedFiles, RecordOptions } from '../../runtime/src/recording/record-service.ts';
import { decodeBody } from '../../runtime/src/recording/redact-body.ts';
import { findHeader, readBody } from '../../runtime/src/recording/recording.ts';
import type { Recording } from '../../runtime/src/recording/recording.ts';
import type { FlowSlice } from '../../runtime/src/recording/slice.ts';
import { createSqliteStore } from '../../runtime/src/store/sqlite-store.ts';
import { createTestFlow } from '../../runtime/src/testing/fake-world.ts';
import type { WorldOptions } from '../../runtime/src/testing/fake-world.ts';

export const KEY = 'c0ffee5eed'.repeat(7).slice(0, 64);

export const SLICE: FlowSlice = {
  flow: 'f',
  calls: [
    {
      role: 'read',
      system: 'source',
      operation: { method: 'GET', path: '/rows' },
      records: 'rows',
      statuses: ['200'],
      answers: ['application/json'],
      answer: {
        rows: { types: ['array'], required: true },
        'rows[]': { types: ['object'], required: true },
        'rows[].id': { types: ['string'], required: true, use: 'key' },
        'rows[].at': { types: ['string'], use: 'version' },
        'rows[].name': { types: ['string'] },
      },
      constants: [],
      parameters: [{ name: 'cursor', in: 'query', required: false }],
      body: {},
    },
    {
      role: 'write',
      name: 'object',
      system: 'target',
      operation: { method: 'POST', path: '/objects' },
      statuses: ['200'],
      answers: ['application/json'],
      answer: { id: { types: ['string'], use: 'id' } },
      constants: [],
      parameters: [],
      body: {},
    },
  ],
};

export type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => void;

export interface LoopbackServer {
  readonly url: string;
  close(): Promise<void>;
}

/** A server of Node's own, so that bytes and headers are on a wire. */
export async function serve(answer: Answer): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => answer(request, body, response));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export interface RecordingRun {
  readonly ends: readonly RecordedFiles[];
  readonly recordings: readonly Recording[];
  /** Everything that was written, with every body as it is, decoded, and as text. */
  readonly texts: readonly string[];
  readonly folder: string;
  readonly definition: ServiceDefinition;
  remove(): void;
}

export interface RecordingRunOptions {
  readonly systems: (url: string) => readonly System[];
  readonly flow?: WorldOptions;
  readonly record?: Partial<RecordOptions>;
  readonly slice?: FlowSlice;
}

/** Records the flow of the tests from real servers into a folder of its own. */
export async function recordFrom(answer: Answer, options: RecordingRunOptions): Promise<RecordingRun> {
  const server = await serve(answer);
  const folder = mkdtempSync(join(tmpdir(), 'mortise-recording-'));
  const flow: AnyFlow = createTestFlow({ tier: 2, ...options.flow });
  const definition: ServiceDefinition = {
    integration: 'test',
    systems: options.systems(server.url),
    flows: [flow],
  };
  const scrubber = createScrubber();
  const service = await createService(definition, {
    clock: systemClock,
    random: () => 0.5,
    log: createLog(scrubber, 'silent'),
    scrubber,
    store: createSqliteStore(':memory:', systemClock),
    signal: new AbortController().signal,
    key: KEY,
    createTransport: () => createUndiciTransport({ connections: 1 }),
    createAlertTransport: () => createUndiciTransport({ connections: 1 }),
  });
  try {
    const ends = await recordService(service, {
      flows: [{ flow, slice: options.slice ?? SLICE, folder }],
      key: KEY,
      scrubber,
      pages: 2,
      records: 10,
      sinceMs: 0,
      writes: new Set(),
      ...options.record,
    });
    const names = readdirSync(folder).toSorted();
    const files = names.map((name) => readFileSync(join(folder, name), 'utf8'));
    const recordings = names.flatMap((name, index) =>
      name.endsWith('.json') ? [JSON.parse(files[index] ?? '') as Recording] : [],
    );
    return {
      ends,
      recordings,
      texts: [...files, ...recordings.flatMap(listTexts)],
      folder,
      definition,
      remove: () => rmSync(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    const left = readdirSync(folder);
    rmSync(folder, { recursive: true, force: true });
    throw Object.assign(error as Error, { left });
  } finally {
    await service.close();
    await server.close();
  }
}

function listTexts({ request, response }: Recording): string[] {
  return [request, response].flatMap((message) => {
    const bytes = readBody(message?.body) ?? Buffer.alloc(0);
    const decoded = decodeBody(bytes, findHeader(message?.headers ?? [], 'content-encoding'));
    return [bytes, decoded ?? bytes].flatMap((part) => [part.toString('utf8'), part.toString('latin1')]);
  });
}
