import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../demo/demo-world.ts';
import { findClosedPort } from './find-closed-port.ts';
import { median } from './median.ts';
import type { Benchmark } from './outcome.ts';

const SERVICE = join(ROOT, 'generated/crm-to-ledger');
const ROUNDS = 5;
const GIVE_UP_MS = 20_000;
const SETTLE_MS = 2000;

/** The sample's start as its own process, and what it holds once it has come to rest. */
export const benchStart: Benchmark = {
  names: ['start-to-ready', 'idle-rss'],
  async run() {
    const starts: { readonly ms: number; readonly rssMb: number | undefined }[] = [];
    await startOnce(0);
    for (let round = 0; round < ROUNDS; round += 1)
      starts.push(await startOnce(round === ROUNDS - 1 ? SETTLE_MS : 0));
    const vs =
      'npm start of generated/crm-to-ledger, the second time and later, with systems at closed ports';
    const rssMb = starts.at(-1)?.rssMb;
    return [
      { kind: 'measured', name: 'start-to-ready', figure: median(starts.map(({ ms }) => ms)), vs },
      rssMb === undefined
        ? {
            kind: 'skipped',
            name: 'idle-rss',
            reason: 'only Linux tells in /proc how much memory a process holds',
          }
        : {
            kind: 'measured',
            name: 'idle-rss',
            figure: rssMb,
            vs: `${vs}, ${SETTLE_MS / 1000} s after it was ready`,
          },
    ];
  },
};

async function startOnce(
  settleMs: number,
): Promise<{ readonly ms: number; readonly rssMb: number | undefined }> {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-bench-start-'));
  const port = await findClosedPort();
  const startedMs = performance.now();
  const child = spawn('sh', ['-c', startCommand()], {
    cwd: SERVICE,
    env: { PATH: process.env['PATH'] ?? '', ...settings(folder, port, await findClosedPort()) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await untilReady(child, `http://127.0.0.1:${port}/readyz`, startedMs);
    const ms = performance.now() - startedMs;
    await sleep(settleMs);
    return { ms, rssMb: readRssMb(child) };
  } finally {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `npm start` runs; the shell becomes the service, so that a signal and `/proc` mean the service itself. */
function startCommand(): string {
  const { scripts } = JSON.parse(readFileSync(join(SERVICE, 'package.json'), 'utf8')) as {
    readonly scripts: { readonly start: string };
  };
  return scripts.start;
}

function settings(folder: string, port: number, closed: number): Record<string, string> {
  const nowhere = `http://127.0.0.1:${closed}`;
  return {
    CRM_URL: nowhere,
    CRM_TOKEN: 'bench-crm-token',
    LEDGER_URL: nowhere,
    LEDGER_TOKEN_URL: `${nowhere}/token`,
    XERO_CLIENT_ID: 'bench-client',
    XERO_CLIENT_SECRET: 'bench-secret',
    XERO_REFRESH_TOKEN: 'bench-refresh',
    XERO_TENANT_ID: 'bench-tenant',
    OPS_WEBHOOK: `${nowhere}/alerts`,
    SMTP_URL: `smtp://127.0.0.1:${closed}`,
    MORTISE_KEY: Buffer.alloc(32, 7).toString('base64'),
    MORTISE_STORE: join(folder, 'store.sqlite'),
    MORTISE_PORT: String(port),
  };
}

async function untilReady(child: ChildProcess, url: string, startedMs: number): Promise<void> {
  while (performance.now() - startedMs < GIVE_UP_MS) {
    if (child.exitCode !== null)
      throw new Error(`The service ended with ${child.exitCode} before it was ready.`);
    const status = await fetch(url).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    await sleep(5);
  }
  throw new Error(`The service was not ready after ${GIVE_UP_MS} ms.`);
}

function readRssMb({ pid }: ChildProcess): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}
