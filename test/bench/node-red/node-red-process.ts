import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findClosedPort } from '../find-closed-port.ts';
import { installPackage } from '../install-package.ts';
import type { Installation } from '../install-package.ts';
import { createFlow } from './flow.ts';

/** Pinned, so that figures of different days are about the same program. */
export const NODE_RED_VERSION = '5.0.7';

const START_MS = 60_000;
const RUN_MS = 300_000;
const PATH = '/run';

/** @returns where its script is */
export function installNodeRed(): Installation {
  return installPackage('node-red', NODE_RED_VERSION, 'red.js');
}

export interface NodeRedProcess {
  /** Has the flow run once; resolves when it has written its last record. */
  run(): Promise<void>;
  close(): Promise<void>;
}

/** Without an editor, on loopback, with the one flow. What it costs to start is not measured. */
export async function startNodeRed(script: string, url: string): Promise<NodeRedProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-bench-node-red-'));
  const port = await findClosedPort();
  const settings = join(folder, 'settings.js');
  writeFileSync(settings, renderSettings(port));
  writeFileSync(join(folder, 'flows.json'), JSON.stringify(createFlow(url, PATH)));
  const child = spawn(process.execPath, [script, '--settings', settings, '--userDir', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  };
  const call = (): Promise<number> =>
    fetch(`http://127.0.0.1:${port}${PATH}`, { signal: AbortSignal.timeout(RUN_MS) }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => 0,
    );
  const startedMs = performance.now();
  // The first call that the flow takes is its warm-up.
  while ((await call()) !== 200) {
    if (child.exitCode === null && performance.now() - startedMs < START_MS) {
      await sleep(100);
      continue;
    }
    await close();
    throw new Error(`Node-RED was not ready after ${START_MS} ms, or ended with ${child.exitCode}.`);
  }
  return {
    async run() {
      const status = await call();
      if (status !== 200) throw new Error(`The flow in Node-RED ended with ${status}.`);
    },
    close,
  };
}

function renderSettings(port: number): string {
  return `module.exports = {
  uiHost: '127.0.0.1',
  uiPort: ${port},
  httpAdminRoot: false,
  flowFile: 'flows.json',
  credentialSecret: false,
  telemetry: { enabled: false, updateNotification: false },
  diagnostics: { enabled: false, ui: false },
  runtimeState: { enabled: false, ui: false },
  logging: { console: { level: 'error', metrics: false, audit: false } },
};
`;
}
