import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ROOT } from '../demo/demo-world.ts';

/** Prism in front of a simulator: an independent reader of the description, which says where a message strays from it. */
export interface PrismProxy {
  readonly url: string;
  /** What Prism said, line by line. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

const START_MS = 240_000;

export async function startPrism(description: string, upstream: string): Promise<PrismProxy> {
  const port = await findFreePort();
  const cli = join(ROOT, 'node_modules/@stoplight/prism-cli/dist/index.js');
  const child = spawn(
    process.execPath,
    [cli, 'proxy', description, upstream, '--port', String(port), '--host', '127.0.0.1'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const lines: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGTERM');
      reject(new Error(`Prism did not start: ${lines.join('\n')}`));
    }, START_MS);
    const read = (text: string): void => {
      // Colours would cut the words that are looked for.
      lines.push(...text.replaceAll(/\u001b\[[0-9;]*m/g, '').split('\n'));
      if (lines.some((line) => line.includes('Prism is listening'))) {
        clearTimeout(timer);
        resolve();
      }
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('exit', (code) => reject(new Error(`Prism ended with ${code}: ${lines.join('\n')}`)));
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await ready;
  return {
    url: `http://127.0.0.1:${port}`,
    lines,
    close() {
      child.kill('SIGTERM');
      return closed;
    },
  };
}

/** Where a message strays from the description: `request…` or `response…`. */
export function listViolations(proxy: PrismProxy): string[] {
  return proxy.lines.flatMap((line) => /Violation: (.*)$/.exec(line)?.[1] ?? []);
}

/** The paths that were passed on. */
export function listCalled(proxy: PrismProxy): string[] {
  return proxy.lines.flatMap((line) => /upstream call to (\S+) has returned/.exec(line)?.[1] ?? []);
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
