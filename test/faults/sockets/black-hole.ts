import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';

/** Runs as a worker: it listens and never accepts, so that the kernel leaves connections unanswered once its queue is full. */
const server = createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort?.postMessage((server.address() as AddressInfo).port, []);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
