import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import tls from 'node:tls';
import { Worker } from 'node:worker_threads';
import type { Way } from '../fault.ts';
import { listen } from './listen.ts';
import { endLookUps, installNameServer, OLD_ADDRESS } from './name-server.ts';

/** Where a request is led to. */
export interface OpenWay {
  readonly origin: string;
  close(): Promise<void>;
}

/** `port`: where the system listens that the request is for. */
export async function openWay(way: Way, port: number): Promise<OpenWay> {
  switch (way) {
    case 'unknown-name':
      return lookUp('unknown', port);
    case 'failing-name-server':
      return lookUp('failing', port);
    case 'silent-name-server':
      return lookUp('silent', port);
    case 'old-address':
      return lookUp('moved', port);
    case 'closed-port':
      return { origin: `http://${OLD_ADDRESS}:${port}`, close: () => Promise.resolve() };
    case 'black-hole':
      return openBlackHole();
    case 'reset':
      return serve(
        createServer((socket) => socket.resetAndDestroy()),
        'http',
      );
    case 'silent-handshake':
      return serve(createServer(), 'https');
    case 'expired-certificate':
      return serveCertificate('expired');
    case 'certificate-of-another-host':
      return serveCertificate('another-host');
    case 'self-signed-certificate':
      return serveCertificate('self-signed');
  }
}

function lookUp(name: string, port: number): OpenWay {
  installNameServer();
  return {
    origin: `http://${name}.faults.test:${port}`,
    close() {
      if (name === 'silent') endLookUps();
      return Promise.resolve();
    },
  };
}

async function serve(server: ReturnType<typeof createServer>, scheme: string): Promise<OpenWay> {
  const { port, close } = await listen(server);
  return { origin: `${scheme}://127.0.0.1:${port}`, close };
}

const readPem = (name: string): string =>
  readFileSync(new URL(`certificates/${name}.pem`, import.meta.url), 'utf8');

let isTrusted = false;

/** The authority is trusted, so that what is wrong with a certificate is the one thing that is wrong. */
function serveCertificate(name: string): Promise<OpenWay> {
  if (!isTrusted) tls.setDefaultCACertificates([...tls.getCACertificates(), readPem('authority')]);
  isTrusted = true;
  const server = tls.createServer({ cert: readPem(name), key: readPem('key') }, (socket) => socket.destroy());
  server.on('tlsClientError', () => undefined);
  return serve(server, 'https');
}

/** Connections that wait to be accepted: more than the queue takes. */
const FILLERS = 4;

async function openBlackHole(): Promise<OpenWay> {
  const worker = new Worker(new URL('black-hole.ts', import.meta.url));
  const port = await new Promise<number>((resolve) => {
    worker.once('message', resolve);
  });
  const fillers = Array.from({ length: FILLERS }, () => connect(port, '127.0.0.1'));
  for (const filler of fillers) filler.on('error', () => undefined);
  await new Promise((resolve) => {
    fillers[0]?.once('connect', resolve);
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      for (const filler of fillers) filler.destroy();
      await worker.terminate();
    },
  };
}
